"""Results of charting: final charts of included studies only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from charting.models import FinalChart, Form, Reconciliation
from charting.queries import discrepancies, studies
from charting.queries.charts import fields_of, reports_of
from charting.queries.forms import specs_of
from charting.rules import figures, schema, tables
from charting.rules.figures import BarFigure
from charting.rules.schema import FieldSpec, shown
from charting.rules.tables import CrossTable, FieldTable, Row, Settled
from reviewapp.core.models import Member
from screening.reports.queries.reports import ReportView


@dataclass(frozen=True, slots=True)
class Results:
    """All questions counted.

    ``of``: finalised studies. ``waiting``: included studies that are not finalised; the
    page shows them, so that no count is taken for the total.
    """

    tables: tuple[FieldTable, ...]
    of: int
    included: int
    years: BarFigure | None
    countries: BarFigure | None
    year_key: str
    country_key: str

    @property
    def waiting(self) -> int:
        """Return the number of included studies that are not finalised."""
        return self.included - self.of


@dataclass(frozen=True, slots=True)
class IncludedStudy:
    """An included study; ``settled_code`` is "" if it is not finalised."""

    code: str
    label: str
    settled_code: str
    how: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """The resolution of one discrepancy; public once the study is finalised."""

    label: str
    text: str
    rationale: str
    by: str


@dataclass(frozen=True, slots=True)
class SettledView:
    """A finalised study: answers, resolutions, and the charts the viewer may read."""

    code: str
    study_label: str
    reports: tuple[ReportView, ...]
    version: int
    how_label: str
    settled_at: datetime
    answers: tuple[tuple[FieldSpec, str], ...]
    settlements: tuple[Settlement, ...]
    names: tuple[str, ...]
    fields: tuple[discrepancies.FieldDifference, ...]


def settled(form: Form) -> list[Settled]:
    """Return the finalised studies of a form that are still included, by label."""
    rows = list(
        FinalChart.objects.select_related("study")
        .filter(form=form, study__in=studies.included(form.review))
        .order_by("study__label", "study__code")
    )
    asked = {
        pk: frozenset(spec.key for spec in fields)
        for pk, fields in specs_of({row.form_version_id for row in rows}).items()
    }
    return [
        Settled(
            code=row.study.code,
            label=row.study.label,
            values=row.values,
            # An agreed answer may come from the other chart's newer form version.
            asked=asked[row.form_version_id] | frozenset(row.values),
            settled_code=row.code,
        )
        for row in rows
    ]


def of(viewer: Member, form: Form) -> Results:
    """Return all tables and figures of a form."""
    found = settled(form)
    counted = tuple(tables.field_table(field, found) for field in fields_of(form))
    year, country = _first(counted, schema.YEAR), _first(counted, schema.COUNTRY)
    return Results(
        tables=counted,
        of=len(found),
        included=studies.included(form.review).count(),
        years=figures.per_year(year) if year else None,
        countries=figures.per_country(country) if country else None,
        year_key=year.field.key if year else "",
        country_key=country.field.key if country else "",
    )


def _first(counted: tuple[FieldTable, ...], kind: str) -> FieldTable | None:
    return next((table for table in counted if table.field.kind == kind), None)


def figure(viewer: Member, form: Form, which: str) -> BarFigure | None:
    """Return the figure ``years`` or ``countries``, None without data."""
    results = of(viewer, form)
    return results.years if which == "years" else results.countries


def crossable(form: Form) -> list[FieldSpec]:
    """Return the questions that can form rows or columns of a cross-table."""
    texts = (schema.LONG_TEXT, schema.SHORT_TEXT, schema.NUMBER)
    return [field for field in fields_of(form) if field.kind not in texts]


def cross(viewer: Member, form: Form, down: str, across: str) -> CrossTable | None:
    """Return the cross-table of two questions, or None if one cannot be used."""
    fields = {field.key: field for field in crossable(form)}
    if down not in fields or across not in fields:
        return None
    return tables.cross_table(fields[down], fields[across], settled(form))


def row(
    viewer: Member,
    form: Form,
    *,
    key: str,
    value: str,
    key2: str = "",
    value2: str = "",
) -> Row | None:
    """Return the list behind one count: a row of a table, or a cell of two rows.

    The same functions make the count and the list. Returns None for an unknown row.
    """
    found = settled(form)
    fields = {field.key: field for field in fields_of(form)}
    if key not in fields or (key2 and key2 not in fields):
        return None
    first = tables.field_table(fields[key], found).row(value)
    if first is None or not key2:
        return first
    second = tables.field_table(fields[key2], found).row(value2)
    return tables.both(first, second, len(found)) if second else None


def included(
    viewer: Member, form: Form, *, state: str = ""
) -> tuple[IncludedStudy, ...]:
    """Return all included studies; ``state`` settled or waiting filters them."""
    done = {
        row.study_id: row
        for row in FinalChart.objects.filter(form=form, review=viewer.review_id)
    }
    rows = studies.included(viewer.review).order_by("label", "code")
    lines = [
        IncludedStudy(
            code=study.code,
            label=study.label,
            settled_code=done[study.pk].code if study.pk in done else "",
            how=done[study.pk].get_how_display() if study.pk in done else "",
        )
        for study in rows
    ]
    if state in ("settled", "waiting"):
        keep = state == "settled"
        lines = [line for line in lines if bool(line.settled_code) == keep]
    return tuple(lines)


def one(viewer: Member, form: Form, code: str) -> SettledView | None:
    """Return a finalised study, with the charts that the viewer may read."""
    found = (
        FinalChart.objects.select_related("study", "form_version")
        .filter(form=form, code=code, review=viewer.review_id)
        .first()
    )
    if found is None:
        return None
    charts = discrepancies.standing_charts(viewer, found.round_id)
    names = discrepancies.names_of(charts, form)
    specs = {spec.key: spec for spec in fields_of(form)}
    return SettledView(
        code=found.code,
        study_label=found.study.label,
        reports=reports_of(viewer, found.study_id),
        version=found.form_version.number,
        how_label=found.get_how_display(),
        settled_at=found.settled_at,
        answers=tuple(
            (spec, shown(found.values.get(spec.key), spec)) for spec in specs.values()
        ),
        settlements=_settlements(viewer, found.round_id, specs),
        names=names,
        fields=discrepancies.side_by_side(viewer, found.round_id, charts, names)
        if len(charts) > 1
        else (),
    )


def _settlements(
    viewer: Member, round_id: int, specs: dict[str, FieldSpec]
) -> tuple[Settlement, ...]:
    """Return the newest resolution of each discrepancy, in the order of the form."""
    rows = Reconciliation.objects.select_related("by").filter(
        round=round_id, review=viewer.review_id
    )
    newest = {row.field_key: row for row in rows.order_by("id")}
    return tuple(
        Settlement(
            label=spec.label,
            text=shown(newest[key].value, spec),
            rationale=newest[key].rationale,
            by=newest[key].by.name,
        )
        for key, spec in specs.items()
        if key in newest
    )
