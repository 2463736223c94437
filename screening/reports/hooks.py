"""Hooks of this app (reviewapp/core/hooks.py)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from reviewapp.core.hooks import hook

if TYPE_CHECKING:
    from reviewapp.core.models import Member, Review
    from screening.reports.models import Report


@hook("report:retrieved")
def report_retrieved(
    *, review: Review, report: Report | None, actor: Member, now: datetime
) -> None:
    """The full text of a report is available; ``report`` is None for several."""


@hook("studies:changed")
def studies_changed(*, review: Review, actor: Member | None, now: datetime) -> None:
    """The included studies or their grouping into reports may have changed.

    ``actor`` is None if a vote caused it, because then no one may be named.
    """
