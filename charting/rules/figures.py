"""Bar charts as geometry: the same data always gives the same drawing.

The template ``charting/svg/bars.svg`` writes it as SVG with a title and a
description. Lengths are in SVG user units (CSS pixels).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from charting.rules.tables import BLANK, NOT_ASKED, FieldTable, ResultRow
from reviewapp.core.lib.translation import gettext as _

BAR = 26
GAP = 10
HEIGHT = 200
TOP = 24
FOOT = 34
ROW = 26
LABEL_WIDTH = 190
BARS_WIDTH = 400
# A letter of 13 px is about 7 px wide. Longer names are cut and end in "…".
LABEL_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its count and name; ``value`` identifies its row in the table."""

    value: str
    label: str
    name: str
    count: int
    percent: str
    x: int
    y: int
    width: int
    height: int
    count_x: int
    count_y: int
    name_x: int
    name_y: int


@dataclass(frozen=True, slots=True)
class BarFigure:
    """A bar chart; its bars are vertical (years) or horizontal (countries)."""

    title: str
    description: str
    width: int
    height: int
    is_upright: bool
    bars: tuple[Bar, ...]
    axis: str


def _rows(table: FieldTable) -> list[ResultRow]:
    return [row for row in table.rows if row.value not in (BLANK, NOT_ASKED)]


def _described(table: FieldTable, rows: Sequence[ResultRow], sentence: str) -> str:
    """Return the figure in words, for screen readers.

    ``sentence``: what is counted; ``{total}`` in it becomes the denominator.
    """
    parts = "; ".join(f"{row.label}: {row.count} ({row.percent})" for row in rows)
    counted = sentence.format(total=table.denominator)
    return f"{counted} {parts}. {table.note}".strip()


def _filled(rows: Sequence[ResultRow], denominator: int) -> list[ResultRow]:
    """Return rows for all years in the range, unless it has 120 years or more."""
    by_year = {int(row.value): row for row in rows}
    first, last = min(by_year), max(by_year)
    if last - first >= 120:
        return list(rows)
    return [
        by_year.get(year) or ResultRow(str(year), str(year), (), denominator)
        for year in range(first, last + 1)
    ]


def per_year(table: FieldTable) -> BarFigure | None:
    """Return vertical bars, one per year in the range, or None without data."""
    found = _rows(table)
    if not found:
        return None
    rows = _filled(found, table.denominator)
    most = max(row.count for row in rows) or 1
    step = BAR + GAP
    # A label is about as wide as three bars, so only every fifth one fits.
    every = 1 if len(rows) <= 24 else 5
    bars = tuple(
        _standing(row, GAP + i * step, most, named=int(row.value) % every == 0)
        for i, row in enumerate(rows)
    )
    width = 2 * GAP + len(rows) * step
    return BarFigure(
        title=_("Studies per year ({question}), n = {total}").format(
            question=table.field.label, total=table.denominator
        ),
        description=_described(
            table,
            found,
            _("Number of studies per year. Total: {total} finalised studies."),
        ),
        width=width,
        height=TOP + HEIGHT + FOOT,
        is_upright=True,
        bars=bars,
        axis=f"M0 {TOP + HEIGHT}H{width}",
    )


def _standing(row: ResultRow, x: int, most: int, *, named: bool) -> Bar:
    height = round(HEIGHT * row.count / most)
    middle = x + BAR // 2
    return Bar(
        value=row.value,
        label=row.label,
        name=row.label if named else "",
        count=row.count,
        percent=row.percent,
        x=x,
        y=TOP + HEIGHT - height,
        width=BAR,
        height=height,
        count_x=middle,
        count_y=TOP + HEIGHT - height - 6,
        name_x=middle,
        name_y=TOP + HEIGHT + 18,
    )


def per_country(table: FieldTable) -> BarFigure | None:
    """Return horizontal bars, one per country, largest first, or None without data."""
    rows = _rows(table)
    if not rows:
        return None
    most = max(row.count for row in rows) or 1
    bars = tuple(_lying(row, GAP + i * ROW, most) for i, row in enumerate(rows))
    height = 2 * GAP + len(rows) * ROW
    return BarFigure(
        title=_("Studies per country ({question}), n = {total}").format(
            question=table.field.label, total=table.denominator
        ),
        description=_described(
            table,
            rows,
            _("Number of studies per country. Total: {total} finalised studies."),
        ),
        width=LABEL_WIDTH + BARS_WIDTH + 60,
        height=height,
        is_upright=False,
        bars=bars,
        axis=f"M{LABEL_WIDTH} {GAP // 2}V{height - GAP // 2}",
    )


def _lying(row: ResultRow, y: int, most: int) -> Bar:
    width = max(2, round(BARS_WIDTH * row.count / most)) if row.count else 0
    name = row.label
    if len(name) > LABEL_LETTERS:
        name = name[: LABEL_LETTERS - 1].rstrip() + "…"
    return Bar(
        value=row.value,
        label=row.label,
        name=name,
        count=row.count,
        percent=row.percent,
        x=LABEL_WIDTH,
        y=y,
        width=width,
        height=ROW - 8,
        count_x=LABEL_WIDTH + width + 6,
        count_y=y + 14,
        name_x=LABEL_WIDTH - 8,
        name_y=y + 14,
    )
