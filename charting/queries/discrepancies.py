"""Discrepancies between charts, for adjudicators: the list, and one study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from charting.models import FinalChart, Form, Reconciliation
from charting.models.charts import Chart, ChartRound
from charting.queries import studies
from charting.queries.charts import reports_of_study
from charting.queries.forms import field_specs
from charting.rules.compare import is_same_answer
from charting.rules.schema import FieldSpec, answer_text, merge_versions
from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, can
from screening.reports.queries.reports import ReportView


@dataclass(frozen=True, slots=True)
class DiscrepancyLine:
    """A study whose charts differ."""

    round_code: str
    form_code: str
    study_label: str


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One reviewer's answer; ``was_asked`` is False if their form version lacks it.

    ``is_changed``: the reviewer changed it to ``changed_text`` after all had submitted,
    which has no effect.
    """

    name: str
    value: Any
    text: str
    was_asked: bool
    is_changed: bool = False
    changed_text: str = ""


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """One question with all answers and, once resolved, the resolution."""

    spec: FieldSpec
    given: tuple[GivenAnswer, ...]
    differs: bool
    is_resolved: bool
    resolution_text: str
    rationale: str
    by: str


@dataclass(frozen=True, slots=True)
class StudyDiscrepancies:
    """A study with discrepancies. ``is_own``: the viewer charted it too.

    ``version``: the number of resolutions that are saved.
    """

    round_code: str
    study_label: str
    reports: tuple[ReportView, ...]
    fields: tuple[FieldComparison, ...]
    is_own: bool
    version: int = 0

    @property
    def differing(self) -> tuple[FieldComparison, ...]:
        """Return the questions whose answers differ."""
        return tuple(field for field in self.fields if field.differs)

    @property
    def agreeing(self) -> tuple[FieldComparison, ...]:
        """Return the questions with the same answer in all charts."""
        return tuple(field for field in self.fields if not field.differs)

    @property
    def changed(self) -> tuple[FieldComparison, ...]:
        """Return the agreeing questions that a reviewer has answered differently since."""
        return tuple(
            field
            for field in self.agreeing
            if any(given.is_changed for given in field.given)
        )

    @property
    def left(self) -> int:
        """Return the number of unresolved discrepancies."""
        return sum(not field.is_resolved for field in self.differing)


def _revealed(viewer: Member) -> QuerySet[ChartRound]:
    resolved = FinalChart.objects.filter(round=OuterRef("pk"))
    rounds: QuerySet[ChartRound] = (
        ChartRound.objects.revealed_to(viewer)
        .filter(
            ~Exists(resolved),
            audience=Audience.ADJUDICATORS,
            wave__closed_at=None,
            study__in=studies.included_studies(viewer.review),
        )
        .select_related("form", "study")
    )
    return rounds


def studies_with_discrepancies(
    viewer: Member, form: Form | None = None
) -> list[DiscrepancyLine]:
    """Return studies with discrepancies for an adjudicator, by name of the study."""
    if not can(viewer, Action.ADJUDICATE):
        return []
    rounds = _revealed(viewer)
    if form is not None:
        rounds = rounds.filter(form=form)
    return [
        DiscrepancyLine(r.code, r.form.code, r.study.label)
        for r in rounds.order_by("form_id", "study__label", "id")
    ]


def get_discrepancies(
    viewer: Member, form: Form, round_code: str
) -> StudyDiscrepancies | None:
    """Return a study's charts side by side, or None if it has no open discrepancies."""
    round_ = _revealed(viewer).filter(form=form, code=round_code).first()
    if round_ is None or not can(viewer, Action.ADJUDICATE):
        return None
    charts = submitted_charts(viewer, round_.pk)
    return StudyDiscrepancies(
        round_code=round_.code,
        study_label=round_.study.label,
        reports=reports_of_study(viewer, round_.study_id),
        fields=compare_answers(
            viewer,
            round_.pk,
            charts,
            reviewer_names(charts, form, is_closed=False),
        ),
        is_own=any(chart.author_id == viewer.pk for chart in charts),
        version=Reconciliation.objects.filter(round=round_).count(),
    )


