"""Casting a vote, and withdrawing it while no one else has seen it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.decisions.models.rounds import Assignment, Round, Verdict, Vote
from screening.decisions.queries import policies, stage_items
from screening.decisions.rules.consensus import Ballot
from screening.decisions.services import decisions, own_state, round_votes

NOTE_LENGTH = 5000
VERDICTS = {Verdict.INCLUDE.value, Verdict.EXCLUDE.value, Verdict.UNSURE.value}
SEALED = gettext_lazy(
    "You can't change this vote, because the decision is final or with the "
    "adjudicators. If you have changed your mind, tell an admin."
)
UNDONE = gettext_lazy(
    "The import of this record was undone in the meantime, so you can't vote on it. "
    "Continue with the next."
)


@dataclass(frozen=True, slots=True)
class CastResult:
    """The answer to the author; nothing in it depends on other members' votes."""

    round_code: str
    verdict: str


@dataclass(frozen=True, slots=True)
class _LockedRound:
    """A locked round with its active assignments and their newest votes."""

    round: Round
    assignments: list[Any]
    own: Any
    places: int | None
    is_undone: bool

    @property
    def ballots(self) -> list[Ballot]:
        found: list[Ballot] = [
            (assignment.verdict, assignment.reason)
            for assignment in self.assignments
            if assignment is not self.own and assignment.vacated_at is None
        ]
        return found


def cast_vote(
    *,
    actor: Member,
    round_code: str,
    verdict: str,
    reason_code: str = "",
    note: str = "",
    key: UUID,
    stage_code: str = "",
    seen_version: int | None = None,
    now: datetime,
) -> CastResult:
    """Cast or change the actor's vote in a round in which they have an assignment.

    ``key`` comes from the client: a repeated key is the same vote, even after the round
    is decided. The last vote of a round decides it or makes it a conflict
    (rules/consensus.py). ``stage_code``: the stage of the URL, "" if it names none.
    ``seen_version``: the version of the actor's own vote that the page showed (0: no
    vote), or None if the caller does not say.

    Raises:
        Missing: no such round in the actor's review, or it is of another stage.
        OlderState: the actor has voted differently in another tab in the meantime.
        Refused: no assignment in it, stage not open, sealed, or a reason is missing.
    """
    require(actor, Action.SCREEN)
    try:
        with transaction.atomic():
            round_ = _lock(actor, round_code, stage_code, key)
            if not round_.sent and own_state.check_seen_version(
                actor=actor,
                round_=round_,
                seen_version=seen_version,
                verdict=verdict,
                reason_code=reason_code,
                note=note,
            ):
                return CastResult(round_.code, verdict)
            return _cast(actor, round_, verdict, reason_code, note, key, now)
    except IntegrityError as error:
        # From the trigger of the table (safeguard 3) or a key used in another round.
        raise Refused(str(SEALED)) from error


def _cast(
    actor: Member,
    round_: Any,
    verdict: str,
    reason_code: str,
    note: str,
    key: UUID,
    now: datetime,
) -> CastResult:
    if round_.sent:
        return _repeated(round_, verdict)
    table = _table(actor, round_)
    _check_open(table)
    if verdict not in VERDICTS:
        raise Refused(_("Choose include, exclude or unsure."))
    reason = decisions.find_reason(round_.stage, reason_code)
    decisions.check_reason(round_.stage, verdict, reason)
    if table.own is None or table.own.vacated_at is not None:
        _take_a_place(actor, table, now)
    kept = reason.pk if reason and verdict == Verdict.EXCLUDE else None
    _write(actor, table, verdict, kept, note.strip()[:NOTE_LENGTH], key, now)
    votes: list[Ballot] = [*table.ballots, (verdict, kept)]
    missing = (table.places or 0) - len(votes)
    votes += [(None, None)] * missing
    decisions.conclude(
        stage=round_.stage, found=[(round_, votes)], actor=actor, now=now
    )
    return CastResult(round_.code, verdict)


