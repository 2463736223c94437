"""Casting, changing and withdrawing one's own vote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.decisions.models import Decision
from screening.decisions.models.rounds import Assignment, Round, Verdict, Vote
from screening.decisions.queries import policies, reopening, stage_items
from screening.decisions.rules.consensus import Ballot
from screening.decisions.services import decisions, own_state, round_votes

NOTE_LENGTH = 5000
VERDICTS = {Verdict.INCLUDE.value, Verdict.EXCLUDE.value, Verdict.UNSURE.value}
# The one answer about a round in which the member has no assignment, whatever its state.
NOT_ASSIGNED = gettext_lazy("This is not assigned to you.")
DECIDED = gettext_lazy(
    "You can't change this vote, because the decision is final. If you have changed "
    "your mind, tell an admin."
)
READABLE = gettext_lazy(
    "You can see the votes of others on this record, so you can't vote on it any more."
)
KEY_IS_USED = gettext_lazy(
    "This form was already sent for another record, so nothing was saved. Reload the "
    "page and vote again."
)
UNDONE = gettext_lazy(
    "The import of this record was undone in the meantime, so you can't vote on it. "
    "Continue with the next."
)
WAITING = gettext_lazy(
    "A conflict about this record was reopened at an earlier stage, so you can't vote "
    "on it for now. Your earlier votes are kept. Continue with the next."
)


@dataclass(frozen=True, slots=True)
class CastResult:
    """The answer to the author; nothing in it depends on other members' votes."""

    round_code: str
    verdict: str


