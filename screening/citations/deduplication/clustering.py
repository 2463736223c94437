"""Clustering: from compared pairs to clusters with a kept record, and questions.

Pairs are merged in order of falling score. A merge that would put two references
together that were judged or marked as different is refused and becomes a question.
Records that differ when compared directly are therefore never merged through others.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from screening.citations.deduplication.blocking import Places, pairs_of
from screening.citations.deduplication.blocking_keys import (
    PLACE,
    blocking_keys_of,
    key_table,
)
from screening.citations.deduplication.cleaning import Cleaned, clean_reference
from screening.citations.deduplication.gc_pause import gc_paused
from screening.citations.deduplication.match_policy import USUAL, MatchPolicy
from screening.citations.deduplication.matching import (
    CONTRADICTED,
    SLICE,
    Judgement,
    Matcher,
    Scores,
)
from screening.citations.deduplication.packed_references import (
    CleanedReferences,
    PackedReferences,
)
from screening.citations.deduplication.reference import RecordId, Reference, id_order
from screening.citations.deduplication.trees import Trees, shipped_trees
from screening.citations.translation import gettext_noop

Progress = Callable[[int, int], None]
Rank = tuple[Any, ...]
IdPair = tuple[RecordId, RecordId]
_NO_PLACES = np.zeros(0, dtype=np.int64)
KNOWN = Judgement(
    "same", 1.0, (gettext_noop("they were already known to be duplicates"),), ()
)
"""The reason for two references that are given as ``known_same``."""


@dataclass(frozen=True, slots=True)
class Merge:
    """``record`` is a duplicate of ``of``, the kept record of its cluster."""

    record: RecordId
    of: RecordId
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UndecidedPair:
    """Two references that a person has to compare."""

    a: RecordId
    b: RecordId
    score: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DuplicateResult:
    """Certain merges, possible duplicates, and the clusters of two or more records.

    The first record of a cluster is the kept one.
    """

    merges: list[Merge]
    questions: list[UndecidedPair]
    clusters: list[tuple[RecordId, ...]]


class _Pair(NamedTuple):
    a: int
    b: int
    score: float


class LikelyPairs(NamedTuple):
    """Pairs of places that are not clearly different, with their scores."""

    left: Places
    right: Places
    scores: Scores


def find_duplicates(
    references: Iterable[Reference],
    *,
    known_different: Collection[IdPair] = (),
    known_same: Collection[IdPair] = (),
    progress: Progress | None = None,
    policy: MatchPolicy = USUAL,
    trees: Trees | None = None,
) -> DuplicateResult:
    """Return the duplicates among all references. Their order does not matter.

    ``known_same`` and ``known_different`` are manual decisions. The first are merged
    without comparison, the second are never put into one cluster. ``trees`` replace the
    model of the program. The references are read once. Memory is about a kilobyte each.

    Raises:
        ValueError: an id occurs twice.
    """
    return match_new(
        references, (), known_different=known_different, known_same=known_same,
        progress=progress, policy=policy, trees=trees,
    )  # fmt: skip


@gc_paused()
def match_new(
    new: Iterable[Reference | Cleaned],
    existing: Iterable[Reference | Cleaned],
    *,
    known_different: Collection[IdPair] = (),
    known_same: Collection[IdPair] = (),
    progress: Progress | None = None,
    policy: MatchPolicy = USUAL,
    trees: Trees | None = None,
) -> DuplicateResult:
    """Return the duplicates of new references, among themselves and with existing ones.

    Existing references are not compared with each other: pass their current clusters as
    ``known_same``. Each question has a new reference on one side.

    Raises:
        ValueError: an id occurs twice.
    """
    records, rows = PackedReferences(), bytearray()
    places: dict[RecordId, int] = {}
    first = array("q")
    new_from = 0
    for some in (existing, new):
        new_from = len(records)
        for given in some:
            record = given if isinstance(given, Cleaned) else clean_reference(given)
            if places.setdefault(record.id, len(records)) != len(records):
                raise ValueError("A record id occurs twice.")
            records.append(record)
            rows += blocking_keys_of(record)
            first.extend((record.priority, -record.completeness))
    marks = key_table(rows)
    matcher = Matcher(policy, trees or shipped_trees())
    pairs = pairs_of(marks, new_from=new_from)
    return cluster_pairs(
        records,
        list(places),
        marks[:, PLACE["content"]],
        _Ranks(first, list(places)),
        likely_pairs(records, pairs, matcher, progress),
        matcher,
        same=_index_pairs(known_same, places),
        different=_index_pairs(known_different, places),
    ).result()


def cluster_pairs(
    records: CleanedReferences,
    ids: Sequence[RecordId],
    contents: Places,
    rank: RecordRanks,
    likely: LikelyPairs,
    matcher: Matcher,
    *,
    same: Iterable[tuple[int, int]],
    different: set[tuple[int, int]],
) -> ClusteringResult:
    """Return clusters and questions from all likely pairs of some records.

    ``ids`` name the records in the result. ``contents`` has a number for the content of
    each record. Pairs of equal score are taken in its order, so that the result does
    not depend on the order of the records. ``rank`` orders records with the same
    content; the lowest of a cluster is kept. ``same`` and ``different`` are pairs of
    places, the lower first.
    """
    clusters = _Clusters(records, matcher, different)
    for a, b in sorted(same):
        clusters.unite_known(a, b)
    merged, undecided = _unite(_by_score(likely, contents, rank), clusters)
    groups = [
        sorted(places, key=rank.__getitem__)
        for root, places in clusters.members.items()
        if clusters.root[root] == root
    ]
    groups.sort(key=lambda group: rank[group[0]])
    return ClusteringResult(clusters, ids, groups, merged, undecided)


@dataclass(frozen=True, slots=True)
class ClusteringResult:
    """The result of ``settle``, in places. Reasons are computed on demand."""

    clusters: _Clusters
    ids: Sequence[RecordId]
    groups: list[list[int]]
    merged: list[_Pair]
    undecided: list[_Pair]

    def result(self) -> DuplicateResult:
        """Return the complete result with reasons, by the ids of the records."""
        return DuplicateResult(
            list(self.merges()),
            self.questions(),
            [tuple(self.ids[place] for place in group) for group in self.groups],
        )

    def merges(
        self, stands: Callable[[int, int], bool] = lambda a, b: False
    ) -> Iterator[Merge]:
        """Yield one merge per record that is not kept, with the evidence for it.

        Merges for which ``stands`` returns True are stored already and left out.
        """
        best: dict[int, _Pair] = {}
        for pair in self.merged:
            best.setdefault(pair.a, pair)
            best.setdefault(pair.b, pair)
        for kept, *others in self.groups:
            for place in others:
                if stands(place, kept):
                    continue
                found = best.get(place)
                why = self._explained(found) if found else KNOWN
                one, of = self.ids[place], self.ids[kept]
                yield Merge(one, of, why.score, why.reasons_for)

    def questions(self) -> list[UndecidedPair]:
        """Return the questions, the likeliest first."""
        return [self._question(pair) for pair in self.undecided]

    def _question(self, pair: _Pair) -> UndecidedPair:
        found = self._explained(pair)
        return UndecidedPair(
            self.ids[pair.a],
            self.ids[pair.b],
            found.score,
            found.reasons_for,
            found.reasons_against,
        )

    def _explained(self, pair: _Pair) -> Judgement:
        a, b = self.clusters.records[pair.a], self.clusters.records[pair.b]
        return self.clusters.matcher.explained(a, b, pair.score)


def _index_pairs(
    pairs: Collection[IdPair], places: dict[RecordId, int]
) -> set[tuple[int, int]]:
    """Return pairs of places (lower first). Pairs with an unknown id are left out."""
    found = set()
    for one, other in pairs:
        a, b = places.get(one), places.get(other)
        if a is not None and b is not None and a != b:
            found.add((a, b) if a < b else (b, a))
    return found


class _Clusters:
    """Clusters of places, with their members and the contradictions between them."""

    def __init__(
        self,
        records: CleanedReferences,
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
        """Return True if members of the two clusters are known to be different."""
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

    def declared(self, a: int, b: int) -> bool:
        return self._declared(self.of(a), self.of(b))

    def _declared(self, left: list[int], right: list[int]) -> bool:
        return bool(self.different) and any(
            ((x, y) if x < y else (y, x)) in self.different for x in left for y in right
        )


def likely_pairs(
    records: CleanedReferences,
    pairs: Places,
    matcher: Matcher,
    progress: Progress | None,
) -> LikelyPairs:
    """Return those candidate pairs that are not clearly different."""
    found = [LikelyPairs(_NO_PLACES, _NO_PLACES, np.zeros(0))]
    for start in range(0, len(pairs), SLICE):
        if progress:
            progress(start, len(pairs))
        left, right = pairs[start : start + SLICE].T
        at, scores = matcher.likely(records, left, right)
        found.append(LikelyPairs(left[at], right[at], scores))
    if progress:
        progress(len(pairs), len(pairs))
    return LikelyPairs(*map(np.concatenate, zip(*found, strict=True)))


def _by_score(likely: LikelyPairs, contents: Places, rank: RecordRanks) -> list[_Pair]:
    """Return the pairs, likeliest first. In each pair the record to keep is first."""
    one, other = contents[likely.left], contents[likely.right]
    met = np.unique(np.concatenate((likely.left, likely.right))).tolist()
    met.sort(key=rank.__getitem__)
    order_of = np.zeros(len(rank), dtype=np.int64)
    order_of[met] = np.arange(len(met))
    swap = order_of[likely.left] > order_of[likely.right]
    a = np.where(swap, likely.right, likely.left)
    b = np.where(swap, likely.left, likely.right)
    says = (np.maximum(one, other), np.minimum(one, other))
    order = np.lexsort((order_of[b], order_of[a], *says, -likely.scores))
    columns = (column[order].tolist() for column in (a, b, likely.scores))
    return [_Pair(*pair) for pair in zip(*columns, strict=True)]


def _unite(pairs: list[_Pair], clusters: _Clusters) -> tuple[list[_Pair], list[_Pair]]:
    """Merge equal pairs in falling score, and return merged and refused pairs."""
    same_from = clusters.matcher.model.same_from
    clusters.scores.update(
        {(min(pair.a, pair.b), max(pair.a, pair.b)): pair.score for pair in pairs}
    )
    merged, undecided = [], []
    for pair in pairs:
        if clusters.together(pair.a, pair.b):
            continue
        if pair.score < same_from or clusters.contradicted(pair.a, pair.b):
            undecided.append(pair)
        else:
            clusters.unite(pair.a, pair.b)
            merged.append(pair)
    return merged, _one_question_each(undecided, clusters)


def _one_question_each(undecided: list[_Pair], clusters: _Clusters) -> list[_Pair]:
    """Return the likeliest pair between each two clusters not marked as different."""
    asked: dict[frozenset[int], _Pair] = {}
    for pair in undecided:
        if not clusters.together(pair.a, pair.b) and not clusters.declared(
            pair.a, pair.b
        ):
            between = frozenset((clusters.root[pair.a], clusters.root[pair.b]))
            asked.setdefault(between, pair)
    return list(asked.values())


class RecordRanks(Protocol):
    """The order of records by their places. The lowest of a cluster is kept."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int, /) -> Rank: ...


class _Ranks:
    """Order by priority, then completeness, then id."""

    def __init__(self, first: array[int], ids: list[RecordId]) -> None:
        self._first, self._ids = first, ids

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, place: int, /) -> Rank:
        numbers = self._first[2 * place : 2 * place + 2]
        return (*numbers, *id_order(self._ids[place]))
