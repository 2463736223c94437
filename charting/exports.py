"""Charts as CSV. Cells that a spreadsheet would run as a formula are made harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils import translation

from charting.models import FinalChart, Form
from charting.queries import charts, results
from charting.queries.charts import questions_of_form
from charting.rules.schema import NUMBER, YEAR, FieldSpec, answer_text
from reviewapp.core.lib.cells import safe_cell
from reviewapp.core.models import Member

_NUMERIC = {NUMBER, YEAR}


def _cell(value: object, field: FieldSpec) -> str:
    text = answer_text(value, field)
    return text if field.kind in _NUMERIC else safe_cell(text)


def _written(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return the CSV with a byte order mark, so that Excel reads it as UTF-8."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([safe_cell(cell) for cell in header])
    writer.writerows(rows)
    return out.getvalue()


# Scripts read these files: they are the same in every language of the interface.
@translation.override(None)
def final_charts_csv(viewer: Member, form: Form) -> str:
    """Return a row per finalised study: code, label, how it was finalised, answers."""
    fields = questions_of_form(form)
    how = {
        row.study.code: (
            row.get_how_display(),
            str(row.form_version.number),
            row.finalised_at.date().isoformat(),
        )
        for row in FinalChart.objects.select_related("study", "form_version").filter(
            form=form, review=viewer.review_id
        )
    }
    rows = [
        [
            study.code,
            safe_cell(study.label),
            *how[study.code],
            *(_cell(study.values.get(field.key), field) for field in fields),
        ]
        for study in results.finalised_studies(form)
    ]
    header = ["study", "label", "finalised by", "form version", "finalised on"]
    return _written([*header, *(field.label for field in fields)], rows)


@translation.override(None)
def own_charts_csv(viewer: Member, form: Form) -> str:
    """Return the viewer's own newest charts, drafts included, and no one else's."""
    fields = questions_of_form(form)
    rows = [
        [
            chart.study_code,
            safe_cell(chart.study_label),
            "submitted" if chart.is_complete else "draft",
            str(chart.version),
            chart.saved_at.date().isoformat(),
            *(_cell(chart.values.get(field.key), field) for field in fields),
        ]
        for chart in charts.newest_own_charts(viewer, form)
    ]
    header = ["study", "label", "state", "form version", "saved on"]
    return _written([*header, *(field.label for field in fields)], rows)
