"""Results of charting: settled charts only, of included studies only.

Nothing here looks at rounds or at charts that are not settled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from charting.models import Form, Reconciliation, SettledChart
from charting.queries import desk, studies
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
    """All questions counted. ``of``: settled studies; ``waiting``: included ones
    that are not settled yet, so that no number passes for the whole."""

    tables: tuple[FieldTable, ...]
    of: int
    included: int
    years: BarFigure | None
    countries: BarFigure | None
    year_key: str
    country_key: str

    @property
    def waiting(self) -> int:
        """Included studies that are not settled."""
        return self.included - self.of


@dataclass(frozen=True, slots=True)
class IncludedStudy:
    """An included study; ``settled_code`` "" while it is not settled."""

    code: str
    label: str
    settled_code: str
    how: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one difference was settled; public once the study is settled."""

    label: str
    text: str
    rationale: str
    by: str


@dataclass(frozen=True, slots=True)
class SettledView:
    """A settled study: its answers, how they came about, the charts one may read."""

    code: str
    form_code: str
    form_name: str
    study_label: str
    reports: tuple[ReportView, ...]
    version: int
    how: str
    how_label: str
    settled_at: datetime
    answers: tuple[tuple[FieldSpec, str], ...]
    settlements: tuple[Settlement, ...]
    names: tuple[str, ...]
    fields: tuple[desk.FieldDifference, ...]


def settled(form: Form) -> list[Settled]:
    """The settled studies of a form that are (still) included, by label."""
    rows = list(
        SettledChart.objects.select_related("study")
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
            # An agreed answer may come from the other charter's newer version.
            asked=asked[row.form_version_id] | frozenset(row.values),
            settled_code=row.code,
        )
        for row in rows
    ]


def of(viewer: Member, form: Form) -> Results:
    """All tables and figures of a form."""
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
    """The figure ``years`` or ``countries``; None without data."""
    results = of(viewer, form)
    return results.years if which == "years" else results.countries


def crossable(form: Form) -> list[FieldSpec]:
    """Questions whose answers make rows or columns."""
    texts = (schema.LONG_TEXT, schema.SHORT_TEXT, schema.NUMBER)
    return [field for field in fields_of(form) if field.kind not in texts]


def cross(viewer: Member, form: Form, down: str, across: str) -> CrossTable | None:
    """Two questions against one another; None unless both can be."""
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
    """The list behind one number: a table's row, or a cell of two of them.

    The same functions make the number and the list. None when there is no such row.
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
    """All included studies; ``state`` settled or waiting keeps those only."""
    done = {
        row.study_id: row
        for row in SettledChart.objects.filter(form=form, review=viewer.review_id)
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
    """A settled study; the original charts only as far as the viewer may read."""
    found = (
        SettledChart.objects.select_related("study", "form_version")
        .filter(form=form, code=code, review=viewer.review_id)
        .first()
    )
    if found is None:
        return None
    charts = desk.standing_charts(viewer, found.round_id)
    names = desk.names_of(charts, form)
    specs = {spec.key: spec for spec in fields_of(form)}
    return SettledView(
        code=found.code,
        form_code=form.code,
        form_name=form.name,
        study_label=found.study.label,
        reports=reports_of(viewer, found.study_id),
        version=found.form_version.number,
        how=found.how,
        how_label=found.get_how_display(),
        settled_at=found.settled_at,
        answers=tuple(
            (spec, shown(found.values.get(spec.key), spec)) for spec in specs.values()
        ),
        settlements=_settlements(viewer, found.round_id, specs),
        names=names,
        fields=desk.side_by_side(viewer, found.round_id, charts, names)
        if len(charts) > 1
        else (),
    )


def _settlements(
    viewer: Member, round_id: int, specs: dict[str, FieldSpec]
) -> tuple[Settlement, ...]:
    """The standing settlement of each difference, in the form's order."""
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
