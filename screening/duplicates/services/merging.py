"""From likely pairs to clusters: merges to make, merges to withdraw, pairs to decide.

Clusters are rebuilt wherever a new record has joined, from all likely pairs of the
affected records and from members' decisions, as if all had been imported at once. So
the order of imports changes only which record of a cluster is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from reviewapp.core.models import Review
from screening.citations.deduplication.clustering import (
    ClusteringResult,
    LikelyPairs,
    Merge,
    UndecidedPair,
    cluster_pairs,
)
from screening.citations.deduplication.gc_pause import gc_paused
from screening.citations.deduplication.match_policy import MatchPolicy
from screening.citations.deduplication.matching import Matcher
from screening.duplicates.queries import keep_order
from screening.duplicates.services import merge_graph
from screening.duplicates.services.comparing import ComparedSet, RecordRows
from screening.duplicates.services.merge_graph import MergeForest
from screening.records.models import Duplicate, Record

CHUNK = 2000
Pair = tuple[int, int]
Scored = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class ClusterChanges:
    """The result for the affected records: missing merges, and all possible duplicates.

    ``rank`` orders the records: the lowest of a cluster is kept. ``likely`` are the
    pairs that runs may list. ``parted`` are edges of earlier runs that no longer apply.
    """

    merges: list[Merge]
    questions: list[UndecidedPair]
    rank: dict[int, int]
    likely: set[Pair]
    parted: tuple[int, ...]


@gc_paused()
def find_cluster_changes(
    review: Review, found: ComparedSet, policy: MatchPolicy, *, whole: bool
) -> ClusterChanges:
    """Return clusters, possible duplicates and outdated merges of the affected records.

    ``whole``: of all records. An edge from a member, or from a run with other rules or
    settings, always applies. An edge from a run with the current ones applies as long
    as the rules agree.
    """
    here = set(found.counted.tolist())
    edges = [edge for edge in _edges(review) if edge[1] in here and edge[2] in here]
    pairs = [p for p in found.pairs.tolist() if p[0] in here and p[1] in here]
    ends = [(a, b) for _, a, b in edges] + [(a, b) for a, b, _ in pairs]
    concerned = _concerned(ends, None if whole else set(found.fresh.tolist()))
    near = [pair for pair in pairs if pair[0] in concerned]
    own = [edge for edge in edges if edge[1] in concerned]
    free = _retractable(review, found)
    fixed = MergeForest((a, b) for pk, a, b in own if pk not in free)
    pks = _ranked(sorted(concerned))
    clustered = _clustered(review, found, policy, pks, near, fixed)
    cluster = {pks[at]: n for n, c in enumerate(clustered.groups) for at in c}
    parted = {
        pk
        for pk, a, b in own
        if pk in free and cluster.get(a, -a) != cluster.get(b, -b)
    }
    standing = MergeForest((a, b) for pk, a, b in own if pk not in parted)
    found.cleaned.read(
        pks[at] for pair in clustered.undecided for at in (pair.a, pair.b)
    )
    return ClusterChanges(
        list(clustered.merges(lambda a, b: standing.together(pks[a], pks[b]))),
        clustered.questions(),
        {pk: at for at, pk in enumerate(pks)},
        {(a, b) for a, b, _ in near},
        tuple(parted),
    )


def _edges(review: Review) -> Iterable[tuple[int, int, int]]:
    edges = Duplicate.objects.filter(review=review, undone_at=None)
    return edges.values_list("pk", "record_id", "of_id")


def _retractable(review: Review, found: ComparedSet) -> set[int]:
    """Return the edges of runs with the current rules that no one has changed."""
    edges = Duplicate.objects.filter(
        review=review,
        undone_at=None,
        how=Duplicate.How.CERTAIN,
        job__isnull=False,
        stands_in_for=None,
        created_at__gte=found.since,
    )
    return set(edges.values_list("pk", flat=True))


def _concerned(pairs: Iterable[Pair], new: set[int] | None) -> set[int]:
    """Return all records that pairs connect with a new one; all, for None."""
    beside: dict[int, list[int]] = {}
    for a, b in pairs:
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    if new is None:
        return set(beside)
    reached = {pk for pk in new if pk in beside}
    open_ = list(reached)
    while open_:
        for other in beside[open_.pop()]:
            if other not in reached:
                reached.add(other)
                open_.append(other)
    return reached


def _clustered(
    review: Review,
    found: ComparedSet,
    policy: MatchPolicy,
    pks: list[int],
    pairs: list[Scored],
    fixed: MergeForest,
) -> ClusteringResult:
    """Return the clusters; ``pks`` has all affected records in rank order."""
    place = {pk: at for at, pk in enumerate(pks)}
    apart = [
        (a, b)
        for a, b in {
            *merge_graph.marked_different(review),
            *merge_graph.undone_merges(review),
        }
        if a in place and b in place and not fixed.together(a, b)
    ]
    matcher = Matcher(policy)
    found.cleaned.read(_unsure(pairs, matcher.model.same_from))
    return cluster_pairs(
        RecordRows(pks, found.cleaned),
        pks,
        found.contents(np.array(pks, dtype=np.int64)),
        [(at,) for at in range(len(pks))],
        LikelyPairs(
            np.array([place[a] for a, _, _ in pairs], dtype=np.int64),
            np.array([place[b] for _, b, _ in pairs], dtype=np.int64),
            np.array([score for _, _, score in pairs], dtype=np.float64),
        ),
        matcher,
        same=_places(fixed.of.items(), place),
        different=set(_places(apart, place)),
    )


def _unsure(pairs: list[Scored], same_from: float) -> set[int]:
    """Return records of future clusters that lack a comparison of some pair.

    Every pair has to be compared before the union, so these records are read at once.
    """
    forest_ = MergeForest(())
    for a, b, score in pairs:
        if score >= same_from and not forest_.together(a, b):
            one, other = sorted((forest_.root(a), forest_.root(b)))
            forest_.unite(one, other)
    alike: Counter[int] = Counter()
    for a, b, _ in pairs:
        if a in forest_.of or a in forest_.copies:
            root = forest_.root(a)
            alike[root] += root == forest_.root(b)
    unsure: set[int] = set()
    for root, number in alike.items():
        members = forest_.members(root)
        if number < len(members) * (len(members) - 1) // 2:
            unsure.update(members)
    return unsure


def _places(pairs: Iterable[Pair], place: dict[int, int]) -> Iterator[Pair]:
    for a, b in pairs:
        one, other = place[a], place[b]
        yield (one, other) if one < other else (other, one)


def _ranked(pks: list[int]) -> list[int]:
    """Return the records in the order in which they are kept."""
    rows: list[Any] = []
    decided: Counter[int] = Counter()
    for start in range(0, len(pks), CHUNK):
        some = pks[start : start + CHUNK]
        decided.update(keep_order.decided_ranks(some))
        rows += Record.objects.filter(pk__in=some).values_list(*keep_order.KEEP_ORDER)
    # Records added manually come after files, as in keep_order.keep_order.
    rows.sort(
        key=lambda row: (
            *(-decided[row[-1]], row[0], row[1]),
            *(row[2] is None, row[2] or 0, *row[3:]),
        )
    )
    return [row[-1] for row in rows]
