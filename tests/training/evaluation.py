"""Evaluation of a model on labelled sets, counted as in ``evaluate_duplicates``."""

from __future__ import annotations

from typing import Any

from screening.citations.deduplication import trees
from screening.citations.deduplication.clustering import match_new
from screening.citations.deduplication.quality import (
    ErrorCounts,
    clusters_after_answers,
    pair_level,
    predicted_clusters,
    record_level,
)
from tests.training.labelled import LabelledSet

LINE = f"{'set':<20}{'records':>8}{'FP':>5}{'FN':>5}{'asked':>7}{'true':>6}  after right answers FP FN"
RATES = "| set | level | TP | FP | FN | sensitivity | specificity | precision | F1 |"
Levels = tuple[ErrorCounts, ErrorCounts]


def report(sets: list[LabelledSet], models: dict[str, dict[str, Any]]) -> None:
    """Print one line per set and the sum, then the rates at both levels."""
    total = [0] * 7
    levels: dict[str, Levels] = {}
    for labelled in sets:
        line, levels[labelled.name] = errors(labelled, models[labelled.name])
        total = [a + b for a, b in zip(total, line, strict=True)]
        print(row(labelled.name, line), flush=True)
    print(row("all", total))
    levels["**all**"] = (
        summed([records for records, _ in levels.values()]),
        summed([pairs for _, pairs in levels.values()]),
    )
    print(f"\n{RATES}\n{'|---' * 9}|")
    for name, (records, pairs) in levels.items():
        print(rates(name, "records", records))
        print(rates("", "pairs", pairs))


def row(name: str, line: list[int]) -> str:
    return "{:<20}{:>8}{:>5}{:>5}{:>7}{:>6}{:>24}{:>3}".format(name, *line)


def rates(name: str, level: str, c: ErrorCounts) -> str:
    """Return one row of the table of rates."""
    numbers = (c.sensitivity, c.specificity, c.precision, c.f1)
    written = " | ".join(f"{number:.5f}" for number in numbers)
    return f"| {name} | {level} | {c.tp} | {c.fp} | {c.fn} | {written} |"


def summed(counts: list[ErrorCounts]) -> ErrorCounts:
    """Return the counts of several sets as one."""
    return ErrorCounts(
        sum(c.tp for c in counts),
        sum(c.fp for c in counts),
        sum(c.fn for c in counts),
        sum(c.tn for c in counts),
    )


def errors(labelled: LabelledSet, model: dict[str, Any]) -> tuple[list[int], Levels]:
    """Return the counts of errors and questions of a set, and the counts at both
    levels.

    The numbers are records, FP, FN, questions, true ones, and FP and FN after right
    answers.
    """
    found = match_new(labelled.records, (), trees=trees.parse_trees(model))
    gold = {str(k): v for k, v in labelled.gold.items()}
    guess = predicted_clusters(list(gold), found)
    now: ErrorCounts = record_level(gold, guess)
    after = record_level(gold, clusters_after_answers(gold, guess, found.questions))
    true = sum(gold[str(q.a)] == gold[str(q.b)] for q in found.questions)
    line = [len(gold), now.fp, now.fn, len(found.questions), true, after.fp, after.fn]
    return line, (now, pair_level(gold, guess))
