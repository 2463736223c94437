"""Quality on the labelled sets; the counts are those of data/dedup/score.py."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from screening.records.management.commands.find_duplicates import read_references
from screening.records.rules.clustering import find_duplicates


def referee(folder: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "wrong", "missed", "asked"),
    [
        ("tafenoquine", 0, 0, 1),
        ("stroke", 0, 4, 6),
        ("diabetes", 0, 6, 16),
        ("cytology_screening", 0, 4, 8),
        ("respiratory", 0, 8, 14),
        ("neuroimaging", 0, 6, 16),
        ("digital_work", 0, 10, 22),
    ],
)
def test_labelled_sets_are_deduplicated_with_few_mistakes(
    shared_data: Path, name: str, wrong: int, missed: int, asked: int
) -> None:
    folder = shared_data / "dedup"
    path = folder / f"{name}.csv.gz"
    score = referee(folder)
    references = list(read_references(path))
    found = find_duplicates(references)
    kept = {merge.record: merge.of for merge in found.merges}
    predicted = {r.id: kept.get(r.id, r.id) for r in references}
    counts = score.score(score.column(path, "gold_cluster_id"), predicted)["record"]
    assert counts["FP"] <= wrong
    assert counts["FN"] <= missed
    assert len(found.questions) <= asked
