"""Measures of deduplication quality against known truth.

Record level, as ASySD (Hair et al. 2023), Rathbone et al. 2015 and BibDedupe count:
every predicted cluster keeps its first record and removes the others. If m of the k
records of a true cluster are kept, m >= 1 counts TN 1, FN m - 1 and TP k - m; m = 0
counts FP 1 (the reference is lost) and TP k - 1. Pair level: all unordered pairs of
records, positive if they share a cluster.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import nan

from screening.citations.deduplication.clustering import DuplicateResult, UndecidedPair


@dataclass(frozen=True, slots=True)
class ErrorCounts:
    """True and false positives and negatives. The rates are not-a-number for 0 of 0."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def sensitivity(self) -> float:
        return _share(self.tp, self.tp + self.fn)

    @property
    def specificity(self) -> float:
        return _share(self.tn, self.tn + self.fp)

    @property
    def precision(self) -> float:
        return _share(self.tp, self.tp + self.fp)

    @property
    def f1(self) -> float:
        return _share(2 * self.tp, 2 * self.tp + self.fp + self.fn)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else nan


def record_level(gold: Mapping[str, str], guess: Mapping[str, str]) -> ErrorCounts:
    """Return counts over records. Both maps lead from record to cluster, in file order."""
    true: dict[str, list[str]] = defaultdict(list)
    first: dict[str, str] = {}
    for record, cluster in gold.items():
        true[cluster].append(record)
        first.setdefault(guess[record], record)
    kept = set(first.values())
    tp = fp = fn = tn = 0
    for members in true.values():
        survivors = sum(record in kept for record in members)
        if survivors:
            tn, fn, tp = tn + 1, fn + survivors - 1, tp + len(members) - survivors
        else:
            fp, tp = fp + 1, tp + len(members) - 1
    return ErrorCounts(tp, fp, fn, tn)


def pair_level(gold: Mapping[str, str], guess: Mapping[str, str]) -> ErrorCounts:
    """Return counts over all unordered pairs of records."""
    both = _pairs(Counter((gold[r], guess[r]) for r in gold).values())
    true = _pairs(Counter(gold.values()).values())
    found = _pairs(Counter(guess[r] for r in gold).values())
    total = len(gold) * (len(gold) - 1) // 2
    return ErrorCounts(both, found - both, true - both, total - true - found + both)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def predicted_clusters(
    records: Sequence[str], result: DuplicateResult
) -> dict[str, str]:
    """Return the cluster of each record, named by the kept one."""
    cluster = {str(merge.record): str(merge.of) for merge in result.merges}
    return {record: cluster.get(record, record) for record in records}


def clusters_after_answers(
    gold: Mapping[str, str],
    guess: Mapping[str, str],
    questions: Iterable[UndecidedPair],
) -> dict[str, str]:
    """Return the clusters after a person has answered every question correctly."""
    parent = {cluster: cluster for cluster in guess.values()}

    def root(cluster: str) -> str:
        while parent[cluster] != cluster:
            cluster = parent[cluster]
        return cluster

    for question in questions:
        a, b = str(question.a), str(question.b)
        if gold[a] == gold[b]:
            parent[root(guess[a])] = root(guess[b])
    return {record: root(cluster) for record, cluster in guess.items()}
