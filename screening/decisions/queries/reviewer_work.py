"""Who screened how much at a stage: votes, not assignments, and who took over.

Assignments tell what was planned. Numbers about people count votes, as soon as all
members may see them. Everything here is the same for all members.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from reviewapp.core.models import Member
from screening.decisions.models import Stage
from screening.decisions.models.rounds import Assignment
from screening.decisions.queries import policies, stage_items, waves
from screening.decisions.queries.counted_votes import counted_votes, imported_votes
from screening.decisions.rules.work import ReviewerWork, TakenOver


@dataclass(frozen=True, slots=True)
class _Holder:
    """One holder of an assignment that has changed hands or was removed."""

    member: int
    created_at: datetime
    is_removed: bool
    has_vote: bool


def reviewer_work(
    viewer: Member, stage: Stage, *, is_open: bool
) -> tuple[ReviewerWork, ...]:
    """Return the work of each member at a stage, in the order in which they joined.

    With ``is_open`` only assignments are counted, for the records or reports whose
    votes are hidden; else assignments and votes of those that all members may see. In
    an open pool an assignment exists only with a vote, so nothing is returned while it
    is open.
    """
    is_pool = policies.pool_size_of(stage) is not None
    if (is_pool and is_open) or not (is_open or waves.has_closed_wave(stage)):
        return ()
    votes = counted_votes(viewer, stage)
    total = Counter({} if is_open else _by(votes, "author"))
    imported = Counter(
        {} if is_open else _by(_imported(viewer, stage, votes), "author")
    )
    places = _assignments(stage, is_open=is_open)
    held = Counter({} if is_pool else _by(places, "member"))
    chains = [] if is_pool else _chains(places, votes)
    moved = _Moved(chains)
    people = _people(viewer, {*total, *held})
    work = []
    for member, (code, name) in people.items():
        taken = tuple(
            TakenOver(people[giver][1], n, moved.screened[giver, member])
            for giver, n in moved.taken.get(member, {}).items()
        )
        work.append(
            ReviewerWork(
                code=code,
                name=name,
                assigned=held[member] - sum(one.assigned for one in taken),
                screened=total[member] - sum(one.screened for one in taken),
                taken_over=taken,
                reassigned=moved.reassigned[member],
                left=moved.left[member],
                total=total[member],
                imported=imported[member],
            )
        )
    return tuple(work)


def votes_by_member(viewer: Member, stage: Stage) -> dict[str, int]:
    """Return numbers of votes that all members may see, by code of the member."""
    counted = counted_votes(viewer, stage).order_by().values("author__code")
    return dict(counted.annotate(n=Count("pk")).values_list("author__code", "n"))


class _Moved:
    """Assignments that changed hands, counted by giver and taker."""

    def __init__(self, chains: Iterable[list[_Holder]]) -> None:
        self.taken: dict[int, Counter[int]] = defaultdict(Counter)
        self.screened: Counter[tuple[int, int]] = Counter()
        self.reassigned: Counter[int] = Counter()
        self.left: Counter[int] = Counter()
        for chain in chains:
            for giver, taker in pairwise(chain):
                self.taken[taker.member][giver.member] += 1
                self.screened[giver.member, taker.member] += taker.has_vote
                self.reassigned[giver.member] += 1
            if chain[-1].is_removed:
                self.left[chain[-1].member] += 1


def _assignments(stage: Stage, *, is_open: bool) -> QuerySet[Assignment]:
    found = Assignment.objects.filter(
        stage_items.subject_in_review("round__"), stage=stage
    )
    return found.filter(round__wave__closed_at__isnull=is_open)


def _chains(places: QuerySet[Assignment], votes: Any) -> list[list[_Holder]]:
    """Return the holders, oldest first, of each assignment that was ever removed."""
    removed = Assignment.objects.filter(
        round=OuterRef("round"), no=OuterRef("no"), vacated_at__isnull=False
    )
    has_vote = Exists(votes.filter(round=OuterRef("round"), author=OuterRef("member")))
    rows = (
        places.filter(Exists(removed))
        .annotate(has_vote=has_vote)
        .order_by("round", "no", "created_at", "pk")
        .values_list("round", "no", "member", "created_at", "vacated_at", "has_vote")
    )
    return [
        [
            _Holder(member, created_at, vacated_at is not None, has_vote)
            for __, __, member, created_at, vacated_at, has_vote in chain
        ]
        for __, chain in groupby(rows, key=lambda row: row[:2])
    ]


def _imported(viewer: Member, stage: Stage, votes: Any) -> Any:
    return votes.filter(
        Exists(
            imported_votes(viewer, stage).filter(
                round=OuterRef("round"), author=OuterRef("author")
            )
        )
    )


def _by(rows: Any, field: str) -> dict[int, int]:
    counted = rows.order_by().values(field).annotate(n=Count("pk"))
    return dict(counted.values_list(field, "n"))


def _people(viewer: Member, members: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return code and name of members, in the order in which they joined."""
    found = Member.objects.filter(review=viewer.review_id, pk__in=set(members))
    rows = found.order_by("pk").values_list("pk", "code", "name")
    return {pk: (code, name) for pk, code, name in rows}
