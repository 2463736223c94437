"""Errors of a model on labelled sets, as ``evaluate_duplicates`` counts them."""

from __future__ import annotations

from typing import Any

from screening.records.rules import trees
from screening.records.rules.clustering import match_new
from screening.records.rules.quality import Counts, answered, predicted, record_level
from tests.training.labelled import LabelledSet

LINE = f"{'set':<20}{'records':>8}{'FP':>5}{'FN':>5}{'asked':>7}{'true':>6}  after right answers FP FN"


def report(sets: list[LabelledSet], models: dict[str, dict[str, Any]]) -> None:
    """Print one line a set and the sum."""
    total = [0] * 7
    for labelled in sets:
        line = errors(labelled, models[labelled.name])
        total = [a + b for a, b in zip(total, line, strict=True)]
        print(row(labelled.name, line), flush=True)
    print(row("all", total))


def row(name: str, line: list[int]) -> str:
    return "{:<20}{:>8}{:>5}{:>5}{:>7}{:>6}{:>24}{:>3}".format(name, *line)


def errors(labelled: LabelledSet, model: dict[str, Any]) -> list[int]:
    """Records, FP, FN, questions, true ones, and FP and FN after right answers."""
    found = match_new(labelled.records, (), trees=trees.parse(model))
    gold = {str(k): v for k, v in labelled.gold.items()}
    guess = predicted(list(gold), found)
    now: Counts = record_level(gold, guess)
    after = record_level(gold, answered(gold, guess, found.questions))
    true = sum(gold[str(q.a)] == gold[str(q.b)] for q in found.questions)
    return [len(gold), now.fp, now.fn, len(found.questions), true, after.fp, after.fn]
