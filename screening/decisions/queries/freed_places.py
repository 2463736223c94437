"""Places that a member has left and no one has taken over.

They stay offered to the lead until someone takes them over, also the member themselves
if they return, or until the record has a final decision. All of it is public.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from screening.decisions.models import Stage
from screening.decisions.models.rounds import Assignment
from screening.decisions.queries import policies, stage_items, waves


@dataclass(frozen=True, slots=True)
class FreedPlaces:
    """A member and the number of places in the open wave that they left."""

    code: str
    name: str
    places: int


def freed_places(stage: Stage) -> list[FreedPlaces]:
    """Return the members who left places in the open wave, by name."""
    wave = waves.open_wave(stage)
    left = Assignment.objects.filter(wave=wave, vacated_at__isnull=False)
    if wave is None or not left.exists():
        return []
    rows = (
        freed_assignments(stage)
        .order_by()
        .values("member__code", "member__name")
        .annotate(n=Count("pk"))
        .order_by("member__name", "member__code")
    )
    return [FreedPlaces(r["member__code"], r["member__name"], r["n"]) for r in rows]


def freed_assignments(stage: Stage) -> QuerySet[Assignment]:
    """Return the latest assignment of each place in the open wave that is free.

    None in an open pool, where anyone takes the next assignment, and none in rounds
    with a decision.
    """
    if policies.pool_size_of(stage):
        return Assignment.objects.none()
    same = Assignment.objects.filter(round=OuterRef("round"), no=OuterRef("no"))
    left_later = same.filter(
        Q(vacated_at__gt=OuterRef("vacated_at"))
        | Q(vacated_at=OuterRef("vacated_at"), pk__gt=OuterRef("pk"))
    )
    return Assignment.objects.filter(
        ~Exists(same.filter(vacated_at=None)),
        ~Exists(left_later),
        stage_items.subject_in_review("round__"),
        stage=stage,
        round__verdict="",
        wave__closed_at=None,
        vacated_at__isnull=False,
    )


def takeable_by(to: int) -> Q:
    """Return the filter for freed assignments that the member ``to`` can take over.

    A member screens a record once, and has one row for it. So they can't take a place
    if they hold another one there, or left another one there that is still free.
    """
    own = Assignment.objects.filter(round=OuterRef("round"), member=to)
    taken_over = Assignment.objects.filter(
        round=OuterRef("round"), no=OuterRef("no"), vacated_at=None
    )
    blocking = own.filter(
        Q(vacated_at=None) | (~Q(no=OuterRef("no")) & ~Q(Exists(taken_over)))
    )
    return ~Q(Exists(blocking))


def lost_reviewers(stage: Stage) -> int:
    """Return the number of rounds with free places and at least one other reviewer."""
    held = Assignment.objects.filter(round=OuterRef("round"), vacated_at=None)
    rounds = freed_assignments(stage).filter(Exists(held)).order_by()
    return int(rounds.aggregate(n=Count(F("round"), distinct=True))["n"])
