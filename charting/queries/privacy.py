"""A person's own charts, for the export of their account."""

from __future__ import annotations

from typing import Any

from charting.models.charts import Chart
from reviewapp.core.models import Member, User


def export_own_charts(user: User) -> dict[str, Any]:
    """Return all versions of the person's own charts in all reviews, oldest first."""
    return {
        "charts": [
            {"review": member.review.code, **chart}
            for member in Member.objects.filter(user=user).select_related("review")
            for chart in _of(member)
        ]
    }


def _of(member: Member) -> Any:
    own = Chart.objects.visible_to(member).filter(author=member)
    return own.order_by("pk").values(
        *("round__form__name", "round__study__label", "version", "values"),
        *("is_complete", "created_at"),
    )
