"""From judged pairs to clusters, one kept record each, and questions.

Pairs are united in falling score. A union that would put two references together
which were judged or declared different is refused and becomes a question, so that
no chain of likenesses joins what a direct look keeps apart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from screening.records.rules.blocking import Places, candidate_pairs
from screening.records.rules.cleaning import Cleaned, clean
from screening.records.rules.matching import CONTRADICTED, SLICE, Judgement, Matcher
from screening.records.rules.policy import USUAL, Policy
from screening.records.rules.reference import RecordId, Reference, id_order
from screening.records.rules.trees import Trees, trained

Progress = Callable[[int, int], None]
IdPair = tuple[RecordId, RecordId]
KNOWN = Judgement("same", 1.0, ("they were known to be one",), ())
"""Why two references given as ``known_same`` are one."""


@dataclass(frozen=True, slots=True)
class Merge:
    """``record`` repeats ``of``, the kept record of its cluster."""

    record: RecordId
    of: RecordId
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Two references a person has to look at."""

    a: RecordId
    b: RecordId
    score: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DuplicateResult:
    """Certain merges, doubtful pairs, and the clusters of two or more records.

    The first record of a cluster is the kept one.
    """

    merges: list[Merge]
    questions: list[Question]
    clusters: list[tuple[RecordId, ...]]


class _Pair(NamedTuple):
    a: int
    b: int
    score: float


def find_duplicates(
    references: Iterable[Reference],
    *,
    known_different: Collection[IdPair] = (),
    known_same: Collection[IdPair] = (),
    progress: Progress | None = None,
    policy: Policy = USUAL,
    trees: Trees | None = None,
) -> DuplicateResult:
    """Duplicates among all references; the same whatever their order.

    ``known_same`` and ``known_different`` are people's answers: the first are merged
    without judging, the second never end in one cluster. ``trees`` stand in for the
    ones that come with the program.

    Raises:
        ValueError: an id occurs twice.
    """
    cleaned = [clean(reference) for reference in references]
    return match_new(
        cleaned, (), known_different=known_different, known_same=known_same,
        progress=progress, policy=policy, trees=trees,
    )  # fmt: skip


def match_new(
    new: Iterable[Reference | Cleaned],
    existing: Iterable[Reference | Cleaned],
    *,
    known_different: Collection[IdPair] = (),
    known_same: Collection[IdPair] = (),
    progress: Progress | None = None,
    policy: Policy = USUAL,
    trees: Trees | None = None,
) -> DuplicateResult:
    """Duplicates of new references among themselves and all that exist.

    Existing references are not compared with each other: give their present
    clusters as ``known_same``. Questions have a new reference on one side.

    Raises:
        ValueError: an id occurs twice.
    """
    records = _in_order(existing)
    new_from = len(records)
    records += _in_order(new)
    places = {record.id: place for place, record in enumerate(records)}
    if len(places) < len(records):
        raise ValueError("A record id occurs twice.")
    matcher = Matcher(policy, trees or trained())
    clusters = _Clusters(records, matcher, _index_pairs(known_different, places))
    for a, b in sorted(_index_pairs(known_same, places)):
        clusters.unite_known(a, b)
    pairs = candidate_pairs(records, new_from=new_from)
    likely = _likely(records, pairs, matcher, progress)
    merged, doubtful = _unite(likely, clusters)
    return _result(clusters, merged, doubtful)


def _in_order(given: Iterable[Reference | Cleaned]) -> list[Cleaned]:
    cleaned = [r if isinstance(r, Cleaned) else clean(r) for r in given]
    cleaned.sort(key=lambda r: id_order(r.id))
    return cleaned


def _index_pairs(
    pairs: Collection[IdPair], places: dict[RecordId, int]
) -> set[tuple[int, int]]:
    """Pairs of places (lower first); pairs with an id not given are passed over."""
    found = set()
    for one, other in pairs:
        a, b = places.get(one), places.get(other)
        if a is not None and b is not None and a != b:
            found.add((a, b) if a < b else (b, a))
    return found


