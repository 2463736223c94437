"""Counts and percentages of final charts; each count is the length of a list.

All tables have the same denominator: all finalised studies. Studies without an
answer have a row of their own. So percentages refer to studies, not to answers. If a
study can have several values (choose all, country), the rows add up to more than the
number of studies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean, median
from typing import Any

from charting.rules import schema
from charting.rules.compare import normalise_answer
from charting.rules.countries import country_name
from charting.rules.schema import FieldSpec
from reviewapp.core.lib.translation import gettext as _

# No answer has these values, because option values consist of [a-z0-9_].
BLANK = "-"
NOT_ASKED = "--"
ANSWERED = "+"


@dataclass(frozen=True, slots=True)
class FinalisedStudy:
    """A finalised study: code, label, values, and the keys of the questions asked.

    ``final_chart_code``: code of the page of its final chart. ``how``, ``version`` and
    ``finalised_on``: how and when it was finalised, and with which form version.
    ``offered``: the answer options of the form version, as (key, value) pairs.
    """

    code: str
    label: str
    values: dict[str, Any]
    asked: frozenset[str]
    final_chart_code: str = ""
    how: str = ""
    version: int = 0
    finalised_on: date | None = None
    offered: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row of a table; ``value`` identifies it in URLs."""

    value: str
    label: str
    studies: tuple[FinalisedStudy, ...]
    denominator: int

    @property
    def count(self) -> int:
        """Return the number of studies."""
        return len(self.studies)

    @property
    def percent(self) -> str:
        """Return the count in per cent, with one decimal, rounded half up."""
        return percent(self.count, self.denominator)


@dataclass(frozen=True, slots=True)
class FieldTable:
    """The counts of one question. ``denominator``: all finalised studies."""

    field: FieldSpec
    rows: tuple[ResultRow, ...]
    denominator: int
    note: str = ""

    def row(self, value: str) -> ResultRow | None:
        """Return the row with this value, or None."""
        return next((row for row in self.rows if row.value == value), None)


@dataclass(frozen=True, slots=True)
class CrossTable:
    """Studies by two questions; ``cells[i][j]`` belongs to row i and column j."""

    down: FieldTable
    across: FieldTable
    cells: tuple[tuple[ResultRow, ...], ...]
    denominator: int
    note: str = ""

    @property
    def lines(
        self,
    ) -> tuple[tuple[ResultRow, tuple[tuple[ResultRow, ResultRow], ...]], ...]:
        """Return each row with its (column, cell) pairs, as a page draws them."""
        columns = self.across.rows
        return tuple(
            (row, tuple(zip(columns, cells, strict=True)))
            for row, cells in zip(self.down.rows, self.cells, strict=True)
        )


def percent(count: int, denominator: int) -> str:
    """Return a percentage with one decimal, or "–" if ``denominator`` is 0."""
    if not denominator:
        return "–"
    tenths = (2000 * count + denominator) // (2 * denominator)
    return f"{tenths // 10}.{tenths % 10} %"


def field_table(field: FieldSpec, studies: Sequence[FinalisedStudy]) -> FieldTable:
    """Return the counts of one question over all finalised ``studies``."""
    asked = [study for study in studies if field.key in study.asked]
    rows = [
        ResultRow(value, label, _with(asked, field, value), len(studies))
        for value, label in _categories(field, asked)
    ]
    blank = [s for s in asked if s.values.get(field.key) is None]
    if blank or not rows:
        rows.append(ResultRow(BLANK, _("No answer"), tuple(blank), len(studies)))
    if unasked := [s for s in studies if field.key not in s.asked]:
        label = _("Charted with a form version without this question")
        rows.append(ResultRow(NOT_ASKED, label, tuple(unasked), len(studies)))
    return FieldTable(field, tuple(rows), len(studies), _note(field, asked))


def cross_table(
    down: FieldSpec, across: FieldSpec, studies: Sequence[FinalisedStudy]
) -> CrossTable:
    """Return studies by two questions; a cell holds the studies in both rows."""
    first, second = field_table(down, studies), field_table(across, studies)
    cells = tuple(
        tuple(intersect_rows(row, column, len(studies)) for column in second.rows)
        for row in first.rows
    )
    several = [f.label for f in (down, across) if f.kind in schema.SEVERAL]
    note = ""
    if several:
        note = _note_on_several(several)
    return CrossTable(first, second, cells, len(studies), note)


def _note_on_several(questions: Sequence[str]) -> str:
    first, *others = questions
    if others:
        return _(
            "A study can have several answers to “{first}” and “{second}”, so cells "
            "may add up to more than the number of studies."
        ).format(first=first, second=others[0])
    return _(
        "A study can have several answers to “{question}”, so cells may add up to more "
        "than the number of studies."
    ).format(question=first)


