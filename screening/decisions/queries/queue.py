"""The queue and progress of one member, and marks of finished members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member
from reviewapp.core.permissions import ROLES, Action
from screening.decisions.models import Decision, Stage, Wave
from screening.decisions.models.rounds import Assignment, Finished, Round, Verdict, Vote
from screening.decisions.queries import policies, stage_items, stored_counts, waves
from screening.decisions.rules import sampling


@dataclass(frozen=True, slots=True)
class OwnProgress:
    """A member's own assignments: ``done`` of ``total`` have a vote."""

    done: int
    total: int

    @property
    def pending(self) -> int:
        """Return the number of assignments without a vote."""
        return self.total - self.done


@dataclass(frozen=True, slots=True)
class FinishedMark:
    """A member with assignments, and whether they are marked as finished.

    ``done``: how many they have screened, or None if the viewer does not see it.
    """

    code: str
    name: str
    assigned: int
    has_finished: bool
    at: datetime | None
    done: int | None = None


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """A round in a member's queue: its code and the code of its record or report.

    ``own_version``: the version of the member's newest vote there, 0 if they have none.
    """

    round_code: str
    record_code: str | None
    report_code: str | None
    own_version: int = 0


def own_votes(viewer: Member) -> Any:
    """Return all versions of the viewer's own votes."""
    return Vote.objects.visible_to(viewer).filter(author=viewer)


def with_own_verdict(viewer: Member, assignments: QuerySet[Any]) -> Any:
    """Annotate assignments or rounds with the viewer's newest verdict as ``own``."""
    path = "pk" if assignments.model is Round else "round"
    newest = own_votes(viewer).filter(round=OuterRef(path)).order_by("-version")
    return assignments.annotate(
        own=Subquery(newest.values("verdict")[:1]),
        own_version=Coalesce(Subquery(newest.values("version")[:1]), 0),
    )


VOTED = Q(own__isnull=False) & ~Q(own=Verdict.WITHDRAWN)


def readable_rounds(viewer: Member, stage: Stage) -> Any:
    """Return rounds whose votes the viewer can read, so they can't vote there."""
    return Round.objects.revealed_to(viewer).filter(stage=stage)


def _places(viewer: Member, stage: Stage) -> QuerySet[Assignment]:
    return Assignment.objects.filter(
        stage_items.subject_in_review("round__"),
        stage=stage,
        round__wave__closed_at=None,
        member=viewer,
        vacated_at=None,
    )


def own_assignments(viewer: Member, stage: Stage) -> Any:
    """Return the viewer's active assignments in the open wave, with ``own``."""
    return with_own_verdict(viewer, _places(viewer, stage))


def own_progress(viewer: Member, stage: Stage) -> OwnProgress:
    """Return the viewer's progress in the open wave; one query (pool: more).

    An assignment in a round whose votes they can read needs no vote of theirs.
    """
    done, total = stored_counts.own_counts(viewer, stage)
    if viewer.reach < Audience.MEMBERS and done < total:
        readable = readable_rounds(viewer, stage).filter(wave__closed_at=None)
        open_ = _places(viewer, stage).filter(is_done=False)
        done += open_.filter(round__in=readable.values("pk")).count()
    places = policies.pool_size_of(stage) if total == done else None
    if places and not policies.is_in_pool(viewer, stage):
        places = None
    pending = available_rounds(viewer, stage, places).count() if places else 0
    return OwnProgress(done, total + pending)


def next_place(viewer: Member, stage: Stage) -> QueuePlace | None:
    """Return the viewer's next open assignment in screening order, or None.

    The queue continues after their latest vote and then returns to what they left out.
    Nothing depends on the votes of others, except in an open pool, where a round leaves
    the queue when it has enough votes. An index has the open assignments in this
    order, so the cost does not grow with them.
    """
    newest = own_votes(viewer).order_by("-pk").values("pk")[:1]
    latest = own_votes(viewer).filter(
        pk=Subquery(newest), round__stage=stage, round__wave__closed_at=None
    )
    here = Coalesce(Subquery(latest.values("round__order")[:1]), 0)
    wave = Wave.objects.filter(stage=stage, closed_at=None).values("pk")[:1]
    pending = with_own_verdict(
        viewer,
        Assignment.objects.filter(
            member=viewer,
            wave=Subquery(wave),
            vacated_at=None,
            is_aside=False,
            is_done=False,
        ),
    )
    if viewer.reach < Audience.MEMBERS:
        readable = readable_rounds(viewer, stage).filter(wave__closed_at=None)
        pending = pending.exclude(round__in=readable.values("pk"))
    for assignments in (pending.filter(order__gte=here), pending):
        found = _first(assignments, "round__")
        if found:
            return found
    places = policies.pool_size_of(stage)
    if not places or not policies.is_in_pool(viewer, stage):
        return None
    rounds = available_rounds(viewer, stage, places)
    own = own_turns(viewer, stage, places, rounds)
    for some in (own.filter(order__gte=here), own, rounds.filter(order__gte=here)):
        found = _first(some, "")
        if found:
            return found
    return _first(rounds, "")