class _Clusters:
    """Union of places with their members at hand and the contradictions kept."""

    def __init__(
        self,
        records: Sequence[Cleaned],
        matcher: Matcher,
        different: set[tuple[int, int]],
    ):
        self.records = records
        self.matcher = matcher
        self.different = different
        self.root = list(range(len(records)))
        self.members: dict[int, list[int]] = {}
        self.scores: dict[tuple[int, int], float] = {}

    def of(self, place: int) -> list[int]:
        return self.members.get(self.root[place], [place])

    def together(self, a: int, b: int) -> bool:
        return self.root[a] == self.root[b]

    def unite_known(self, a: int, b: int) -> None:
        if not self.together(a, b) and not self._declared(self.of(a), self.of(b)):
            self.unite(a, b)

    def unite(self, a: int, b: int) -> None:
        joined = sorted(self.of(a) + self.of(b))
        for place in joined:
            self.root[place] = joined[0]
        self.members[joined[0]] = joined

    def contradicted(self, a: int, b: int) -> bool:
        """Whether any member of one cluster is different from any of the other."""
        left, right = self.of(a), self.of(b)
        if self._declared(left, right):
            return True
        if len(left) == len(right) == 1:
            return False
        return any(self.score(x, y) < CONTRADICTED for x in left for y in right)

    def score(self, a: int, b: int) -> float:
        key = (a, b) if a < b else (b, a)
        if key not in self.scores:
            left, right = np.array(key[:1]), np.array(key[1:])
            self.scores[key] = float(self.matcher.scores(self.records, left, right)[0])
        return self.scores[key]

    def explained(self, pair: _Pair) -> Judgement:
        a, b = self.records[pair.a], self.records[pair.b]
        return self.matcher.explained(a, b, pair.score)

    def declared(self, a: int, b: int) -> bool:
        return self._declared(self.of(a), self.of(b))

    def _declared(self, left: list[int], right: list[int]) -> bool:
        return bool(self.different) and any(
            ((x, y) if x < y else (y, x)) in self.different for x in left for y in right
        )


def _likely(
    records: Sequence[Cleaned],
    pairs: Places,
    matcher: Matcher,
    progress: Progress | None,
) -> list[_Pair]:
    """Every pair that is not plainly different, the likeliest first."""
    kept: list[_Pair] = []
    for start in range(0, len(pairs), SLICE):
        if progress:
            progress(start, len(pairs))
        left, right = pairs[start : start + SLICE].T
        scores = matcher.scores(records, left, right)
        at = np.flatnonzero(scores >= matcher.model.ask_from)
        kept += map(_Pair, left[at].tolist(), right[at].tolist(), scores[at].tolist())
    if progress:
        progress(len(pairs), len(pairs))
    kept.sort(key=lambda pair: (-pair.score, pair.a, pair.b))
    return kept


def _unite(pairs: list[_Pair], clusters: _Clusters) -> tuple[list[_Pair], list[_Pair]]:
    """Unite what is the same in falling score; what is refused becomes doubtful."""
    same_from = clusters.matcher.model.same_from
    clusters.scores.update({(pair.a, pair.b): pair.score for pair in pairs})
    merged, doubtful = [], []
    for pair in pairs:
        if clusters.together(pair.a, pair.b):
            continue
        if pair.score < same_from or clusters.contradicted(pair.a, pair.b):
            doubtful.append(pair)
        else:
            clusters.unite(pair.a, pair.b)
            merged.append(pair)
    return merged, _one_question_each(doubtful, clusters)


def _one_question_each(doubtful: list[_Pair], clusters: _Clusters) -> list[_Pair]:
    """The likeliest pair between each two clusters that nobody has told apart."""
    asked: dict[frozenset[int], _Pair] = {}
    for pair in doubtful:
        if not clusters.together(pair.a, pair.b) and not clusters.declared(
            pair.a, pair.b
        ):
            between = frozenset((clusters.root[pair.a], clusters.root[pair.b]))
            asked.setdefault(between, pair)
    return list(asked.values())


def _kept_first(record: Cleaned) -> tuple[int, int, tuple[int, int, str]]:
    return (record.priority, -record.completeness, id_order(record.id))


def _result(
    clusters: _Clusters, merged: list[_Pair], doubtful: list[_Pair]
) -> DuplicateResult:
    records = clusters.records
    groups = [
        sorted(clusters.members[root], key=lambda place: _kept_first(records[place]))
        for root in sorted(set(clusters.root) & set(clusters.members))
    ]
    return DuplicateResult(
        _merges(clusters, groups, merged),
        [_question(clusters, pair) for pair in doubtful],
        [tuple(records[place].id for place in group) for group in groups],
    )


def _merges(
    clusters: _Clusters, groups: list[list[int]], merged: list[_Pair]
) -> list[Merge]:
    """One merge per record that is not kept, with the evidence that brought it in."""
    records = clusters.records
    best: dict[int, _Pair] = {}
    for pair in merged:
        best.setdefault(pair.a, pair)
        best.setdefault(pair.b, pair)
    merges = []
    for group in groups:
        kept = records[group[0]].id
        for place in group[1:]:
            found = best.get(place)
            why = clusters.explained(found) if found else KNOWN
            merges.append(Merge(records[place].id, kept, why.score, why.reasons_for))
    return merges


def _question(clusters: _Clusters, pair: _Pair) -> Question:
    found = clusters.explained(pair)
    return Question(
        clusters.records[pair.a].id,
        clusters.records[pair.b].id,
        found.score,
        found.reasons_for,
        found.reasons_against,
    )