def intersect_rows(row: ResultRow, column: ResultRow, denominator: int) -> ResultRow:
    """Return a row of the studies that are in two rows."""
    codes = {study.code for study in column.studies}
    shared = tuple(study for study in row.studies if study.code in codes)
    return ResultRow(
        f"{row.value}/{column.value}",
        f"{row.label}, {column.label}",
        shared,
        denominator,
    )


def row_values(field: FieldSpec, value: Any) -> list[str]:
    """Return the values of the rows of ``field``'s table that a stored value is in."""
    if value is None:
        return []
    if field.kind in {schema.LONG_TEXT, schema.NUMBER}:
        return [ANSWERED]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return [str(one) for one in value]
    if field.kind == schema.SHORT_TEXT:
        return [str(normalise_answer(value) or value)]
    return [str(value)]


def _with(
    studies: Sequence[FinalisedStudy], field: FieldSpec, value: str
) -> tuple[FinalisedStudy, ...]:
    return tuple(
        s for s in studies if value in row_values(field, s.values.get(field.key))
    )


def _categories(
    field: FieldSpec, studies: Sequence[FinalisedStudy]
) -> list[tuple[str, str]]:
    """Return the (value, label) pairs of the rows, in reading order."""
    return _ROWS[field.kind](field, studies)


def _counted(field: FieldSpec, studies: Sequence[FinalisedStudy]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for study in studies:
        for key in row_values(field, study.values.get(field.key)):
            counts[key] = counts.get(key, 0) + 1
    return counts


def _rows_of_options(
    field: FieldSpec, studies: Sequence[FinalisedStudy]
) -> list[tuple[str, str]]:
    known = {option.value: option.label for option in field.options}
    earlier = sorted(set(_counted(field, studies)) - set(known))
    text = _("{answer} (earlier version)")
    dropped = [(value, text.format(answer=field.label_of(value))) for value in earlier]
    return [*known.items(), *dropped]


def _rows_of_yes_no(
    field: FieldSpec, studies: Sequence[FinalisedStudy]
) -> list[tuple[str, str]]:
    return [("yes", _("Yes")), ("no", _("No"))]


def _rows_of_years(
    field: FieldSpec, studies: Sequence[FinalisedStudy]
) -> list[tuple[str, str]]:
    return [(year, year) for year in sorted(_counted(field, studies))]


def _by_size(
    counts: dict[str, int], label: Callable[[str], str]
) -> list[tuple[str, str]]:
    labelled = [(key, label(key)) for key in counts]
    return sorted(labelled, key=lambda row: (-counts[row[0]], row[1].casefold()))


def _rows_of_countries(
    field: FieldSpec, studies: Sequence[FinalisedStudy]
) -> list[tuple[str, str]]:
    return _by_size(_counted(field, studies), country_name)


def _rows_of_texts(
    field: FieldSpec, studies: Sequence[FinalisedStudy]
) -> list[tuple[str, str]]:
    spelling: dict[str, str] = {}
    for study in studies:
        value = study.values.get(field.key)
        for key in row_values(field, value):
            spelling.setdefault(key, str(value))
    return _by_size(_counted(field, studies), lambda key: spelling[key])


def _rows_answered(
    field: FieldSpec, studies: Sequence[FinalisedStudy]
) -> list[tuple[str, str]]:
    return [(ANSWERED, _("Answered"))]


_ROWS: dict[
    str, Callable[[FieldSpec, Sequence[FinalisedStudy]], list[tuple[str, str]]]
] = {
    schema.SHORT_TEXT: _rows_of_texts,
    schema.LONG_TEXT: _rows_answered,
    schema.NUMBER: _rows_answered,
    schema.YEAR: _rows_of_years,
    schema.YES_NO: _rows_of_yes_no,
    schema.CHOOSE_ONE: _rows_of_options,
    schema.CHOOSE_ALL: _rows_of_options,
    schema.COUNTRY: _rows_of_countries,
}


def _note(field: FieldSpec, studies: Sequence[FinalisedStudy]) -> str:
    """Return a remark that is needed to read the table, or ""."""
    if field.kind in schema.SEVERAL:
        return _(
            "A study can have several of these answers, so the percentages may add up "
            "to more than 100 %."
        )
    if field.kind == schema.NUMBER:
        numbers = [s.values[field.key] for s in studies if field.key in s.values]
        if numbers:
            return _(
                "Minimum {minimum}, median {median}, mean {mean}, maximum {maximum}."
            ).format(
                minimum=f"{min(numbers):g}",
                median=f"{median(numbers):g}",
                mean=f"{mean(numbers):.4g}",
                maximum=f"{max(numbers):g}",
            )
    return ""
