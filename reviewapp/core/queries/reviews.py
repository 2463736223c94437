"""The reviews of a user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reviewapp.core.models import Member, Role, User


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review in the list of a user's reviews."""

    code: str
    title: str
    role: str
    created_at: datetime
    erase_at: datetime | None = None


def reviews_of_user(user: User) -> list[ReviewLine]:
    """Return the reviews of ``user``, newest first."""
    members = (
        Member.objects.filter(user=user, removed_at=None)
        .select_related("review")
        .order_by("-review__created_at", "review__code")
    )
    return [
        ReviewLine(
            code=m.review.code,
            title=m.review.title,
            role=str(Role(m.role).label),
            created_at=m.review.created_at,
            erase_at=m.review.erase_at,
        )
        for m in members
    ]