@dataclass(frozen=True, slots=True)
class _LockedRound:
    """A locked round with its assignments and their standing votes."""

    round: Any
    assignments: list[Any]
    own: Any

    @property
    def places(self) -> int | None:
        """Return the number of assignments of a round in an open pool, or None."""
        places: int | None = self.round.places
        return places

    @property
    def has_place(self) -> bool:
        return self.own is not None and self.own.vacated_at is None

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
    (rules/consensus.py). A later change is stored as late (``Contribution.is_late``).
    Nothing in the answer depends on the votes of others: the checks read, in this
    order, the review, the assignment, the actor's own votes and public state.
    ``stage_code``: the stage of the URL, "" if it names none. ``seen_version``: the
    version of the actor's own vote that the page showed (0: no vote), or None if the
    caller does not say.

    Raises:
        Missing: no such round in the actor's review, or it is of another stage.
        OlderState: the actor has voted differently in another tab in the meantime.
        Refused: no assignment in it, stage not open, decided, or a reason is missing.
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
        raise _explain(error) from error


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
    _check_assigned(actor, table)
    _check_open(actor, table)
    if verdict not in VERDICTS:
        raise Refused(_("Choose include, exclude or unsure."))
    reason = decisions.find_reason(round_.stage, reason_code)
    decisions.check_reason(round_.stage, verdict, reason)
    if not table.has_place:
        _take_a_place(actor, table, now)
    kept = reason.pk if reason and verdict == Verdict.EXCLUDE else None
    _write(actor, table, verdict, kept, note.strip()[:NOTE_LENGTH], key, now)
    if round_.sealed_at is None:
        votes: list[Ballot] = [*table.ballots, (verdict, kept)]
        votes += [(None, None)] * ((table.places or 0) - len(votes))
        decisions.conclude(
            stage=round_.stage, found=[(round_, votes)], actor=actor, now=now
        )
    return CastResult(round_.code, verdict)


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
        Refused: the actor has no assignment or vote in it, or it is decided.
    """
    require(actor, Action.SCREEN)
    try:
        with transaction.atomic():
            round_ = _lock(actor, round_code, stage_code, key)
            if not round_.sent and own_state.check_seen_version(
                actor=actor,
                round_=round_,
                seen_version=seen_version,
                verdict=Verdict.WITHDRAWN,
            ):
                return CastResult(round_.code, Verdict.WITHDRAWN)
            return _withdraw(actor, round_, key, now)
    except IntegrityError as error:
        raise _explain(error) from error


def _withdraw(actor: Member, round_: Any, key: UUID, now: datetime) -> CastResult:
    if round_.sent:
        return _repeated(round_, Verdict.WITHDRAWN)
    table = _table(actor, round_)
    _check_assigned(actor, table)
    if not table.has_place or table.own.shown in {None, Verdict.WITHDRAWN}:
        raise Refused(_("You have no vote here to withdraw."))
    _check_open(actor, table)
    _write(actor, table, Verdict.WITHDRAWN, None, "", key, now)
    if table.places and round_.sealed_at is None:
        # In an open pool any member can take the assignment again.
        Assignment.objects.filter(pk=table.own.pk).update(vacated_at=now)
    return CastResult(round_.code, Verdict.WITHDRAWN)


def _explain(error: IntegrityError) -> Refused:
    """Return the refusal for a key that is used, or for the trigger of the table."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if getattr(diagnosis, "constraint_name", "") == "decisions_vote_key":
        return Refused(str(KEY_IS_USED))
    return Refused(str(DECIDED))


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
    """Lock the round; ``sent`` is the verdict of an earlier request with this key.

    ``is_key_used``: the actor's key belongs to a vote in another round.
    """
    own = Vote.objects.visible_to(actor).filter(author=actor, key=key)
    sent = own.filter(round=OuterRef("pk"))
    of_stage = {"stage__code": stage_code} if stage_code else {}
    round_ = (
        Round.objects.unblinded(reason="a vote is accepted in undecided rounds only")
        .filter(code=round_code, review=actor.review_id, **of_stage)
        .select_for_update(of=("self",), no_key=True)
        .select_related("stage", "wave")
        .annotate(
            sent=Subquery(sent.values("verdict")[:1]),
            own_version=own_state.own_version_sql(actor),
            is_key_used=Exists(own),
            places=policies.pool_size_sql(OuterRef("stage")),
            is_undone=stage_items.import_undone(),
            is_waiting=reopening.waits_for_resolution(),
            is_decided=Exists(Decision.objects.filter(round=OuterRef("pk"))),
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
    return _LockedRound(round_, assignments, own)


def _check_assigned(actor: Member, table: _LockedRound) -> None:
    """Raise ``Refused`` without an assignment; members of a pool can take one.

    An assignment that a public decision has withdrawn gets the answer of the decision.
    """
    withdrawn = table.own is not None and table.round.is_decided
    in_pool = table.places and policies.is_in_pool(actor, table.round.stage)
    if not (table.has_place or withdrawn or in_pool):
        raise Refused(str(NOT_ASSIGNED))
    if table.round.is_key_used:
        raise Refused(str(KEY_IS_USED))


def _check_open(actor: Member, table: _LockedRound) -> None:
    """Raise ``Refused`` for public reasons, or if the actor can read other votes."""
    stage = table.round.stage
    if stage.started_at is None:
        raise Refused(_("{stage} has not been started yet.").format(stage=stage.name))
    if table.round.wave.closed_at is not None:
        raise Refused(
            _("{stage} is closed, so votes can't change.").format(stage=stage.name)
        )
    if table.round.is_undone:
        raise Refused(str(UNDONE))
    if table.round.is_waiting:
        raise Refused(str(WAITING))
    if table.round.is_decided:
        raise Refused(str(DECIDED))
    if table.round.audience >= actor.reach:
        raise Refused(str(READABLE))


def _take_a_place(actor: Member, table: _LockedRound, now: datetime) -> None:
    """Take a free assignment of an open pool. Raises Refused if there is none."""
    taken = {
        assignment.no
        for assignment in table.assignments
        if assignment.vacated_at is None
    }
    free = [no for no in range(1, (table.places or 0) + 1) if no not in taken]
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
        is_late=round_votes.is_late(table.round, table.own),
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
