"""Quality on real labelled sets; the counts are those of the score.py beside them."""

from __future__ import annotations

import importlib.util
import os
import random
from functools import cache
from typing import Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.citations.deduplication.clustering import find_duplicates, match_new
from screening.citations.deduplication.quality import (
    clusters_after_answers,
    pair_level,
    predicted_clusters,
    record_level,
)
from screening.duplicates.management.commands.evaluate_duplicates import read_column
from screening.duplicates.management.commands.find_duplicates import read_references
from tests.acceptance.real_files import DUPLICATES


@cache
def referee() -> Any:
    spec = importlib.util.spec_from_file_location("score", DUPLICATES / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# Wrong removals, misses, questions, misses after right answers: what the trees reach
# and a little more, so that a change for the worse fails.
LIMITS = [
    ("tafenoquine", 0, 1, 2, 0),
    ("stroke", 0, 4, 7, 1),
    ("diabetes", 0, 2, 3, 1),
    ("cytology_screening", 0, 2, 5, 1),
    ("respiratory", 0, 4, 8, 1),
    ("neuroimaging", 0, 3, 13, 1),
    ("digital_work", 0, 5, 22, 2),
]
# An eighth of srsr, whole clusters; all of it takes 20 seconds and is for --deep.
SAMPLE = ("srsr", 8, (0, 3, 4, 2))
WHOLE = ("srsr", 1, (3, 42, 92, 8))


@pytest.mark.parametrize(("name", "wrong", "missed", "asked", "left"), LIMITS)
def test_labelled_sets_are_deduplicated_with_few_mistakes(
    name: str, wrong: int, missed: int, asked: int, left: int
) -> None:
    assert_no_worse(name, 1, (wrong, missed, asked, left))


@pytest.mark.parametrize(
    ("name", "share", "limits"), [WHOLE if os.environ.get("DEEP") else SAMPLE]
)
def test_the_largest_labelled_set_is_deduplicated_with_few_mistakes(
    name: str, share: int, limits: tuple[int, int, int, int]
) -> None:
    assert_no_worse(name, share, limits)


def assert_no_worse(name: str, share: int, limits: tuple[int, int, int, int]) -> None:
    """Judge a set, or one of ``share`` parts of its clusters, by the trees that ship."""
    path = DUPLICATES / f"{name}.csv.gz"
    gold = {
        record: cluster
        for record, cluster in read_column(path, "gold_cluster_id").items()
        if crc32(cluster.encode()) % share == 0
    }
    found = find_duplicates(r for r in read_references(path) if str(r.id) in gold)
    guess = predicted_clusters(list(gold), found)
    counts = record_level(gold, guess)
    left = record_level(gold, clusters_after_answers(gold, guess, found.questions)).fn
    reached = (counts.fp, counts.fn, len(found.questions), left)
    assert counts.tp > 0
    assert all(a <= b for a, b in zip(reached, limits, strict=True)), reached


def test_files_one_after_the_other_give_the_same_result_as_all_at_once() -> None:
    path = DUPLICATES / "stroke.csv.gz"
    references = list(read_references(path))
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
def test_counts_are_those_of_the_referee(drawn: list[tuple[int, int]]) -> None:
    gold = {f"r{n}": f"g{a}" for n, (a, _) in enumerate(drawn)}
    guess = {f"r{n}": f"p{b}" for n, (_, b) in enumerate(drawn)}
    theirs = referee().score(gold, guess)
    for level, ours in (
        ("record", record_level(gold, guess)),
        ("pair", pair_level(gold, guess)),
    ):
        counted = {"TP": ours.tp, "FP": ours.fp, "FN": ours.fn, "TN": ours.tn}
        rates = {
            "sensitivity": ours.sensitivity,
            "specificity": ours.specificity,
            "precision": ours.precision,
            "f1": ours.f1,
        }
        assert counted == {name: theirs[level][name] for name in counted}
        assert rates == pytest.approx(
            {name: theirs[level][name] for name in rates}, nan_ok=True
        )
