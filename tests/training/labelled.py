"""Labelled sets as cleaned records, candidate pairs, features and labels."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from screening.citations.deduplication.blocking import candidate_pairs
from screening.citations.deduplication.cleaning import Cleaned, clean_reference
from screening.citations.deduplication.match_policy import USUAL
from screening.citations.deduplication.matching import SLICE, compare_pairs
from screening.citations.deduplication.reference import id_order
from screening.duplicates.management.commands.find_duplicates import read_references

NAMES = (
    "tafenoquine", "stroke", "diabetes", "cytology_screening", "respiratory",
    "neuroimaging", "digital_work", "srsr",
)  # fmt: skip
DOUBTED = Path(__file__).parent / "doubted_labels.csv"


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One set: its records, the compared pairs, and their labels.

    ``is_open``: no veto has decided the pair, so the trees decide.
    """

    name: str
    records: list[Cleaned]
    gold: dict[str, str]
    rows: Any
    labels: Any
    is_open: Any


def read_gold(path: Path) -> dict[str, str]:
    """Return the gold cluster of each record."""
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
        return {r["record_id"]: r["gold_cluster_id"] for r in csv.DictReader(text)}


def doubted() -> set[frozenset[str]]:
    """Return pairs whose label was found to be wrong. Nothing is learned from them."""
    if not DOUBTED.exists():
        return set()
    with DOUBTED.open(encoding="utf-8", newline="") as text:
        return {frozenset((r["a"], r["b"])) for r in csv.DictReader(text)}


def read_set(folder: Path, name: str) -> LabelledSet:
    """Clean one set, find its pairs and compare them."""
    path = folder / f"{name}.csv.gz"
    gold = read_gold(path)
    records = [clean_reference(reference) for reference in read_references(path)]
    records.sort(key=lambda r: id_order(r.id))
    pairs = candidate_pairs(records)
    rows, labels, is_open = [], [], []
    passed_over = doubted()
    for start in range(0, len(pairs), SLICE):
        left, right = pairs[start : start + SLICE].T
        found = compare_pairs(records, left, right, USUAL)
        for at, row, veto in zip(found.at, found.rows, found.vetoes, strict=True):
            a, b = records[left[at]].id, records[right[at]].id
            if frozenset((str(a), str(b))) not in passed_over:
                rows.append(row)
                labels.append(gold[str(a)] == gold[str(b)])
                is_open.append(veto is None or veto.doubt == "ask")
    return LabelledSet(
        name, records, gold, np.array(rows), np.array(labels), np.array(is_open)
    )
