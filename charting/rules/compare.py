"""Comparison of charts of one study, question by question.

Values are normalised first: case, spaces and the full stop at the end of a text are
ignored, and so is the order of chosen options. A question that only one form version
contains is not a discrepancy.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from charting.rules.schema import FieldSpec


@dataclass(frozen=True, slots=True)
class ChartAnswers:
    """One chart: its ``values``, and the keys of the questions in its form version."""

    values: dict[str, Any]
    asked: frozenset[str]


@dataclass(frozen=True, slots=True)
class ChartComparison:
    """``agreed``: values that all charts share. ``differing``: keys of the others."""

    agreed: dict[str, Any]
    differing: tuple[str, ...]


def normalise_answer(value: Any) -> Any:
    """Return a value in the form in which answers are compared, None if blank."""
    if value is None or value in ("", []):
        return None
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).casefold()
        return " ".join(text.split()).rstrip(" .;,") or None
    if isinstance(value, list | tuple):
        return tuple(sorted(str(one) for one in value))
    if isinstance(value, bool):
        return value
    return float(value)


def is_same_answer(values: Iterable[Any]) -> bool:
    """Return True if all values are the same answer."""
    first, *others = [normalise_answer(value) for value in values]
    # True == 1.0 in Python, so the types are compared too.
    return all(type(o) is type(first) and o == first for o in others)


def compare_charts(
    charts: Sequence[ChartAnswers], fields: Sequence[FieldSpec]
) -> ChartComparison:
    """Compare charts of one study on ``fields``; keep the first spelling.

    Leaves out questions that are in none of the form versions.
    """
    agreed: dict[str, Any] = {}
    differing: list[str] = []
    for spec in fields:
        given = [c.values.get(spec.key) for c in charts if spec.key in c.asked]
        if not given:
            continue
        if not is_same_answer(given):
            differing.append(spec.key)
        elif given[0] is not None:
            agreed[spec.key] = given[0]
    return ChartComparison(agreed, tuple(differing))
