"""Charting by the simulated team: form, charts, resolutions, closing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from charting.models import Form
from charting.queries import charts as chart_queries
from charting.queries import discrepancies, waves
from charting.rules.templates import PEER_WORKERS
from charting.services import charts as chart_services
from charting.services import forms, reconcile
from charting.services.charts import ChartToSubmit
from charting.services.reconcile import Resolution
from reviewapp.core.models import Member
from reviewapp.demo import charts as plan
from reviewapp.demo.loading.people import DemoTeam
from reviewapp.demo.loading.screening import SEED, WorksByRecord
from reviewapp.demo.work import Work
from screening.reports.models import Report

RATIONALE = "Read once more together: as the results section has it."


@dataclass(frozen=True, slots=True)
class AssignedStudy:
    """A study assigned to a member, and the work behind it."""

    round_code: str
    work: Work


def start_charting(team: DemoTeam, *, second_share: Decimal, now: datetime) -> Form:
    """Return the shipped form, published, assigned to both reviewers and started."""
    lead = team.lead
    form = Form.objects.filter(review=lead.review, name=PEER_WORKERS.name).first()
    form = form or forms.create_form(
        actor=lead,
        name=PEER_WORKERS.name,
        fields=[],
        template=PEER_WORKERS.key,
        now=now,
    )
    if form.versions.filter(published_at=None).exists():
        forms.publish_form(actor=lead, form_code=form.code, now=now)
    if form.started_at is None:
        forms.assign_charting(
            actor=lead,
            form_code=form.code,
            first=[team.first],
            second=[team.second],
            second_share=second_share,
            seed=SEED,
            key=f"{SEED:032x}",
            now=now,
        )
        forms.start_charting(actor=lead, form_code=form.code, now=now)
    form.refresh_from_db()
    return form


def open_studies(
    member: Member, form: Form, truth: WorksByRecord
) -> list[AssignedStudy]:
    """Return the member's studies without a submitted chart, in their order."""
    by_label = _works_by_label(member, truth)
    lines = chart_queries.chart_queue(member, form).lines
    return [
        AssignedStudy(
            line.round_code,
            by_label.get(line.study_label) or _work(member, form, line, truth),
        )
        for line in lines
        if line.state in (chart_queries.OPEN, chart_queries.DRAFT)
    ]


def _works_by_label(member: Member, truth: WorksByRecord) -> dict[str, Work]:
    """Return the works by the label of their study, if it is unique."""
    rows = list(
        Report.objects.filter(review=member.review).values_list(
            "study__label", "record"
        )
    )
    often = Counter(label for label, _ in rows)
    return {
        label: truth.by_record[record] for label, record in rows if often[label] == 1
    }


def _work(
    member: Member, form: Form, line: chart_queries.ChartQueueLine, truth: WorksByRecord
) -> Work:
    found = chart_queries.get_chart_page(member, form, line.round_code)
    if found is None:
        raise LookupError(f"{member.name} has no place in {line.round_code}")
    return truth.of_code(found.reports[0].record_code)


def submit_charts(
    member: Member,
    found: Iterable[tuple[AssignedStudy, plan.PlannedChart]],
    now: datetime,
) -> None:
    """Submit the member's charts of these studies."""
    chart_services.submit_charts(
        actor=member,
        charts=[
            ChartToSubmit(place.round_code, chart_values(chart))
            for place, chart in found
        ],
        now=now,
    )


def chart_all(team: DemoTeam, form: Form, truth: WorksByRecord, now: datetime) -> None:
    """Submit the planned charts of both reviewers."""
    first = open_studies(team.first, form, truth)
    submit_charts(
        team.first, [(p, plan.planned_charts()[p.work.key]) for p in first], now
    )
    second = open_studies(team.second, form, truth)
    submit_charts(
        team.second, [(p, plan.second_chart(p.work.key)) for p in second], now
    )


def chart_values(chart: plan.PlannedChart) -> dict[str, Any]:
    """Return the planned chart as answers to the shipped form."""
    return {
        "authors": chart.authors,
        "year_published": chart.year,
        "country": chart.country,
        "study_design": chart.design,
        "context": chart.context,
        "research_focus": chart.focus,
        "involvement": list(chart.involvement),
        "approach": chart.approach,
        "role": chart.role,
        "collaborates_with": "; ".join(chart.collaborates_with),
        "multidisciplinary": chart.multidisciplinary,
        "boundary_spanner": chart.boundary_spanner,
        "boundary_spanner_quotation": chart.quotation,
        "activities_with_groups": chart.groups,
    }


def resolve_discrepancies(
    team: DemoTeam, form: Form, truth: WorksByRecord, now: datetime
) -> int:
    """Resolve all discrepancies as planned; return the number of studies."""
    lines: Sequence[discrepancies.DiscrepancyLine] = (
        discrepancies.studies_with_discrepancies(team.admin, form)
    )
    for line in lines:
        found = discrepancies.get_discrepancies(team.admin, form, line.round_code)
        if found is None:
            continue
        work = truth.of_code(found.reports[0].record_code)
        planned = chart_values(plan.planned_charts()[work.key])
        reconcile.resolve_discrepancies(
            actor=team.admin,
            round_code=line.round_code,
            answers=[
                Resolution(one.spec.key, planned[one.spec.key], RATIONALE)
                for one in found.differing
            ],
            now=now,
        )
    return len(lines)


def is_open(form: Form) -> bool:
    """Return True if the form has an open wave."""
    return waves.open_wave(form) is not None


def close_charting(team: DemoTeam, form: Form, now: datetime) -> None:
    """Close charting as the lead."""
    if is_open(form):
        forms.close_charting(actor=team.lead, form_code=form.code, now=now)
