"""Reading all ballots of rounds: the one place where votes of different members meet.

Only services of this app use it, and only to decide whether a round is settled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from screening.decisions.models.rounds import Seat, Vote
from screening.decisions.rules.consensus import Ballot


def with_standing_vote(seats: QuerySet[Seat]) -> QuerySet[Any]:
    """Annotate seats with ``verdict``, ``reason`` and ``version`` of the newest vote."""
    newest = (
        Vote.objects.unblinded(reason="the newest vote of each seat decides a round")
        .filter(round=OuterRef("round"), author=OuterRef("member"))
        .order_by("-version")
    )
    return seats.annotate(
        verdict=Subquery(newest.values("verdict")[:1]),
        reason=Subquery(newest.values("reason_id")[:1]),
        version=Subquery(newest.values("version")[:1]),
    )


def of_rounds(
    rounds: Iterable[int], *, places: int | None = None
) -> dict[int, list[Ballot]]:
    """The ballots of all standing seats of the rounds (primary keys), in one query.

    ``places``: how many seats a round of an open pool has to get; those that nobody
    has taken count as open.
    """
    found: dict[int, list[Ballot]] = defaultdict(list)
    seats = with_standing_vote(
        Seat.objects.filter(round__in=list(rounds), vacated_at=None)
    )
    for round_id, verdict, reason in seats.values_list("round", "verdict", "reason"):
        found[round_id].append((verdict, reason))
    if places:
        for pk in rounds:
            found[pk] += [(None, None)] * (places - len(found[pk]))
    return found
