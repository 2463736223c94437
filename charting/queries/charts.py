"""A member's own charting: assigned studies, one study, own charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from charting.models import Field, FinalChart, Form
from charting.models.charts import Chart, ChartAssignment, ChartRound
from charting.queries import studies
from charting.queries.forms import (
    VersionView,
    field_spec,
    field_specs,
    newest_published,
    version_view,
)
from charting.rules.schema import (
    FieldSpec,
    answer_text,
    merge_versions,
    offered_answers,
    validate_answers,
)
from reviewapp.core.models import Member, Review
from screening.reports.queries import reports
from screening.reports.queries.reports import ReportView

OPEN = "open"
DRAFT = "draft"
SUBMITTED = "submitted"
FINALISED = "finalised"


@dataclass(frozen=True, slots=True)
class ChartQueueLine:
    """One study to chart. ``state``: open, draft, submitted or finalised.

    ``is_readable``: the viewer can read the charts of others, so theirs can't change.
    """

    round_code: str
    study_label: str
    state: str
    saved_at: datetime | None
    is_readable: bool = False

    @property
    def is_pending(self) -> bool:
        """Return True if the viewer still has to submit a chart."""
        return self.state in (OPEN, DRAFT) and not self.is_readable


@dataclass(frozen=True, slots=True)
class ChartQueue:
    """The viewer's studies with one form, in their order of reading."""

    lines: tuple[ChartQueueLine, ...]

    @property
    def total(self) -> int:
        """Return the number of the viewer's studies."""
        return len(self.lines)

    @property
    def done(self) -> int:
        """Return the number of submitted charts."""
        return sum(line.state in (SUBMITTED, FINALISED) for line in self.lines)

    @property
    def next_code(self) -> str:
        """Return the code of the first study without a submitted chart, or ""."""
        pending = [line for line in self.lines if line.is_pending]
        return pending[0].round_code if pending else ""

    def after(self, round_code: str) -> str:
        """Return the code of the next open study after one, cyclically, or ""."""
        codes = [line.round_code for line in self.lines]
        at = codes.index(round_code) + 1 if round_code in codes else 0
        turned = self.lines[at:] + self.lines[:at]
        pending = [one for one in turned if one.is_pending]
        return next((o.round_code for o in pending if o.round_code != round_code), "")


@dataclass(frozen=True, slots=True)
class ChartPage:
    """One study to chart: its reports, the questions, the viewer's own answers.

    ``chart_version``: number of the form version of the chart, None before the first
    save. ``own_version``: the version of the viewer's chart, 0 before the first save.
    ``is_readable``: the viewer can read the charts of others, so theirs can't change.
    """

    round_code: str
    study_label: str
    reports: tuple[ReportView, ...]
    version: VersionView
    values: dict[str, Any]
    state: str
    chart_version: int | None
    own_version: int
    is_closed: bool
    is_readable: bool = False

    @property
    def is_open(self) -> bool:
        """Return True if the viewer can still edit the chart."""
        can_change = not (self.is_closed or self.is_readable)
        return can_change and self.state in (OPEN, DRAFT)


@dataclass(frozen=True, slots=True)
class OwnChart:
    """The newest version of a chart of the viewer, for their own export."""

    study_label: str
    study_code: str
    version: int
    is_complete: bool
    saved_at: datetime
    values: dict[str, Any]
    offered: frozenset[tuple[str, str]]


def own_charts(viewer: Member) -> QuerySet[Chart]:
    """Return all versions of the viewer's own charts."""
    charts: QuerySet[Chart] = Chart.objects.visible_to(viewer).filter(author=viewer)
    return charts


def _seats(viewer: Member, review: Review) -> QuerySet[Any]:
    newest = own_charts(viewer).filter(round=OuterRef("round")).order_by("-version")
    finalised = FinalChart.objects.filter(round=OuterRef("round"))
    return ChartAssignment.objects.filter(
        member=viewer,
        vacated_at=None,
        form__started_at__isnull=False,
        round__study__in=studies.included_studies(review),
    ).annotate(
        submitted=Subquery(newest.values("is_complete")[:1]),
        saved_at=Subquery(newest.values("created_at")[:1]),
        finalised=Exists(finalised),
        readable=Exists(_readable(viewer).filter(pk=OuterRef("round"))),
    )


def _readable(viewer: Member) -> QuerySet[ChartRound]:
    """Return the rounds in which the viewer can read the charts of others."""
    rounds: QuerySet[ChartRound] = ChartRound.objects.revealed_to(viewer)
    return rounds


def _state(submitted: bool | None, finalised: bool) -> str:
    if finalised:
        return FINALISED
    if submitted is None:
        return OPEN
    return SUBMITTED if submitted else DRAFT