def submitted_charts(viewer: Member, round_id: int) -> list[Chart]:
    """Return the submitted charts that count and that the viewer may read.

    The order is unrelated to times and assignments, but a chart that was submitted
    after the charts were revealed comes last: a page that is open keeps its order.
    """
    charts = _newest(viewer, round_id, is_late=False).select_related("author", "round")
    return sorted((one for one in charts if one.is_complete), key=_place)


def _newest(viewer: Member, round_id: int, *, is_late: bool) -> QuerySet[Chart]:
    charts: QuerySet[Chart] = (
        Chart.objects.visible_to(viewer)
        .filter(round=round_id, is_late=is_late)
        .order_by("author_id", "-version")
        .distinct("author_id")
    )
    return charts


def _place(chart: Chart) -> tuple[int, str]:
    revealed_at = chart.round.revealed_at
    came_later = revealed_at is not None and chart.created_at > revealed_at
    return (chart.pk if came_later else 0), chart.key.hex


def reviewer_names(
    charts: list[Chart], form: Form, *, is_closed: bool
) -> tuple[str, ...]:
    """Return the names, or "Reviewer 1, 2 …" if the form hides them until closing."""
    if form.hides_names and not is_closed:
        numbers = range(1, len(charts) + 1)
        return tuple(_("Reviewer {number}").format(number=i) for i in numbers)
    return tuple(chart.author.name for chart in charts)


def compare_answers(
    viewer: Member, round_id: int, charts: list[Chart], names: tuple[str, ...]
) -> tuple[FieldComparison, ...]:
    """Return all questions of the charts' form versions with all answers."""
    late = {one.author_id: one for one in _newest(viewer, round_id, is_late=True)}
    shown = [*charts, *late.values()]
    versions = field_specs({chart.form_version_id for chart in shown})
    resolved = {
        row.field_key: row
        for row in Reconciliation.objects.select_related("by")
        .filter(round=round_id, review=viewer.review_id)
        .order_by("id")
    }
    counted = sorted({chart.form_version_id for chart in charts}, reverse=True)
    specs = merge_versions(versions[pk] for pk in counted)
    asked = {pk: {spec.key for spec in fields} for pk, fields in versions.items()}
    return tuple(
        _field(
            spec,
            tuple(
                _given(spec, name, chart, late.get(chart.author_id), asked)
                for chart, name in zip(charts, names, strict=True)
            ),
            resolved.get(spec.key),
        )
        for spec in specs
    )


def _given(
    spec: FieldSpec,
    name: str,
    chart: Chart,
    late: Chart | None,
    asked: dict[int, set[str]],
) -> GivenAnswer:
    value = chart.values.get(spec.key)
    is_changed, changed = False, None
    if late is not None and spec.key in asked[late.form_version_id]:
        changed = late.values.get(spec.key)
        is_changed = not is_same_answer([value, changed])
    return GivenAnswer(
        name=name,
        value=value,
        text=answer_text(value, spec),
        was_asked=spec.key in asked[chart.form_version_id],
        is_changed=is_changed,
        changed_text=answer_text(changed, spec) if is_changed else "",
    )


def _field(
    spec: FieldSpec, given: tuple[GivenAnswer, ...], resolved: Reconciliation | None
) -> FieldComparison:
    answers = [one.value for one in given if one.was_asked]
    return FieldComparison(
        spec=spec,
        given=given,
        differs=bool(answers) and not is_same_answer(answers),
        is_resolved=resolved is not None,
        resolution_text=answer_text(resolved.value, spec) if resolved else "",
        rationale=resolved.rationale if resolved else "",
        by=resolved.by.name if resolved else "",
    )
