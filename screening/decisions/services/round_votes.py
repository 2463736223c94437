"""All votes of rounds, unblinded: the only place that combines members' votes.

Only services of this app use it, and only to find out whether a round is decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from screening.decisions.models.rounds import Assignment, Vote
from screening.decisions.rules.consensus import Ballot


def with_standing_vote(assignments: QuerySet[Assignment]) -> QuerySet[Any]:
    """Annotate assignments with verdict, reason and version of their newest vote."""
    newest = (
        Vote.objects.unblinded(
            reason="the newest vote of each assignment decides a round"
        )
        .filter(round=OuterRef("round"), author=OuterRef("member"))
        .order_by("-version")
    )
    return assignments.annotate(
        verdict=Subquery(newest.values("verdict")[:1]),
        reason=Subquery(newest.values("reason_id")[:1]),
        version=Subquery(newest.values("version")[:1]),
    )


def ballots_of_rounds(
    rounds: Iterable[int], *, places: int | None = None
) -> dict[int, list[Ballot]]:
    """Return the ballots of active assignments by round (primary keys); one query.

    ``places``: number of assignments that a round of an open pool gets. Those that no
    one has taken are open ballots.
    """
    found: dict[int, list[Ballot]] = defaultdict(list)
    assignments = with_standing_vote(
        Assignment.objects.filter(round__in=list(rounds), vacated_at=None)
    )
    for round_id, verdict, reason in assignments.values_list(
        "round", "verdict", "reason"
    ):
        found[round_id].append((verdict, reason))
    if places:
        for pk in rounds:
            found[pk] += [(None, None)] * (places - len(found[pk]))
    return found
