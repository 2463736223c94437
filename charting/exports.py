"""Charts as CSV. Cells that a spreadsheet would run as a formula are made harmless."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from charting.models import Form
from charting.queries import charts, results
from charting.queries.charts import questions_of_form
from charting.queries.forms import count_finalised
from charting.rules.schema import CHOOSE_ALL, NUMBER, YEAR, FieldSpec, answer_text
from reviewapp.core.exported import Statement
from reviewapp.core.lib.cells import BYTE_ORDER_MARK, csv_line, safe_cell
from reviewapp.core.models import Member
from reviewapp.core.snapshots import one_snapshot

_NUMERIC = {NUMBER, YEAR}


@dataclass(frozen=True, slots=True)
class ChartsFile:
    """A file of charts: its name, its text, and the number of charts in it.

    `is_private`: only the member may know the number, so the log does not have it.
    """

    name: str
    text: str
    stated: Statement
    is_private: bool = False


# Scripts read these files: they are the same in every language of the interface.
@translation.override(None)
def final_charts_csv(viewer: Member, form: Form) -> ChartsFile:
    """Return a row per finalised study: code, label, how it was finalised, answers."""
    with one_snapshot():
        fields = questions_of_form(form)
        selected = count_finalised(form)
        found = results.finalised_studies(form)
    rows = [
        [
            study.code,
            safe_cell(study.label),
            study.how,
            str(study.version),
            study.finalised_on.isoformat() if study.finalised_on else "",
            *_answers(study.values, study.offered, fields),
        ]
        for study in found
    ]
    columns = ["study", "label", "finalised by", "form version", "finalised on"]
    text = _written([*columns, *_header(fields)], rows)
    name = f"charts-{form.code}-{len(rows)}.csv"
    return ChartsFile(name, text, Statement(selected, len(rows)))


@translation.override(None)
def own_charts_csv(viewer: Member, form: Form) -> ChartsFile:
    """Return the viewer's own newest charts, drafts included, and no one else's."""
    with one_snapshot():
        fields = questions_of_form(form)
        selected = charts.count_own_charts(viewer, form)
        found = charts.newest_own_charts(viewer, form)
    rows = [
        [
            chart.study_code,
            safe_cell(chart.study_label),
            "submitted" if chart.is_complete else "draft",
            str(chart.version),
            chart.saved_at.date().isoformat(),
            *_answers(chart.values, chart.offered, fields),
        ]
        for chart in found
    ]
    columns = ["study", "label", "state", "form version", "saved on"]
    text = _written([*columns, *_header(fields)], rows)
    name = f"own-charts-{form.code}-{len(rows)}.csv"
    return ChartsFile(name, text, Statement(selected, len(rows)), is_private=True)


def _header(fields: Sequence[FieldSpec]) -> list[str]:
    """Return the columns: each question, and after it its answers if all may apply."""
    columns = []
    for field in fields:
        columns.append(field.label)
        if field.kind == CHOOSE_ALL:
            columns += [f"{field.label}: {field.label_of(v)}" for v in _values(field)]
    return columns


def _answers(
    values: Mapping[str, Any],
    offered: frozenset[tuple[str, str]],
    fields: Sequence[FieldSpec],
) -> list[str]:
    cells = []
    for field in fields:
        value = values.get(field.key)
        cells.append(_cell(value, field))
        if field.kind == CHOOSE_ALL:
            cells += [_mark(value, (field.key, v), offered) for v in _values(field)]
    return cells


def _values(field: FieldSpec) -> list[str]:
    return [option.value for option in (*field.options, *field.dropped)]


def _mark(
    value: Any, answer: tuple[str, str], offered: frozenset[tuple[str, str]]
) -> str:
    """Return 1 or 0; "" without an answer, or if the form version lacks the option."""
    if value is not None and answer[1] in value:
        return "1"
    return "0" if value is not None and answer in offered else ""


def _cell(value: object, field: FieldSpec) -> str:
    text = answer_text(value, field)
    return text if field.kind in _NUMERIC else safe_cell(text)


def _written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [safe_cell(cell) for cell in header]
    return BYTE_ORDER_MARK + "".join(map(csv_line, [cells, *rows]))
