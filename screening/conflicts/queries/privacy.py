"""A person's comments and resolutions, for the export of their account data."""

from __future__ import annotations

from typing import Any

from reviewapp.core.models import User
from screening.conflicts.models import Adjudication, Comment, Reopening


def export_conflict_work(user: User) -> dict[str, Any]:
    """Return the person's own comments and resolutions in all reviews, oldest first."""
    comments = Comment.objects.filter(author__user=user).order_by("pk")
    resolutions = Adjudication.objects.filter(by__user=user).order_by("pk")
    reopened = Reopening.objects.filter(by__user=user).order_by("pk")
    return {
        "comments": list(comments.values("review__code", "text", "created_at")),
        "adjudications": list(
            resolutions.values("review__code", "rationale", "created_at")
        ),
        "reopened_conflicts": list(
            reopened.values("review__code", "why", "created_at")
        ),
    }
