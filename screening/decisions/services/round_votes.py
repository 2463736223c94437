"""All votes of rounds, unblinded: the only place that combines members' votes.

Only services of this app use it, and only to find out whether a round is decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from screening.decisions.models.rounds import Assignment, Round, Verdict, Vote
from screening.decisions.rules.consensus import Ballot


def with_standing_vote(assignments: QuerySet[Assignment]) -> QuerySet[Any]:
    """Annotate assignments with verdict and reason of their newest vote that counts.

    ``version`` and ``shown`` are those of the newest vote, late or not: what its author
    sees as their own vote.
    """
    newest = (
        Vote.objects.unblinded(
            reason="the newest vote of each assignment decides a round"
        )
        .filter(round=OuterRef("round"), author=OuterRef("member"))
        .order_by("-version")
    )
    counted = newest.filter(is_late=False)
    return assignments.annotate(
        verdict=Subquery(counted.values("verdict")[:1]),
        reason=Subquery(counted.values("reason_id")[:1]),
        version=Subquery(newest.values("version")[:1]),
        shown=Subquery(newest.values("verdict")[:1]),
    )


def open_to_author(assignments: QuerySet[Assignment]) -> QuerySet[Any]:
    """Return assignments whose member sees no vote of their own in the round.

    Others may learn their number, so it depends on the member's own acts only and not
    on whether a withdrawal was late.
    """
    return with_standing_vote(assignments).filter(
        Q(shown=None) | Q(shown=Verdict.WITHDRAWN)
    )


def is_late(round_: Round, own: Any) -> bool:
    """Return True if the next vote of ``own`` can't change the result of its round.

    ``own`` is an assignment with its standing vote, or None. The first vote by a
    reviewer who was assigned later counts for agreement.
    """
    has_counted = own is not None and own.verdict is not None
    return round_.sealed_at is not None and (
        round_.unblinded_at is not None or has_counted
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