def _first(found: QuerySet[Any], path: str) -> QueuePlace | None:
    row = (
        found.order_by("order", "pk")
        .values_list(
            f"{path}code" if path else "code",
            f"{path}record__code",
            f"{path}report__code",
            "own_version",
        )
        .first()
    )
    return QueuePlace(*row) if row else None


def available_rounds(viewer: Member, stage: Stage, places: int) -> Any:
    """Return rounds of an open pool that need votes and have none of the viewer."""
    return with_own_verdict(viewer, needing_votes(viewer, stage, places)).exclude(VOTED)


def needing_votes(viewer: Member, stage: Stage, places: int) -> Any:
    """Return rounds of an open pool that do not have enough votes yet.

    A conflict counts like any other round without a decision, unless the viewer can
    read its votes.
    """
    assignments = Assignment.objects.filter(
        round=OuterRef("pk"), vacated_at=None
    ).order_by()
    readers = assignments.values("round").annotate(n=Count("pk")).values("n")
    rounds = Round.objects.unblinded(
        reason="a round leaves an open pool when it has enough votes"
    ).filter(
        ~Exists(Decision.objects.filter(round=OuterRef("pk"))),
        stage_items.subject_in_review(),
        stage=stage,
        wave__closed_at=None,
        audience__lt=viewer.reach,
    )
    return rounds.annotate(readers=Coalesce(Subquery(readers), 0)).filter(
        readers__lt=places
    )


def own_turns(viewer: Member, stage: Stage, places: int, rounds: Any) -> Any:
    """Return those of the rounds of an open pool that the viewer is offered first.

    Each round is offered first to one group of as many members as it needs votes, in
    turn for all such groups. So members who screen equally fast have equally many
    votes, and so have all pairs of them. It depends on the list of the pool and the
    order of the rounds only, never on votes.
    """
    policy = policies.policy_in_force(stage)
    members = (
        sorted(policy.lines.filter(no=1).values_list("members", flat=True))
        if policy
        else []
    )
    groups = sampling.pool_groups(members, places)
    own = [number for number, group in enumerate(groups) if viewer.pk in group]
    turn = rounds.annotate(group=F("turn") % max(1, len(groups)))
    return turn.filter(group__in=own)


def finished_marks(stage: Stage) -> list[FinishedMark]:
    """Return members with assignments in the open wave, with their finished marks.

    Others learn only this mark (Finished). Empty for an open pool, where an assignment
    exists only when its member has voted.
    """
    if policies.pool_size_of(stage):
        return []
    wave = waves.open_wave(stage)
    if wave is None:
        return []
    assigned = stored_counts.assigned_by_member(stage, wave.pk)
    last = Finished.objects.filter(wave=wave, member=OuterRef("pk")).order_by("-pk")
    rows = (
        Member.objects.filter(
            pk__in=assigned, removed_at=None, role__in=ROLES[Action.SCREEN]
        )
        .annotate(
            said=Subquery(last.values("assignments")[:1]),
            said_at=Subquery(last.values("at")[:1]),
        )
        .order_by("pk")
    )
    return [
        FinishedMark(
            code=member.code,
            name=member.name,
            assigned=assigned[member.pk],
            has_finished=said is not None and said >= assigned[member.pk],
            at=at,
        )
        for member in rows
        for said, at in [(member.said, member.said_at)]
    ]


def has_finished(member: Member, stage: Stage, assignments: int) -> bool:
    """Return True if the member's newest mark in the open wave covers ``assignments``."""
    marks = Finished.objects.filter(
        wave__stage=stage, wave__closed_at=None, member=member
    )
    last = marks.order_by("-pk").first()
    return last is not None and last.assignments >= assignments