def chart_queue(viewer: Member, form: Form) -> ChartQueue:
    """Return the viewer's studies with a form (one query)."""
    rows = (
        _seats(viewer, form.review)
        .filter(form=form)
        .order_by("order", "id")
        .values_list(
            "round__code",
            "round__study__label",
            "submitted",
            "finalised",
            "saved_at",
            "readable",
        )
    )
    return ChartQueue(
        tuple(
            ChartQueueLine(code, label, _state(submitted, final), saved_at, readable)
            for code, label, submitted, final, saved_at, readable in rows
        )
    )


def open_studies_by_form(viewer: Member) -> list[tuple[str, str, int]]:
    """Return (form code, name, number of the viewer's open studies) per open form."""
    rows = (
        _seats(viewer, viewer.review)
        .filter(round__wave__closed_at=None, finalised=False, readable=False)
        .filter(Q(submitted__isnull=True) | Q(submitted=False))
        .order_by("form_id")
        .values_list("form__code", "form__name")
    )
    counts: dict[tuple[str, str], int] = {}
    for code, name in rows:
        counts[code, name] = counts.get((code, name), 0) + 1
    return [(code, name, n) for (code, name), n in counts.items()]


def get_chart_page(viewer: Member, form: Form, round_code: str) -> ChartPage | None:
    """Return a study that is assigned to the viewer, or was until it was final."""
    final = FinalChart.objects.filter(round=OuterRef("round"))
    assignments = ChartAssignment.objects.filter(
        Q(vacated_at=None) | Q(Exists(final)), round=OuterRef("pk"), member=viewer
    )
    round_ = (
        ChartRound.objects.seen_by(viewer)
        .select_related("study", "wave")
        .filter(Exists(assignments), code=round_code, form=form)
        .first()
    )
    version = version_view(newest_published(form))
    if round_ is None or version is None:
        return None
    chart = (
        own_charts(viewer)
        .select_related("form_version")
        .filter(round=round_)
        .order_by("-version")
        .first()
    )
    if chart and chart.is_complete and chart.form_version_id != version.pk:
        version = version_view(chart.form_version) or version
    finalised = FinalChart.objects.filter(round=round_).exists()
    return ChartPage(
        round_code=round_.code,
        study_label=round_.study.label,
        reports=reports_of_study(viewer, round_.study_id),
        version=version,
        values=dict(chart.values) if chart else {},
        state=_state(chart.is_complete if chart else None, finalised),
        chart_version=chart.form_version.number if chart else None,
        own_version=chart.version if chart else 0,
        is_closed=round_.wave.closed_at is not None,
        is_readable=_readable(viewer).filter(pk=round_.pk).exists(),
    )


def reports_of_study(viewer: Member, study_id: int) -> tuple[ReportView, ...]:
    """Return the reports of a study with their newest files."""
    rows = reports.report_rows(viewer.review).filter(study=study_id).order_by("pk")
    return tuple(reports.report_views(rows))


def count_own_charts(viewer: Member, form: Form) -> int:
    """Return the number of studies with a chart of the viewer, drafts included."""
    rows = own_charts(viewer).filter(round__form=form)
    return rows.values("round").distinct().count()


def newest_own_charts(viewer: Member, form: Form) -> list[OwnChart]:
    """Return the viewer's newest charts with a form, by study."""
    rows = list(
        own_charts(viewer)
        .select_related("round__study", "form_version")
        .filter(round__form=form)
        .order_by("round_id", "-version")
        .distinct("round_id")
    )
    versions = field_specs({row.form_version_id for row in rows})
    return sorted(
        (
            OwnChart(
                study_label=row.round.study.label,
                study_code=row.round.study.code,
                version=row.form_version.number,
                is_complete=row.is_complete,
                saved_at=row.created_at,
                values=row.values,
                offered=offered_answers(versions[row.form_version_id]),
            )
            for row in rows
        ),
        key=lambda chart: (chart.study_label, chart.study_code),
    )


def questions_of_form(form: Form) -> tuple[FieldSpec, ...]:
    """Return all questions of the form's published versions, newest wording first.

    Questions of earlier versions only come last.
    """
    versions = form.versions.exclude(published_at=None).order_by("-number")
    return merge_versions(
        [field_spec(row) for row in sorted(version.fields.all(), key=_place)]
        for version in versions.prefetch_related("fields")
    )


def _place(row: Field) -> tuple[int, int]:
    return row.position, row.pk


def differing_answers(
    charting: ChartPage, typed: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """Return question, saved answer and typed answer of those that differ."""
    clean = validate_answers(typed, charting.version.specs, complete=False)
    found = []
    for spec in charting.version.specs:
        saved = answer_text(charting.values.get(spec.key), spec)
        here = answer_text(clean.values.get(spec.key), spec)
        if spec.key in clean.errors:
            here = str(typed.get(spec.key) or "")
        if saved != here:
            found.append((spec.label, saved, here))
    return found


def own_answers(charting: ChartPage) -> list[tuple[FieldSpec, str]]:
    """Return the viewer's own answers as texts."""
    return [
        (spec, answer_text(charting.values.get(spec.key), spec))
        for spec in charting.version.specs
    ]
