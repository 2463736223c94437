"""Matching: the answer for two references: same, different, or ask a person.

The comparison of the fields is a row of numbers, from which boosted trees compute a
probability. Evidence that two similar records are different works is a veto: it turns a
merge into a question or into "different", never the opposite. Losing a study costs far
more than screening one twice, so "same" needs strong evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from screening.citations.deduplication.cleaning import Cleaned
from screening.citations.deduplication.evidence import (
    compare_references,
    same_doi,
    same_name,
    same_place,
)
from screening.citations.deduplication.features import pair_features
from screening.citations.deduplication.match_policy import USUAL, MatchPolicy
from screening.citations.deduplication.match_rules import MinimumAnswer, minimum_answer
from screening.citations.deduplication.packed_references import CleanedReferences
from screening.citations.deduplication.pair_checks import Veto
from screening.citations.deduplication.reasons import match_reasons
from screening.citations.deduplication.related_works import eased_evidence
from screening.citations.deduplication.trees import Trees, shipped_trees
from screening.citations.deduplication.vetoes import find_veto

Answer = Literal["same", "different", "ask"]
Pairs = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
CONTRADICTED = 0.05
"""Two references with a lower score are never put into one cluster through others."""
NEVER = 0.01
"""Score of two that must not be merged, whatever the trees say."""
CERTAIN = 0.98
"""Minimum score of two that agree in all that identifies a work, unless a veto applies.
"""
LOOSE_TITLE = 60
"""Less similar titles need an equal DOI, page or abstract to be compared further."""
CLOSE_TITLE = 85
"""So do titles less similar than this if the first authors differ."""
SLICE = 20_000
"""Pairs compared at a time, so that memory does not grow with their number."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer, its score from 0 to 1, and the evidence for and against in words."""

    answer: Answer
    score: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


class ComparedPairs(NamedTuple):
    """The pairs worth a closer comparison: their places and their evidence."""

    at: list[int]
    rows: list[tuple[float, ...]]
    vetoes: list[Veto | None]
    minimum_answers: list[MinimumAnswer | None]


def compare_pairs(
    records: CleanedReferences,
    left: Pairs,
    right: Pairs,
    policy: MatchPolicy,
    *,
    only_open: bool = False,
) -> ComparedPairs:
    """Compare pairs of places: first all titles, then the rest of promising pairs.

    ``only_open``: pairs that a veto certainly separates are left out.
    """
    held = {at: records[at] for at in {*left.tolist(), *right.tolist()}}
    ones = [held[place] for place in left.tolist()]
    others = [held[place] for place in right.tolist()]
    likeness = cpdist(
        [one.letters for one in ones],
        [other.letters for other in others],
        scorer=fuzz.ratio,
        dtype=np.float32,
    )
    found = ComparedPairs([], [], [], [])
    for at, (one, other, title) in enumerate(
        zip(ones, others, likeness.tolist(), strict=True)
    ):
        if title < CLOSE_TITLE and hopeless_pair(one, other, title):
            continue
        a, b = ordered_pair(one, other)
        evidence = eased_evidence(a, b, compare_references(a, b), policy)
        refusal = find_veto(a, b, evidence, policy)
        if only_open and refusal and refusal.doubt != "ask":
            continue
        found.at.append(at)
        found.rows.append(pair_features(a, b, evidence))
        found.vetoes.append(refusal)
        found.minimum_answers.append(minimum_answer(a, b, evidence, policy))
    return found


def ordered_pair(a: Cleaned, b: Cleaned) -> tuple[Cleaned, Cleaned]:
    """Return the two in an order that depends only on their content."""
    if a.letters != b.letters:
        return (a, b) if a.letters < b.letters else (b, a)
    one = (a.title, a.surnames, a.journal, a.abstract)
    return (a, b) if one <= (b.title, b.surnames, b.journal, b.abstract) else (b, a)


@dataclass(frozen=True, slots=True)
class Matcher:
    """A policy and the trees to judge by. The same pair always gets the same score."""

    policy: MatchPolicy = USUAL
    trees: Trees | None = None

    @property
    def model(self) -> Trees:
        return self.trees or shipped_trees()

    def likely(
        self, records: CleanedReferences, left: Pairs, right: Pairs
    ) -> tuple[Pairs, Scores]:
        """Return the pairs that are not clearly different, and their scores."""
        found = compare_pairs(records, left, right, self.policy, only_open=True)
        if not found.rows:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        scores = self._bounded(self.model.scores(found.rows), found)
        kept = np.flatnonzero(scores >= self.model.ask_from)
        return np.array(found.at)[kept], scores[kept]

    def scores(self, records: CleanedReferences, left: Pairs, right: Pairs) -> Scores:
        """Return the score of each pair of places in ``records``, 0 if all differs."""
        scores = np.zeros(len(left))
        found = compare_pairs(records, left, right, self.policy)
        if found.rows:
            scores[found.at] = self._bounded(self.model.scores(found.rows), found)
        return scores

    def _bounded(self, scores: Scores, found: ComparedPairs) -> Scores:
        """Return scores within the limits that match rules and vetoes set."""
        least = {None: 0.0, "ask": self.model.ask_from, "same": CERTAIN}
        most = {
            None: 1.0,
            "ask": self.model.same_from - 0.001,
            "different": self.model.ask_from - 0.001,
            "never": NEVER,
        }
        scores = np.maximum(
            scores, [least[minimum] for minimum in found.minimum_answers]
        )
        return np.minimum(scores, [most[v.doubt if v else None] for v in found.vetoes])

    def answer(self, score: float) -> Answer:
        """Return the answer that a score stands for."""
        if score >= self.model.same_from:
            return "same"
        return "ask" if score >= self.model.ask_from else "different"

    def explained(self, a: Cleaned, b: Cleaned, score: float) -> Judgement:
        """Return the judgement that a score stands for, with its reasons in words."""
        a, b = ordered_pair(a, b)
        evidence = compare_references(a, b)
        refusal = find_veto(
            a, b, eased_evidence(a, b, evidence, self.policy), self.policy
        )
        speak_for, speak_against = match_reasons(a, b, evidence)
        if refusal:
            speak_against = (refusal.words, *speak_against)
        return Judgement(self.answer(score), score, speak_for, speak_against)

    def judge(self, a: Cleaned, b: Cleaned) -> Judgement:
        """Judge one pair. The order of the two does not matter."""
        a, b = ordered_pair(a, b)
        score = self.scores((a, b), np.array([0]), np.array([1]))[0]
        return self.explained(a, b, float(score))


def judge_pair(a: Cleaned, b: Cleaned, policy: MatchPolicy = USUAL) -> Judgement:
    """Judge one pair with the model of the program."""
    return Matcher(policy).judge(a, b)


def hopeless_pair(a: Cleaned, b: Cleaned, title: float) -> bool:
    """Return True if two with different titles share no DOI, PMID, place or abstract."""
    one, other = a.letters, b.letters
    if not one or not other or one in other or other in one:
        return False
    if a.abstract and a.abstract[:40] == b.abstract[:40]:
        return False
    if (a.pmid and a.pmid == b.pmid) or (a.doi and b.doi and same_doi(a, b)):
        return False
    if title >= LOOSE_TITLE and (
        not a.surnames or not b.surnames or same_name(a.surnames[0], b.surnames[0])
    ):
        return False
    return not (a.pages and b.pages and same_place(a, b))
