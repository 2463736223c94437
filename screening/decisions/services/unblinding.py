"""Early unblinding of one round, a stage or a review, by a lead and with an event.

Unblinded rounds are sealed: later votes of members who can't read the others are stored
as late, so agreement uses only votes cast before. No assignment is removed, because
that would tell its member that another one has voted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.queries.lookup import get_by_code
from reviewapp.core.refusals import Missing, Refused
from screening.decisions import hooks
from screening.decisions.models import Decision, Stage, Wave
from screening.decisions.models.rounds import Round, Verdict
from screening.decisions.queries import policies, stage_items, waves
from screening.decisions.rules.consensus import Ballot
from screening.decisions.services import decisions, round_votes

Judged = tuple[Round, Sequence[Ballot]]


@dataclass(frozen=True, slots=True)
class UnblindedCounts:
    """The number of unblinded rounds, and how many of them are conflicts now."""

    rounds: int
    conflicts: int


@transaction.atomic
def unblind_round(
    *, actor: Member, round_code: str, reason: str, now: datetime
) -> None:
    """Make the votes of a round visible to the adjudicators, who then resolve it.

    This cannot be undone: the round is sealed, and the audit log shows everyone who did
    it and why.

    Raises:
        Missing: no such round. Refused: no reason, or it is unblinded already.
    """
    reason = _reason(actor, reason)
    round_ = (
        Round.objects.unblinded(reason="a lead unblinds this round, logged")
        .filter(code=round_code, review=actor.review_id)
        .select_for_update(no_key=True)
        .first()
    )
    if round_ is None:
        raise Missing(_("There is no such record at this stage."))
    if round_.audience >= Audience.ADJUDICATORS:
        raise Refused(_("These votes are already unblinded."))
    _open([round_.pk], now)
    stage = round_.stage.name
    _log(actor, "round:unblinded", round_.code, reason, now, stage=stage)


@transaction.atomic
def unblind_stage(
    *, actor: Member, stage_code: str, reason: str, now: datetime
) -> UnblindedCounts:
    """Make all votes cast so far at a stage visible to the adjudicators.

    A vote by the only assigned reviewer becomes final, as when a stage closes. Other
    rounds with a vote become conflicts. Rounds without votes stay blinded.

    Raises:
        Refused: no reason, or the stage is not under way.
    """
    reason = _reason(actor, reason)
    stage = get_by_code(Stage.objects.select_for_update(no_key=True), actor, stage_code)
    wave = waves.open_wave(stage)
    if wave is None:
        raise Refused(
            _("{stage} is not under way, so there are no votes to unblind.").format(
                stage=stage.name
            )
        )
    judged = _judged(wave)
    results = decisions.single_vote_results(stage, judged)
    _open([round_.pk for round_, _ in judged], now)
    decided = {result.round_id for result in results}
    decisions.decide_rounds(
        stage=stage, results=results, how=Decision.How.SINGLE, actor=actor, now=now
    )
    agreed = _open_agreed(wave, now)
    _log(actor, "stage:unblinded", stage.code, reason, now, stage=stage.name)
    conflicts = sum(round_.pk not in decided for round_, _ in judged)
    return UnblindedCounts(rounds=len(judged) + agreed, conflicts=conflicts)


@transaction.atomic
def unblind_review(*, actor: Member, reason: str, now: datetime) -> UnblindedCounts:
    """Unblind every stage under way, and through a hook what other apps hold.

    Raises:
        Refused: no reason.
    """
    reason = _reason(actor, reason)
    under_way = Stage.objects.filter(waves.under_way(), review=actor.review_id)
    opened = [
        unblind_stage(actor=actor, stage_code=stage.code, reason=reason, now=now)
        for stage in under_way.order_by("position")
    ]
    hooks.review_unblinded.call(actor=actor, reason=reason, now=now)
    _log(actor, "review:unblinded", actor.review.code, reason, now)
    return UnblindedCounts(
        rounds=sum(one.rounds for one in opened),
        conflicts=sum(one.conflicts for one in opened),
    )


def _reason(actor: Member, reason: str) -> str:
    require(actor, Action.SET_POLICY)
    if not reason.strip():
        raise Refused(
            _("Enter a reason for unblinding the votes. The team can read it.")
        )
    return reason.strip()


def _judged(wave: Wave) -> list[Judged]:
    """Return the unsealed rounds that have a vote, locked, with their ballots."""
    unsealed: list[Any] = list(
        Round.objects.unblinded(reason="a lead unblinds this stage, logged")
        .filter(stage_items.subject_in_review(), wave=wave, sealed_at=None)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    said = round_votes.ballots_of_rounds(
        [one.pk for one in unsealed], places=policies.pool_size_of(wave.stage)
    )
    return [
        (one, said[one.pk])
        for one in unsealed
        if any(_stands(verdict) for verdict, _ in said.get(one.pk, ()))
    ]


def _stands(verdict: str | None) -> bool:
    return verdict not in {None, Verdict.WITHDRAWN}


def _open(pks: Collection[int], now: datetime) -> None:
    """Seal the rounds and show them to the adjudicators."""
    Round.objects.unblinded(reason="adjudicators can see unblinded rounds").filter(
        pk__in=pks
    ).update(
        audience=Audience.ADJUDICATORS,
        sealed_at=Coalesce("sealed_at", Value(now)),
        revealed_at=Coalesce("revealed_at", Value(now)),
        unblinded_at=now,
    )


def _open_agreed(wave: Wave, now: datetime) -> int:
    """Make votes of agreed rounds visible to adjudicators; return their number."""
    agreed = Round.objects.unblinded(reason="decided rounds of an unblinded stage")
    n: int = agreed.filter(
        wave=wave, sealed_at__isnull=False, audience=Audience.AUTHOR
    ).update(audience=Audience.ADJUDICATORS, revealed_at=now)
    return n


def _log(
    actor: Member, kind: str, subject: str, reason: str, now: datetime, **data: Any
) -> None:
    # Without counts: only members who can see the votes may learn the progress.
    events.record(
        review=actor.review,
        actor=actor,
        kind=kind,
        now=now,
        subject=subject,
        reason=reason,
        **data,
    )
