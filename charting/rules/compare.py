"""Where two or more charts of one study differ, field by field.

Charts are compared after normalising: case, spaces and the full stop at the end of
a text do not make a difference, nor does the order of what was chosen. A question
that only one form version asked is no difference: who was not asked said nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from charting.rules.schema import FieldSpec


@dataclass(frozen=True, slots=True)
class Charted:
    """One chart: its ``values``, and the keys its form version ``asked``."""

    values: dict[str, Any]
    asked: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """``agreed``: the values all charts share. ``differing``: the other keys."""

    agreed: dict[str, Any]
    differing: tuple[str, ...]


def normalised(value: Any) -> Any:
    """A value in the form in which two answers are compared; None when blank."""
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


def same(values: Iterable[Any]) -> bool:
    """Whether all values are one answer."""
    first, *others = [normalised(value) for value in values]
    # True == 1.0 in Python; a kind never changes, so only types could confuse.
    return all(type(o) is type(first) and o == first for o in others)


def compare(charts: Sequence[Charted], fields: Sequence[FieldSpec]) -> Compared:
    """Compare charts of one study on ``fields``; the first spelling is kept.

    A field that no chart was asked is left out.
    """
    agreed: dict[str, Any] = {}
    differing: list[str] = []
    for spec in fields:
        given = [c.values.get(spec.key) for c in charts if spec.key in c.asked]
        if not given:
            continue
        if not same(given):
            differing.append(spec.key)
        elif given[0] is not None:
            agreed[spec.key] = given[0]
    return Compared(agreed, tuple(differing))
