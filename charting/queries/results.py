"""Results of charting: final charts of included studies only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q

from charting.models import FinalChart, Form, Reconciliation
from charting.queries import discrepancies, studies
from charting.queries.charts import questions_of_form, reports_of_study
from charting.queries.forms import field_specs
from charting.rules import figures, schema, tables
from charting.rules.figures import BarFigure
from charting.rules.schema import FieldSpec, answer_text, offered_answers
from charting.rules.tables import CrossTable, FieldTable, FinalisedStudy, ResultRow
from reviewapp.core.models import Member
from screening.reports.queries.reports import ReportView


@dataclass(frozen=True, slots=True)
class Results:
    """All questions counted.

    ``finalised``: finalised studies. ``pending``: included studies that are not finalised; the
    page shows them, so that no count is taken for the total.
    """

    tables: tuple[FieldTable, ...]
    finalised: int
    included: int
    years: BarFigure | None
    countries: BarFigure | None
    year_key: str
    country_key: str

    @property
    def pending(self) -> int:
        """Return the number of included studies that are not finalised."""
        return self.included - self.finalised


@dataclass(frozen=True, slots=True)
class IncludedStudy:
    """An included study; ``final_chart_code`` is "" if it is not finalised."""

    code: str
    label: str
    final_chart_code: str
    how: str


@dataclass(frozen=True, slots=True)
class ResolvedDiscrepancy:
    """The resolution of one discrepancy; public once the study is finalised."""

    label: str
    text: str
    rationale: str
    by: str


@dataclass(frozen=True, slots=True)
class FinalChartView:
    """A finalised study: answers, resolutions, and the charts the viewer may read."""

    code: str
    study_label: str
    reports: tuple[ReportView, ...]
    version: int
    how_label: str
    finalised_at: datetime
    answers: tuple[tuple[FieldSpec, str], ...]
    resolutions: tuple[ResolvedDiscrepancy, ...]
    names: tuple[str, ...]
    fields: tuple[discrepancies.FieldComparison, ...]


def finalised_studies(form: Form) -> list[FinalisedStudy]:
    """Return the finalised studies of a form that are still included, by label."""
    rows = list(
        FinalChart.objects.select_related("study", "form_version")
        .filter(form=form, study__in=studies.included_studies(form.review))
        .order_by("study__label", "study__code")
    )
    versions = field_specs({row.form_version_id for row in rows})
    asked = {
        pk: frozenset(spec.key for spec in fields) for pk, fields in versions.items()
    }
    offered = {pk: offered_answers(fields) for pk, fields in versions.items()}
    return [
        FinalisedStudy(
            code=row.study.code,
            label=row.study.label,
            values=row.values,
            # An agreed answer may come from the other chart's newer form version.
            asked=asked[row.form_version_id] | frozenset(row.values),
            final_chart_code=row.code,
            how=row.get_how_display(),
            version=row.form_version.number,
            finalised_on=row.finalised_at.date(),
            offered=offered[row.form_version_id],
        )
        for row in rows
    ]


def get_results(viewer: Member, form: Form) -> Results:
    """Return all tables and figures of a form."""
    found = finalised_studies(form)
    counted = tuple(
        tables.field_table(field, found) for field in questions_of_form(form)
    )
    year, country = _first(counted, schema.YEAR), _first(counted, schema.COUNTRY)
    return Results(
        tables=counted,
        finalised=len(found),
        included=studies.included_studies(form.review).count(),
        years=figures.per_year(year) if year else None,
        countries=figures.per_country(country) if country else None,
        year_key=year.field.key if year else "",
        country_key=country.field.key if country else "",
    )


def _first(counted: tuple[FieldTable, ...], kind: str) -> FieldTable | None:
    return next((table for table in counted if table.field.kind == kind), None)


def get_figure(viewer: Member, form: Form, which: str) -> BarFigure | None:
    """Return the figure ``years`` or ``countries``, None without data."""
    results = get_results(viewer, form)
    return results.years if which == "years" else results.countries


def questions_to_cross(form: Form) -> list[FieldSpec]:
    """Return the questions that can form rows or columns of a cross-table."""
    texts = (schema.LONG_TEXT, schema.SHORT_TEXT, schema.NUMBER)
    return [field for field in questions_of_form(form) if field.kind not in texts]


def get_cross_table(
    viewer: Member, form: Form, down: str, across: str
) -> CrossTable | None:
    """Return the cross-table of two questions, or None if one cannot be used."""
    fields = {field.key: field for field in questions_to_cross(form)}
    if down not in fields or across not in fields:
        return None
    return tables.cross_table(fields[down], fields[across], finalised_studies(form))


def find_row(
    viewer: Member,
    form: Form,
    *,
    key: str,
    value: str,
    key2: str = "",
    value2: str = "",
) -> ResultRow | None:
    """Return the list behind one count: a row of a table, or a cell of two rows.

    The same functions make the count and the list. Returns None for an unknown row.
    """
    found = finalised_studies(form)
    fields = {field.key: field for field in questions_of_form(form)}
    if key not in fields or (key2 and key2 not in fields):
        return None
    first = tables.field_table(fields[key], found).row(value)
    if first is None or not key2:
        return first
    second = tables.field_table(fields[key2], found).row(value2)
    return tables.intersect_rows(first, second, len(found)) if second else None


def list_included(
    viewer: Member, form: Form, *, state: str = ""
) -> tuple[IncludedStudy, ...]:
    """Return all included studies; ``state`` settled or waiting filters them."""
    done = {
        row.study_id: row
        for row in FinalChart.objects.filter(form=form, review=viewer.review_id)
    }
    rows = studies.included_studies(viewer.review).order_by("label", "code")
    lines = [
        IncludedStudy(
            code=study.code,
            label=study.label,
            final_chart_code=done[study.pk].code if study.pk in done else "",
            how=done[study.pk].get_how_display() if study.pk in done else "",
        )
        for study in rows
    ]
    if state in ("settled", "waiting"):
        keep = state == "settled"
        lines = [line for line in lines if bool(line.final_chart_code) == keep]
    return tuple(lines)


def get_final_chart(viewer: Member, form: Form, code: str) -> FinalChartView | None:
    """Return a finalised study, with the charts that the viewer may read."""
    found = (
        FinalChart.objects.select_related("study", "form_version")
        .annotate(
            is_closed=ExpressionWrapper(
                Q(round__wave__closed_at__isnull=False), BooleanField()
            )
        )
        .filter(form=form, code=code, review=viewer.review_id)
        .first()
    )
    if found is None:
        return None
    charts = discrepancies.submitted_charts(viewer, found.round_id)
    names = discrepancies.reviewer_names(charts, form, is_closed=found.is_closed)
    specs = {spec.key: spec for spec in questions_of_form(form)}
    return FinalChartView(
        code=found.code,
        study_label=found.study.label,
        reports=reports_of_study(viewer, found.study_id),
        version=found.form_version.number,
        how_label=found.get_how_display(),
        finalised_at=found.finalised_at,
        answers=tuple(
            (spec, answer_text(found.values.get(spec.key), spec))
            for spec in specs.values()
        ),
        resolutions=_resolutions(viewer, found.round_id, specs),
        names=names,
        fields=discrepancies.compare_answers(viewer, found.round_id, charts, names)
        if len(charts) > 1
        else (),
    )


def _resolutions(
    viewer: Member, round_id: int, specs: dict[str, FieldSpec]
) -> tuple[ResolvedDiscrepancy, ...]:
    """Return the newest resolution of each discrepancy, in the order of the form."""
    rows = Reconciliation.objects.select_related("by").filter(
        round=round_id, review=viewer.review_id
    )
    newest = {row.field_key: row for row in rows.order_by("id")}
    return tuple(
        ResolvedDiscrepancy(
            label=spec.label,
            text=answer_text(newest[key].value, spec),
            rationale=newest[key].rationale,
            by=newest[key].by.name,
        )
        for key, spec in specs.items()
        if key in newest
    )
