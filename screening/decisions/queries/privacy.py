"""A person's own votes, for the export of their account data."""

from __future__ import annotations

from typing import Any

from reviewapp.core.models import Member, User
from screening.decisions.models.rounds import Vote


def export_votes(user: User) -> dict[str, Any]:
    """Return all versions of the person's own votes in all reviews, oldest first."""
    return {
        "votes": [
            {"review": member.review.code, **vote}
            for member in Member.objects.filter(user=user).select_related("review")
            for vote in _of(member)
        ]
    }


def _of(member: Member) -> Any:
    own = Vote.objects.visible_to(member).filter(author=member)
    return own.order_by("pk").values(
        *("round__stage__name", "round__record__code", "round__report__code"),
        *("version", "verdict", "reason__text", "note", "created_at"),
    )
