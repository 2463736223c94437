"""Whether a resolved conflict can be reopened; everything here is public."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Round
from screening.reports.models import Report


@dataclass(frozen=True, slots=True)
class ReopeningView:
    """What reopening would mean. ``obstacle``: why it is not possible, or ""."""

    obstacle: str
    effect: str


def find_reopening(viewer: Member, round_code: str) -> ReopeningView | None:
    """Return what reopening a conflict means, or None if no adjudicator resolved it."""
    round_ = (
        Round.objects.revealed_to(viewer)
        .filter(code=round_code)
        .select_related("stage", "wave")
        .first()
    )
    decision = Decision.objects.filter(round_id=round_.pk).first() if round_ else None
    if decision is None or decision.how != Decision.How.ADJUDICATION:
        return None
    return ReopeningView(obstacle(round_, decision), _effect(round_, decision))


def obstacle(round_: Round, decision: Decision) -> str:
    """Return why the conflict of a decision can't be reopened, or "".

    It does not depend on votes at later stages, which nobody may notice.
    """
    if round_.wave.closed_at is not None:
        return _(
            "The wave of this record is closed, so the conflict can't be reopened."
        )
    if decision.verdict == Decision.Verdict.EXCLUDE:
        return ""
    following = _stage_after(round_.stage)
    if following and _is_at(following, round_):
        return _(
            "The record is already at {stage}, where votes may have been cast. They "
            "are kept, so the conflict can't be reopened. Exclude the record there "
            "instead."
        ).format(stage=following.name)
    if round_.report_id is None and _has_report(round_):
        return _(
            "The record was included, and its report has been sent to retrieval. The "
            "conflict can't be reopened. Exclude the report at full text, or mark it as "
            "not retrieved."
        )
    return ""


def _effect(round_: Round, decision: Decision) -> str:
    if round_.report_id is not None and decision.verdict == Decision.Verdict.INCLUDE:
        return _(
            "The study leaves the included studies until the conflict is resolved "
            "again. Charts of the study are kept, and count again if the report is "
            "included again."
        )
    return _(
        "The record has no decision until the conflict is resolved again. It is not yet "
        "at a later stage, so no other votes are affected."
    )


def _stage_after(stage: Stage) -> Stage | None:
    return (
        Stage.objects.filter(
            review=stage.review_id, subject=stage.subject, position__gt=stage.position
        )
        .order_by("position")
        .first()
    )


def _is_at(stage: Stage, round_: Round) -> bool:
    rounds = Round.objects.unblinded(reason="a round at a later stage is public")
    found = rounds.filter(stage=stage, record=round_.record_id, report=round_.report_id)
    return bool(found.exists())


def _has_report(round_: Round) -> bool:
    return Report.objects.filter(record=round_.record_id).exists()
