"""Closing a wave of a stage.

Votes by a single reviewer become final, all votes become visible, and nothing in the
wave can change any more.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewapp.core import events
from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.queries.lookup import get_by_code
from reviewapp.core.refusals import Refused
from screening.decisions.models import Decision, Stage, Wave
from screening.decisions.models.rounds import Round, Vote
from screening.decisions.queries import (
    conflicts,
    policies,
    queue,
    stage_items,
    waves,
)
from screening.decisions.rules import consensus
from screening.decisions.rules.consensus import Incomplete
from screening.decisions.services import decisions, round_votes


@transaction.atomic
def close_wave(*, actor: Member, stage_code: str, now: datetime) -> Wave:
    """Close the open wave of a stage permanently and return it.

    Rounds with one vote by the only reviewer are decided now; then all votes become
    visible to all members. Rounds of duplicates stay as they are. If the merge is
    undone, they move to the next wave. If all waves are closed, returns the last one.

    Raises:
        Refused: a member with assignments has not marked their screening as finished
        (this reveals only their own, public mark), a round has an open assignment or
        none, or a conflict is not resolved.
    """
    require(actor, Action.SET_POLICY)
    stage = get_by_code(Stage.objects.select_for_update(no_key=True), actor, stage_code)
    wave = waves.open_wave(stage) or waves.latest_wave(stage)
    if wave is None:
        raise Refused(
            _("You can't close {stage} yet, because it has not been started.").format(
                stage=stage.name
            )
        )
    if wave.closed_at is not None:
        return wave
    _check_words(stage)
    _check_conflicts(wave)
    results = _singles(wave)
    every = Round.objects.unblinded(reason="all votes of a closed wave become visible")
    decided = Exists(Decision.objects.filter(round=OuterRef("pk")))
    _open(
        every.filter(decided | stage_items.subject_in_review(), wave=wave),
        Audience.MEMBERS,
        now,
    )
    wave.closed_at = now
    wave.save(update_fields=["closed_at"])
    decisions.decide_rounds(
        stage=stage,
        results=results,
        how=Decision.How.SINGLE,
        actor=actor,
        now=now,
    )
    events.record(
        review=actor.review,
        actor=actor,
        kind="stage:closed",
        now=now,
        subject=stage.code,
        stage=stage.name,
        wave=wave.number,
        singles=len(results),
    )
    return wave


def _check_words(stage: Stage) -> None:
    missing = [
        word.name for word in queue.finished_marks(stage) if not word.has_finished
    ]
    if missing:
        sentence = ngettext(
            "You can't close {stage} yet: {names} has not marked their screening as "
            "finished. Members mark it on their screening page.",
            "You can't close {stage} yet: {names} have not marked their screening as "
            "finished. Members mark it on their screening page.",
            len(missing),
        )
        raise Refused(sentence.format(stage=stage.name, names=", ".join(missing)))


def _check_conflicts(wave: Wave) -> None:
    said = Vote.objects.unblinded(reason="a wave closes without open conflicts")
    pending = (
        Round.objects.unblinded(reason="a wave closes without open conflicts")
        .filter(conflicts.in_conflict(said), wave=wave)
        .count()
    )
    if pending:
        sentence = ngettext(
            "You can't close {stage} yet. Resolve the {n} open conflict first.",
            "You can't close {stage} yet. Resolve the {n} open conflicts first.",
            pending,
        )
        raise Refused(sentence.format(stage=wave.stage.name, n=f"{pending:,}"))


def _singles(wave: Wave) -> list[decisions.RoundResult]:
    """Return the results to store. Raises Refused if a round is not complete."""
    stage = wave.stage
    unsealed: list[Any] = list(
        Round.objects.unblinded(reason="a vote by the only reviewer becomes final")
        .filter(stage_items.subject_in_review(), wave=wave, sealed_at=None)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    votes = round_votes.ballots_of_rounds(
        [round_.pk for round_ in unsealed], places=policies.pool_size_of(stage)
    )
    found = [(round_, votes.get(round_.pk, [])) for round_ in unsealed]
    for __, said in found:
        came_to = consensus.consensus_of(said, needs_reason=stage.needs_reason)
        if isinstance(came_to, Incomplete):
            raise Refused(_why_open(stage, came_to))
    return decisions.single_vote_results(stage, found)


def _why_open(stage: Stage, came_to: Incomplete) -> str:
    if came_to.assignments:
        sentence = _(
            "You can't close {stage} yet: votes are missing or were withdrawn."
        )
    else:
        sentence = _(
            "You can't close {stage} yet: some work is not assigned to anyone. "
            "Reassign the work of former members, or add a rule that covers 100 %."
        )
    return sentence.format(stage=stage.name)


def _open(rounds: Any, audience: Audience, now: datetime) -> None:
    rounds.update(
        audience=audience,
        sealed_at=Coalesce("sealed_at", Value(now)),
        revealed_at=Coalesce("revealed_at", Value(now)),
    )
