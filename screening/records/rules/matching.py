"""Are two references one? Same, different, or a question for a person.

What the fields say goes as a row of numbers through boosted trees, which give a
probability. Signs that two look-alikes are distinct works are vetoes: they turn a
merge into a question or into "different", never the other way round. Losing a study
costs far more than reading one twice, so "same" needs much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from screening.records.rules.cleaning import Cleaned
from screening.records.rules.evidence import compare, same_doi, same_name, same_place
from screening.records.rules.features import features
from screening.records.rules.policy import USUAL, Policy
from screening.records.rules.reasons import reasons
from screening.records.rules.reference import id_order
from screening.records.rules.trees import Trees, trained
from screening.records.rules.vetoes import Accord, Veto, accord, eased, veto

Answer = Literal["same", "different", "ask"]
Pairs = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
CONTRADICTED = 0.05
"""Two references with a lower score never end in one cluster by way of others."""
NEVER = 0.01
"""Score of two that must not be joined, whatever the trees say."""
CERTAIN = 0.98
"""Least score of two that agree in all that names a work, if no veto objects."""
LOOSE_TITLE = 60
"""Titles less alike than this need an equal DOI, page or abstract to be looked at."""
CLOSE_TITLE = 85
"""So do titles less alike than this if the first authors differ."""
SLICE = 50_000
"""Pairs compared at once, so that memory does not grow with their number."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer, its score from 0 to 1, and what spoke for and against, in words."""

    answer: Answer
    score: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


class Compared(NamedTuple):
    """The pairs worth a closer look: where they stand, and what speaks for what."""

    at: list[int]
    rows: list[tuple[float, ...]]
    vetoes: list[Veto | None]
    accords: list[Accord | None]


def compared(
    records: Sequence[Cleaned], left: Pairs, right: Pairs, policy: Policy
) -> Compared:
    """Compare pairs of places, all titles first and the rest only where it can help."""
    likeness = cpdist(
        [records[place].letters for place in left],
        [records[place].letters for place in right],
        scorer=fuzz.ratio,
        dtype=np.float32,
    )
    found = Compared([], [], [], [])
    for at, (a, b, title) in enumerate(
        zip(left.tolist(), right.tolist(), likeness.tolist(), strict=True)
    ):
        one, other = records[a], records[b]
        if title < CLOSE_TITLE and hopeless(one, other, title):
            continue
        seen = eased(one, other, compare(one, other), policy)
        found.at.append(at)
        found.rows.append(features(one, other, seen))
        found.vetoes.append(veto(one, other, seen, policy))
        found.accords.append(accord(one, other, seen, policy))
    return found


@dataclass(frozen=True, slots=True)
class Matcher:
    """A policy and the trees to judge by; the same pair always gets the same score."""

    policy: Policy = USUAL
    trees: Trees | None = None

    @property
    def model(self) -> Trees:
        return self.trees or trained()

    def scores(self, records: Sequence[Cleaned], left: Pairs, right: Pairs) -> Scores:
        """The score of each pair of places in ``records``; 0 where all differs."""
        scores = np.zeros(len(left))
        found = compared(records, left, right, self.policy)
        if found.rows:
            scores[found.at] = self._bounded(self.model.scores(found.rows), found)
        return scores

    def _bounded(self, scores: Scores, found: Compared) -> Scores:
        """Scores not below what an accord and not above what a veto says."""
        least = {None: 0.0, "ask": self.model.ask_from, "same": CERTAIN}
        most = {
            None: 1.0,
            "ask": self.model.same_from - 0.001,
            "different": self.model.ask_from - 0.001,
            "never": NEVER,
        }
        scores = np.maximum(scores, [least[accord] for accord in found.accords])
        return np.minimum(scores, [most[v.doubt if v else None] for v in found.vetoes])

    def answer(self, score: float) -> Answer:
        """What a score means."""
        if score >= self.model.same_from:
            return "same"
        return "ask" if score >= self.model.ask_from else "different"

    def explained(self, a: Cleaned, b: Cleaned, score: float) -> Judgement:
        """The judgement that a score stands for, with its reasons in words."""
        seen = compare(a, b)
        refusal = veto(a, b, eased(a, b, seen, self.policy), self.policy)
        speak_for, speak_against = reasons(a, b, seen)
        if refusal:
            speak_against = (refusal.words, *speak_against)
        return Judgement(self.answer(score), score, speak_for, speak_against)

    def judge(self, a: Cleaned, b: Cleaned) -> Judgement:
        """Judge one pair; the order of the two does not matter."""
        if id_order(b.id) < id_order(a.id):
            a, b = b, a
        score = self.scores((a, b), np.array([0]), np.array([1]))[0]
        return self.explained(a, b, float(score))


def judge(a: Cleaned, b: Cleaned, policy: Policy = USUAL) -> Judgement:
    """Judge one pair by the trees that come with the program."""
    return Matcher(policy).judge(a, b)


def hopeless(a: Cleaned, b: Cleaned, title: float) -> bool:
    """Whether two with other titles share no DOI, PMID, place or abstract either."""
    if title >= LOOSE_TITLE and (
        not a.surnames or not b.surnames or same_name(a.surnames[0], b.surnames[0])
    ):
        return False
    one, other = a.letters, b.letters
    if not one or not other or one in other or other in one:
        return False
    if a.abstract and a.abstract[:40] == b.abstract[:40]:
        return False
    if same_doi(a, b) or (a.pmid and a.pmid == b.pmid):
        return False
    return not same_place(a, b)
