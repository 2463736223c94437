"""Whether a resolved conflict can be reopened, and what it sets aside.

Everything here is public: which rounds exist, reports and final decisions. Nothing
depends on votes at later stages, which nobody may notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from reviewapp.core.models import Member, Review
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

    A later decision is public. A vote there is not, and changes nothing here.
    """
    if round_.wave.closed_at is not None:
        return _(
            "The wave of this record is closed, so the conflict can't be reopened."
        )
    later = (
        Decision.objects.filter(
            Q(report__record=record_of(round_)) | Q(record=record_of(round_)),
            stage__position__gt=round_.stage.position,
            review=round_.review_id,
        )
        .select_related("stage")
        .order_by("stage__position")
        .last()
    )
    if later is None:
        return ""
    if later.how == Decision.How.ADJUDICATION:
        return _(
            "The record already has a decision at {stage}. Reopen the conflict there "
            "first."
        ).format(stage=later.stage.name)
    return _(
        "The record already has a decision at {stage} that was not made by resolving a "
        "conflict, so this conflict can't be reopened."
    ).format(stage=later.stage.name)


def record_of(round_: Round) -> int:
    """Return the primary key of the round's record or of its report's record."""
    if round_.record_id is not None:
        return int(round_.record_id)
    return int(round_.report.record_id)  # type: ignore[union-attr]


def later_rounds(round_: Round) -> QuerySet[Any]:
    """Return the rounds of the same record or report at later stages, in order."""
    record = record_of(round_)
    found: QuerySet[Any] = Round.objects.unblinded(
        reason="which rounds exist and which were reopened is public"
    ).filter(
        Q(record=record) | Q(report__record=record),
        stage__position__gt=round_.stage.position,
    )
    return found.order_by("pk")


def waits_for_resolution() -> Exists:
    """Return SQL for rounds: was a conflict at an earlier stage reopened?

    Triggers set such a round aside until the record is included there again.
    """
    record = Coalesce(OuterRef("record"), OuterRef("report__record"))
    reopened = (
        Round.objects.unblinded(
            reason="which rounds exist and which were reopened is public"
        )
        .filter(
            Q(record=record) | Q(report=OuterRef("report")),
            review=OuterRef("review"),
            reopened_at__isnull=False,
            stage__position__lt=OuterRef("stage__position"),
        )
        .exclude(verdict=Decision.Verdict.INCLUDE)
    )
    return Exists(reopened)


def rounds_set_aside(review: Review) -> set[int]:
    """Return the rounds that wait for the resolution of a reopened conflict."""
    rounds = Round.objects.unblinded(
        reason="which rounds exist and which were reopened is public"
    ).filter(review=review)
    return set(rounds.filter(waits_for_resolution()).values_list("pk", flat=True))


def records_set_aside(review: Review) -> set[int]:
    """Return the records with a reopened conflict that are not included again."""
    rounds = Round.objects.unblinded(
        reason="which rounds exist and which were reopened is public"
    ).filter(review=review, reopened_at__isnull=False, record__isnull=False)
    return set(
        rounds.exclude(verdict=Decision.Verdict.INCLUDE).values_list(
            "record", flat=True
        )
    )


def _effect(round_: Round, decision: Decision) -> str:
    """Return what reopening does; the same whether or not anyone has voted later."""
    no_decision = _("The record has no decision until the conflict is resolved again.")
    nothing_else = _("It is not yet at a later stage, so no other votes are affected.")
    if decision.verdict == Decision.Verdict.EXCLUDE:
        return f"{no_decision} {nothing_else}"
    parts = [no_decision]
    report = Report.objects.filter(record=record_of(round_)).exists()
    if round_.report_id is None and report:
        parts.append(
            _(
                "It leaves retrieval: its report is set aside with its files, and comes "
                "back as it is if the record is included again."
            )
        )
    later = (
        Stage.objects.filter(pk__in=later_rounds(round_).values("stage"))
        .order_by("position")
        .values_list("name", flat=True)
    )
    parts += [_effect_at(name) for name in later]
    following = Stage.objects.filter(
        review=round_.review_id, position__gt=round_.stage.position
    )
    if round_.report_id is not None and not following.exists():
        parts.append(
            _(
                "The study leaves the included studies. Charts of the study are kept, "
                "and count again if the report is included again."
            )
        )
    elif len(parts) == 1:
        parts.append(nothing_else)
    return " ".join(parts)


def _effect_at(stage: str) -> str:
    return _(
        "It is already at {stage} and leaves it. Votes that members may have cast there "
        "are kept and set aside: they count again if the record is included again, and "
        "nowhere if it is excluded."
    ).format(stage=stage)
