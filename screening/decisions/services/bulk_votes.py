"""Many votes of one member at once: earlier decisions, and the demo review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.queries.lookup import get_by_code
from reviewapp.core.refusals import Missing, Refused
from screening.decisions.models import Decision, Reason, Stage
from screening.decisions.models.rounds import Assignment, Round, Verdict, Vote
from screening.decisions.queries import policies, reopening, waves
from screening.decisions.services import decisions, round_votes
from screening.decisions.services.votes import WAITING

CHUNK = 1000
# Namespace of the keys of these votes. A repeated vote gets the same key, so it is
# stored once.
NAMESPACE = UUID("5d6c5a5e-2f0f-4f5e-9a36-6c7d1f6c2a11")


@dataclass(frozen=True, slots=True)
class NewVote:
    """One vote to cast in the round ``round_code``.

    ``imported_from``: primary key of the file, if another tool's vote is imported.
    """

    round_code: str
    verdict: str
    reason: Reason | None = None
    note: str = ""
    imported_from: int | None = None


def cast_many(
    *, actor: Member, stage_code: str, votes: Iterable[NewVote], now: datetime
) -> int:
    """Cast the actor's votes at one stage in chunks; return the number of new votes.

    The rules are those of ``votes.cast_vote``. A chunk is one transaction. A round in
    which the actor has a vote already is skipped, so the same call can resume after a
    stop.

    Raises:
        Missing: no such stage, or a round is not at it. Refused: the actor has no
        assignment in a round, a round is decided, or a reason is missing. Earlier
        chunks are kept.
    """
    require(actor, Action.SCREEN)
    stage = get_by_code(Stage.objects.all(), actor, stage_code)
    if waves.open_wave(stage) is None:
        raise Refused(_("{stage} is not open.").format(stage=stage.name))
    if policies.pool_size_of(stage):
        raise Refused(_("In an open pool, cast votes one at a time."))
    rest = iter(votes)
    new = 0
    while chunk := list(islice(rest, CHUNK)):
        with transaction.atomic():
            new += _cast_chunk(actor, stage, chunk, now)
    return new


def _cast_chunk(
    actor: Member, stage: Stage, chunk: Sequence[NewVote], now: datetime
) -> int:
    wanted = {vote.round_code: vote for vote in chunk}
    locked = _lock(actor, stage, list(wanted))
    if len(locked) < len(wanted):
        raise Missing(_("Some of these records are not at this stage."))
    own = _own_assignments(actor, [round_.pk for round_ in locked])
    fresh = [
        round_
        for round_ in locked
        if round_.audience < actor.reach
        and (round_.pk not in own or own[round_.pk].shown in {None, Verdict.WITHDRAWN})
    ]
    for round_ in fresh:
        _check(stage, wanted[round_.code], round_, own.get(round_.pk))
    _spare_the_trigger_an_exception()
    Vote.objects.unblinded(reason="new votes").bulk_create(
        _vote(actor, wanted[round_.code], round_, own[round_.pk], now)
        for round_ in fresh
    )
    unsealed = [round_ for round_ in fresh if round_.sealed_at is None]
    votes = round_votes.ballots_of_rounds([round_.pk for round_ in unsealed])
    decisions.conclude(
        stage=stage,
        found=[(round_, votes[round_.pk]) for round_ in unsealed],
        actor=actor,
        now=now,
    )
    if fresh:
        events.record(
            review=actor.review,
            actor=actor,
            kind="votes:cast",
            now=now,
            subject=stage.code,
            private=True,
            n=len(fresh),
        )
    return len(fresh)


def _spare_the_trigger_an_exception() -> None:
    """Define the setting that the functions of django-pgtrigger look for.

    Without the setting each row costs a caught exception, which is most of the time of
    a bulk insert. An empty list ignores no trigger.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pgtrigger.ignore = '{}'")


def _lock(actor: Member, stage: Stage, codes: Sequence[str]) -> list[Any]:
    return list(
        Round.objects.unblinded(reason="a vote is accepted in undecided rounds only")
        .filter(
            code__in=codes,
            stage=stage,
            wave__closed_at=None,
            review=actor.review_id,
        )
        .annotate(
            is_decided=Exists(Decision.objects.filter(round=OuterRef("pk"))),
            is_waiting=reopening.waits_for_resolution(),
        )
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )


def _own_assignments(actor: Member, rounds: Sequence[int]) -> dict[int, Any]:
    assignments = Assignment.objects.filter(
        round__in=rounds, member=actor, vacated_at=None
    )
    return {
        assignment.round_id: assignment
        for assignment in round_votes.with_standing_vote(assignments)
    }


def _check(stage: Stage, vote: NewVote, round_: Any, assignment: Any) -> None:
    if assignment is None:
        raise Refused(_("{code} is not assigned to you.").format(code=round_.code))
    if round_.is_waiting:
        raise Refused(str(WAITING))
    if round_.is_decided:
        raise Refused(_("{code} has a final decision.").format(code=round_.code))
    if vote.verdict not in {Verdict.INCLUDE, Verdict.EXCLUDE, Verdict.UNSURE}:
        raise Refused(_("Choose include, exclude or unsure."))
    decisions.check_reason(stage, vote.verdict, vote.reason)


def _vote(
    actor: Member, vote: NewVote, round_: Any, assignment: Any, now: datetime
) -> Vote:
    number = (assignment.version or 0) + 1
    keeps_reason = vote.reason and vote.verdict == Verdict.EXCLUDE
    return Vote(
        round=round_,
        author=actor,
        version=number,
        verdict=vote.verdict,
        reason_id=vote.reason.pk if vote.reason and keeps_reason else None,
        note=vote.note,
        imported_from_id=vote.imported_from,
        key=uuid5(NAMESPACE, f"{round_.code}:{actor.code}:{number}"),
        is_late=round_votes.is_late(round_, assignment),
        created_at=now,
    )