@transaction.atomic
def withdraw_vote(
    *,
    actor: Member,
    round_code: str,
    key: UUID,
    stage_code: str = "",
    seen_version: int | None = None,
    now: datetime,
) -> CastResult:
    """Withdraw the actor's vote: their assignment in the round is open again.

    ``stage_code`` and ``seen_version`` as for ``cast_vote``.

    Raises:
        Missing: no such round in the actor's review, or it is of another stage.
        OlderState: the actor has changed the vote in another tab in the meantime.
        Refused: the actor has no vote in it, or the round is sealed.
    """
    require(actor, Action.SCREEN)
    round_ = _lock(actor, round_code, stage_code, key)
    if round_.sent:
        return _repeated(round_, Verdict.WITHDRAWN)
    if own_state.check_seen_version(
        actor=actor,
        round_=round_,
        seen_version=seen_version,
        verdict=Verdict.WITHDRAWN,
    ):
        return CastResult(round_.code, Verdict.WITHDRAWN)
    table = _table(actor, round_)
    _check_open(table)
    if table.own is None or table.own.verdict in {None, Verdict.WITHDRAWN}:
        raise Refused(_("You have no vote here to withdraw."))
    _write(actor, table, Verdict.WITHDRAWN, None, "", key, now)
    if table.places:
        # In an open pool any member can take the assignment again.
        Assignment.objects.filter(pk=table.own.pk).update(vacated_at=now)
    return CastResult(round_code, Verdict.WITHDRAWN)


def _repeated(round_: Any, verdict: str) -> CastResult:
    if round_.sent != verdict:
        raise Refused(
            _(
                "This form was already sent with another vote, which is saved. Open "
                "the record under My votes to change it."
            )
        )
    return CastResult(round_.code, verdict)


def _lock(actor: Member, round_code: str, stage_code: str, key: UUID) -> Any:
    """Lock the round; ``sent`` is the verdict of an earlier request with this key."""
    sent = Vote.objects.visible_to(actor).filter(
        round=OuterRef("pk"), author=actor, key=key
    )
    of_stage = {"stage__code": stage_code} if stage_code else {}
    round_ = (
        Round.objects.unblinded(reason="a vote is accepted in unsealed rounds only")
        .filter(code=round_code, review=actor.review_id, **of_stage)
        .select_for_update(of=("self",), no_key=True)
        .select_related("stage", "wave")
        .annotate(
            sent=Subquery(sent.values("verdict")[:1]),
            own_version=own_state.own_version_sql(actor),
            places=policies.pool_size_sql(OuterRef("stage")),
            is_undone=stage_items.import_undone(),
        )
        .first()
    )
    if round_ is None:
        raise Missing(_("There is no such record at this stage."))
    return round_


def _table(actor: Member, round_: Any) -> _LockedRound:
    assignments = list(
        round_votes.with_standing_vote(Assignment.objects.filter(round=round_))
    )
    own = next(
        (assignment for assignment in assignments if assignment.member_id == actor.pk),
        None,
    )
    return _LockedRound(round_, assignments, own, round_.places, round_.is_undone)


def _check_open(table: _LockedRound) -> None:
    stage = table.round.stage
    if stage.started_at is None:
        raise Refused(_("{stage} has not been started yet.").format(stage=stage.name))
    if table.round.wave.closed_at is not None:
        raise Refused(
            _("{stage} is closed, so votes can't change.").format(stage=stage.name)
        )
    if table.is_undone:
        raise Refused(str(UNDONE))
    if table.round.sealed_at is not None:
        raise Refused(str(SEALED))


def _take_a_place(actor: Member, table: _LockedRound, now: datetime) -> None:
    """Take a free assignment of an open pool. Raises Refused with fixed assignment."""
    if table.places is None:
        raise Refused(_("This is not assigned to you."))
    if not policies.is_in_pool(actor, table.round.stage):
        raise Refused(_("You are not in the pool of this stage."))
    taken = {
        assignment.no
        for assignment in table.assignments
        if assignment.vacated_at is None
    }
    free = [no for no in range(1, table.places + 1) if no not in taken]
    if not free:
        raise Refused(
            _("Enough reviewers have voted on this one. Continue with the next.")
        )
    Assignment.objects.update_or_create(
        round=table.round,
        member=actor,
        defaults={"no": free[0], "vacated_at": None},
        create_defaults={
            "no": free[0],
            "stage": table.round.stage,
            "order": table.round.order,
            "created_at": now,
        },
    )


def _write(
    actor: Member,
    table: _LockedRound,
    verdict: str,
    reason: int | None,
    note: str,
    key: UUID,
    now: datetime,
) -> None:
    version = (table.own.version or 0) + 1 if table.own else 1
    Vote.objects.unblinded(reason="a new vote").create(
        round=table.round,
        author=actor,
        version=version,
        verdict=verdict,
        reason_id=reason,
        note=note,
        key=key,
        created_at=now,
    )
    events.record(
        review=actor.review,
        actor=actor,
        kind="vote:withdrawn" if verdict == Verdict.WITHDRAWN else "vote:cast",
        now=now,
        subject=table.round.code,
        private=True,
        version=version,
    )
