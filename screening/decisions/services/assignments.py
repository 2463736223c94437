"""Assignments of former members: removing and reassigning them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, can, require
from reviewapp.core.queries.lookup import get_by_code
from reviewapp.core.refusals import Missing, Refused
from screening.decisions.models import Stage
from screening.decisions.models.rounds import Assignment, Round, Verdict
from screening.decisions.queries import waves
from screening.decisions.services import decisions, round_votes


@transaction.atomic
def remove_open_assignments(*, member: Member, actor: Member, now: datetime) -> int:
    """Remove the assignments in which a former member has no vote; their votes stay.

    Rounds that are complete without these assignments are decided. Returns the number
    of removed assignments.
    """
    mine = Assignment.objects.filter(
        member=member, vacated_at=None, round__wave__closed_at=None
    )
    # Locked first: a concurrent vote either waits or is visible here.
    touched = _locked(assignment.round_id for assignment in _open(mine))
    freed_assignments = list(_open(mine.filter(round__in=touched)))
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
    """Reassign the removed assignments of a former member at a stage.

    Assignments in rounds that are sealed in the meantime, or where the new member has
    an assignment already, stay unassigned.

    Raises:
        Missing: no such stage or member. Refused: there is nothing to reassign, or the new
        member cannot screen.
    """
    require(actor, Action.SET_POLICY)
    stage = get_by_code(Stage.objects.all(), actor, stage_code)
    former_member, to = _member(actor, former_code), _member(actor, to_code)
    if not can(to, Action.SCREEN):
        raise Refused(_("{name} can't screen in this review.").format(name=to.name))
    if waves.open_wave(stage) is None:
        raise Refused(_("{stage} is closed.").format(stage=stage.name))
    places = list(removed_assignments(stage, former_member).exclude(_has_place(to)))
    still_open = _locked(assignment.round_id for assignment in places)
    made = Assignment.objects.bulk_create(
        Assignment(
            stage=stage,
            round_id=assignment.round_id,
            order=assignment.order,
            no=assignment.no,
            member=to,
            created_at=now,
        )
        for assignment in places
        if assignment.round_id in still_open
    )
    if not made:
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
        n=len(made),
    )
    return Reassigned(former_member.name, to.name, len(made))


def _member(actor: Member, code: str) -> Member:
    member = Member.objects.filter(code=code, review=actor.review_id).first()
    if member is None:
        raise Missing(_("There is no such member."))
    return member


def removed_assignments(stage: Stage, member: Member) -> QuerySet[Assignment]:
    """Return removed assignments of a member that no one else has got."""
    taken = Assignment.objects.filter(
        round=OuterRef("round"), no=OuterRef("no"), vacated_at=None
    )
    return Assignment.objects.filter(
        ~Exists(taken),
        stage=stage,
        round__wave__closed_at=None,
        member=member,
        vacated_at__isnull=False,
    )


def _has_place(member: Member) -> Exists:
    return Exists(Assignment.objects.filter(round=OuterRef("round"), member=member))


def _open(assignments: QuerySet[Assignment]) -> QuerySet[Any]:
    return round_votes.with_standing_vote(assignments).filter(
        Q(verdict=None) | Q(verdict=Verdict.WITHDRAWN)
    )


def _locked(rounds: Iterable[int]) -> set[int]:
    """Lock those of the rounds that are not sealed and return their primary keys."""
    return set(
        Round.objects.unblinded(reason="assignments change in unsealed rounds only")
        .filter(pk__in=list(rounds), sealed_at=None)
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
