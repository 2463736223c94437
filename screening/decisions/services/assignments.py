"""Assignments of members who leave: removing and reassigning them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, can, require
from reviewapp.core.queries.lookup import get_by_code
from reviewapp.core.refusals import Missing, Refused
from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Assignment
from screening.decisions.queries import freed_places, waves
from screening.decisions.services import decisions, round_votes, rounds


@transaction.atomic
def remove_open_assignments(*, member: Member, actor: Member, now: datetime) -> int:
    """Remove the assignments in which a former member has no vote; their votes stay.

    This includes rounds in conflict, which others may not know. Rounds that are
    complete without these assignments are decided. Returns the number of removed
    assignments.
    """
    # Rounds that wait outside a wave too, until their record counts again.
    mine = Assignment.objects.filter(
        ~Exists(Decision.objects.filter(round=OuterRef("round"))),
        member=member,
        vacated_at=None,
    )
    # Locked first: a concurrent vote either waits or is visible here.
    pending = round_votes.open_to_author(mine)
    touched = rounds.lock_undecided({one.round_id for one in pending})
    freed_assignments = list(round_votes.open_to_author(mine.filter(round__in=touched)))
    freed = Assignment.objects.filter(
        pk__in=[assignment.pk for assignment in freed_assignments]
    ).update(vacated_at=now)
    if freed:
        events.record(
            review=actor.review,
            actor=actor,
            kind="seats:freed",
            now=now,
            subject=member.code,
            n=freed,
        )
        decisions.conclude_rounds(
            pks=[assignment.round_id for assignment in freed_assignments],
            actor=actor,
            now=now,
        )
    return freed


@dataclass(frozen=True, slots=True)
class Reassigned:
    """The names of two members, and the number of assignments that moved."""

    former_member: str
    to: str
    n: int


@transaction.atomic
def reassign(
    *, actor: Member, stage_code: str, former_code: str, to_code: str, now: datetime
) -> Reassigned:
    """Reassign the places that a member left in the open wave of a stage.

    The new member may be the same one, who has come back.

    Rounds in conflict are included. Assignments in rounds that have a decision, or
    where the new member has an assignment already, stay unassigned.

    Raises:
        Missing: no such stage or member. Refused: there is nothing to reassign, the
        stage is an open pool, or the new member cannot screen.
    """
    require(actor, Action.SET_POLICY)
    stage = get_by_code(Stage.objects.all(), actor, stage_code)
    former_member, to = _member(actor, former_code), _member(actor, to_code)
    if not can(to, Action.SCREEN):
        raise Refused(_("{name} can't screen in this review.").format(name=to.name))
    if waves.open_wave(stage) is None:
        raise Refused(_("{stage} is closed.").format(stage=stage.name))
    places = list(
        freed_places.freed_assignments(stage).filter(
            freed_places.takeable_by(to.pk), member=former_member
        )
    )
    still_open = rounds.lock_undecided({one.round_id for one in places})
    taken = [place for place in places if place.round_id in still_open]
    _take_over(taken, to, now)
    if not taken:
        raise Refused(
            _("{name} left nothing that can be reassigned to {to}.").format(
                name=former_member.name, to=to.name
            )
        )
    events.record(
        review=actor.review,
        actor=actor,
        kind="seats:handed_over",
        now=now,
        subject=stage.code,
        before=former_member.code,
        after=to.code,
        n=len(taken),
    )
    return Reassigned(former_member.name, to.name, len(taken))


def _take_over(places: list[Assignment], to: Member, now: datetime) -> None:
    """Assign the places to a member: in the row they had in the round, or a new one."""
    rounds = [place.round_id for place in places]
    before = {
        one.round_id: one
        for one in Assignment.objects.filter(member=to, round__in=rounds)
    }
    for place in places:
        if place.round_id in before:
            own = before[place.round_id]
            own.no, own.vacated_at, own.created_at = place.no, None, now
            own.draw_id = place.draw_id
    Assignment.objects.bulk_update(
        before.values(), ["no", "vacated_at", "created_at", "draw"], batch_size=1000
    )
    Assignment.objects.bulk_create(
        Assignment(
            stage_id=place.stage_id,
            round_id=place.round_id,
            order=place.order,
            no=place.no,
            draw_id=place.draw_id,
            member=to,
            created_at=now,
        )
        for place in places
        if place.round_id not in before
    )


def _member(actor: Member, code: str) -> Member:
    member = Member.objects.filter(code=code, review=actor.review_id).first()
    if member is None:
        raise Missing(_("There is no such member."))
    return member
