"""Included studies and charting forms, as left by screening."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from charting.models import Form
from charting.models.charts import ChartAssignment, ChartRound
from charting.rules.schema import AnswerOption, FieldSpec
from charting.services import charts, forms
from reviewapp.core.models import Member
from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Round
from screening.records.models import Source
from screening.reports.models import Report, Study
from tests.factories import NOW, make_records, make_source, make_wave

ROLE = FieldSpec(
    "role",
    "choose_one",
    "Role",
    options=(
        AnswerOption("support", "Peer support"),
        AnswerOption("partner", "Partner"),
    ),
    is_required=True,
)
PHASES = FieldSpec(
    "phases",
    "choose_all",
    "Phases",
    help="All that apply.",
    options=(
        AnswerOption("design", "Co-design"),
        AnswerOption("delivery", "Co-delivery"),
    ),
)
YEAR = FieldSpec("year", "year", "Year published", is_required=True)
COUNTRY = FieldSpec("country", "country", "Country")
DESIGN = FieldSpec("design", "short_text", "Study design", section="Methods")
FIELDS = [YEAR, COUNTRY, ROLE, PHASES, DESIGN]
VALUES: dict[str, Any] = {
    "year": 2020,
    "country": ["NO"],
    "role": "support",
    "phases": ["design"],
    "design": "Survey",
}


def full_text_stage(actor: Member) -> Stage:
    """Return the last stage of the actor's review; create it if needed."""
    stage, _ = Stage.objects.get_or_create(
        review=actor.review,
        position=90,
        defaults={
            "kind": Stage.Kind.FULL_TEXT,
            "subject": Stage.Subject.REPORT,
            "name": "Full text",
            "needs_reason": True,
            "created_at": NOW,
        },
    )
    return stage


def make_included(actor: Member, n: int = 3) -> Sequence[Study]:
    """Create ``n`` studies of one report each, included at the last stage."""
    stage = full_text_stage(actor)
    source = Source.objects.filter(review=actor.review).first() or make_source(actor)
    studies = []
    for record in make_records(actor, n, source):
        study = Study.objects.create(
            review=actor.review, label=f"Family {record.title[14:20]}", created_at=NOW
        )
        report = Report.objects.create(
            review=actor.review,
            record=record,
            study=study,
            retrieval=Report.Retrieval.RETRIEVED,
            created_at=NOW,
        )
        round_ = Round.objects.unblinded(reason="tests: a settled round").create(
            review=actor.review,
            stage=stage,
            wave=make_wave(actor, stage),
            report=report,
            order=0,
            created_at=NOW,
            sealed_at=NOW,
        )
        Decision.objects.create(
            review=actor.review,
            stage=stage,
            round=round_,
            report=report,
            verdict=Decision.Verdict.INCLUDE,
            how=Decision.How.AGREEMENT,
            decided_at=NOW,
        )
        studies.append(study)
    return studies


def make_form(
    lead: Member,
    first: Iterable[Member] = (),
    second: Iterable[Member] = (),
    *,
    share: int = 0,
    fields: Sequence[FieldSpec] = FIELDS,
    name: str = "Main form",
) -> Form:
    """Create a published form; assign and start it if there are reviewers."""
    form = forms.create_form(actor=lead, name=name, fields=fields, now=NOW)
    forms.publish_form(actor=lead, form_code=form.code, now=NOW)
    if first:
        forms.assign_charting(
            actor=lead,
            form_code=form.code,
            first=list(first),
            second=list(second),
            second_share=Decimal(share),
            seed=4711,
            key=f"{4711:032x}",
            now=NOW,
        )
        forms.start_charting(actor=lead, form_code=form.code, now=NOW)
    form.refresh_from_db()
    return form


def rounds_of(form: Form, member: Member | None = None) -> list[ChartRound]:
    """Return the form's rounds in reading order, or those assigned to ``member``."""
    rounds = ChartRound.objects.unblinded(reason="tests look behind the curtain")
    found = rounds.filter(form=form).order_by("order")
    if member is not None:
        seats = ChartAssignment.objects.filter(member=member, vacated_at=None)
        found = found.filter(pk__in=seats.values("round_id"))
    return list(found)


def save(
    member: Member, round_: ChartRound, *, complete: bool = True, **changes: Any
) -> charts.SavedChart:
    """Chart a study with ``VALUES``, changed; None leaves a question unanswered."""
    values = {**VALUES, **changes}
    return charts.save_chart(
        actor=member,
        round_code=round_.code,
        values={k: v for k, v in values.items() if v is not None},
        complete=complete,
        key=uuid.uuid4(),
        now=NOW,
    )
