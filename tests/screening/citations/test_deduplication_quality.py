"""Deduplication quality on the labelled set of tests/data, for each kind of pair."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.citations.deduplication import clustering, matching, trees, vetoes
from screening.citations.deduplication.clustering import (
    DuplicateResult,
    find_duplicates,
    match_new,
)
from screening.citations.deduplication.quality import (
    clusters_after_answers,
    pair_level,
    predicted_clusters,
    record_level,
)
from screening.citations.deduplication.reference import Reference
from screening.duplicates.management.commands.evaluate_duplicates import read_column
from screening.duplicates.management.commands.find_duplicates import read_references
from tests.paths import DATA

LABELLED = DATA / "duplicates/labelled.csv"
# Limits: records lost, duplicates missed, pairs asked, misses after right answers. They
# are the values reached, with some tolerance for pairs asked. Other kinds: (0, 0, 0,
# 0).
LIMITS = {
    "retyped title": (0, 6, 6, 0),
    "poor reference": (0, 53, 50, 4),
    "subtitle lost": (0, 5, 5, 0),
    "ahead of print": (0, 3, 3, 0),
    "meeting abstract": (0, 0, 48, 0),
    "same title yearly": (0, 0, 133, 0),
    "erratum": (0, 0, 44, 0),
    "sister papers": (0, 0, 51, 0),
    "generic title": (0, 0, 1, 0),
    "reprint": (0, 0, 2, 0),
    "two Cochrane reviews": (0, 0, 3, 0),
    "two items on one page": (0, 0, 29, 0),
    "short titles": (0, 0, 33, 0),
    "title alone": (0, 0, 72, 0),
}
Counts = tuple[int, int, int, int]


@dataclass(frozen=True)
class Labelled:
    """The set: its references, their clusters and what was done to each."""

    references: list[Reference]
    gold: dict[str, str]
    kind: dict[str, str]

    def of(self, *kinds: str) -> Labelled:
        """Return the records of some kinds."""
        some = [r for r in self.references if self.kind[str(r.id)] in kinds]
        return replace(self, references=some)

    def counts(self) -> dict[str, Counts]:
        """Deduplicate, and count by kind what went wrong."""
        found = find_duplicates(self.references)
        records = [str(reference.id) for reference in self.references]
        guess = predicted_clusters(records, found)
        after = clusters_after_answers(self.gold, guess, found.questions)
        return {
            kind: self._of_kind(kind, guess, after, found)
            for kind in sorted({self.kind[record] for record in records})
        }

    def _of_kind(
        self,
        kind: str,
        guess: Mapping[str, str],
        after: Mapping[str, str],
        found: DuplicateResult,
    ) -> Counts:
        gold = {r: self.gold[r] for r in guess if self.kind[r] == kind}
        reached = record_level(gold, {r: guess[r] for r in gold})
        left = record_level(gold, {r: after[r] for r in gold}).fn
        asked = sum(str(q.a) in gold or str(q.b) in gold for q in found.questions)
        return reached.fp, reached.fn, asked, left


@pytest.fixture(scope="module")
def labelled() -> Labelled:
    return Labelled(
        list(read_references(LABELLED)),
        read_column(LABELLED, "gold_cluster_id"),
        read_column(LABELLED, "kind"),
    )


def worse(counts: Mapping[str, Counts]) -> dict[str, Counts]:
    """Return the kinds whose counts exceed their limits."""
    return {
        kind: reached
        for kind, reached in counts.items()
        if any(a > b for a, b in zip(reached, limits(kind), strict=True))
    }


def limits(kind: str) -> Counts:
    return LIMITS.get(kind, (0, 0, 0, 0))


def test_the_labelled_set_is_deduplicated_with_few_errors(
    labelled: Labelled,
) -> None:
    counts = labelled.counts()
    assert set(LIMITS) < set(counts)
    assert worse(counts) == {}


def test_the_set_is_large_and_mixed(labelled: Labelled) -> None:
    clusters = set(labelled.gold.values())
    assert len(labelled.references) > 5_000
    assert 1_600 < len(labelled.references) - len(clusters) < 2_000
    assert len(set(labelled.kind.values())) > 20


def without(rule: str) -> Any:
    """Patch one veto away."""
    kept = tuple(one for one in vetoes.RULES if one.__name__ != rule)
    assert len(kept) == len(vetoes.RULES) - 1
    return patch.object(vetoes, "RULES", kept)


def thresholds(**changes: float) -> Any:
    """Patch the thresholds of the trees."""
    changed = replace(trees.shipped_trees(), **changes)
    return patch.object(clustering, "shipped_trees", lambda: changed)


# Changes that break the rules, each of which must be noticed.
BROKEN = {
    "title alone": lambda: without("_bare_title"),
    "two Cochrane reviews": lambda: without("_other_review"),
    "two trial numbers": lambda: without("_two_trials"),
    "part I and II": lambda: without("_parts"),
    "erratum": lambda: without("_answers"),
    "generic title": lambda: without("_generic"),
    "same title yearly": lambda: without("_years"),
    "sister papers": lambda: without("_wording"),
    "short titles": lambda: without("_short_title"),
    "translated title": lambda: patch.object(
        matching, "minimum_answer", lambda *_: None
    ),
    "subtitle lost": lambda: thresholds(same_from=0.9),
    "poor reference": lambda: thresholds(ask_from=0.4),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_rule_is_noticed(labelled: Labelled, kind: str) -> None:
    some = labelled.of(kind)
    assert worse(some.counts()) == {}
    with BROKEN[kind]():
        assert worse(some.counts())


def test_files_one_after_the_other_give_the_same_result_as_all_at_once(
    labelled: Labelled,
) -> None:
    references = labelled.of("copies", "retyped title", "erratum").references[:1_200]
    whole = find_duplicates(references)
    random.Random(4).shuffle(references)
    seen: list[Any] = []
    same: list[tuple[Any, Any]] = []
    for start in range(0, len(references), 300):
        batch = references[start : start + 300]
        found = match_new(batch, seen, known_same=same)
        seen += batch
        same = [(c[0], other) for c in found.clusters for other in c[1:]]
    assert set(map(frozenset, found.clusters)) == set(map(frozenset, whole.clusters))


LABELLINGS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12
)


@given(LABELLINGS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_counts_follow_the_definition(drawn: list[tuple[int, int]]) -> None:
    gold = {f"r{n}": f"g{a}" for n, (a, _) in enumerate(drawn)}
    guess = {f"r{n}": f"p{b}" for n, (_, b) in enumerate(drawn)}
    ours = record_level(gold, guess)
    assert (ours.tp, ours.fp, ours.fn, ours.tn) == records_counted(gold, guess)
    pairs = pair_level(gold, guess)
    assert (pairs.tp, pairs.fp, pairs.fn, pairs.tn) == pairs_counted(gold, guess)


def records_counted(gold: dict[str, str], guess: dict[str, str]) -> Counts:
    """Count record by record, as the module's docstring defines it."""
    kept = {next(r for r in guess if guess[r] == p) for p in set(guess.values())}
    tp = fp = fn = tn = 0
    for cluster in set(gold.values()):
        members = [r for r in gold if gold[r] == cluster]
        left = [r for r in members if r in kept]
        tn, fp = tn + bool(left), fp + (not left)
        fn += max(0, len(left) - 1)
        tp += len(members) - max(1, len(left))
    return tp, fp, fn, tn


def pairs_counted(gold: dict[str, str], guess: dict[str, str]) -> Counts:
    """Count over all pairs."""
    counts = {(a, b): 0 for a in (True, False) for b in (True, False)}
    for one, other in combinations(gold, 2):
        counts[gold[one] == gold[other], guess[one] == guess[other]] += 1
    return (
        counts[True, True],
        counts[False, True],
        counts[True, False],
        counts[False, False],
    )
