"""Handlers of other apps' hooks (reviewapp/core/hooks.py)."""

from __future__ import annotations

from datetime import datetime

from reviewapp.core.models import Member, Review
from screening.decisions.models import Stage
from screening.decisions.services import assignments, rounds, stages
from screening.reports.models import Report


def review_created(*, review: Review, actor: Member, now: datetime) -> None:
    """Create the two stages of a new review."""
    stages.create_default_stages(review=review, actor=actor, now=now)


def member_removed(
    *, review: Review, member: Member, actor: Member, now: datetime
) -> None:
    """Remove the member's open assignments, in rounds that are still open."""
    assignments.remove_open_assignments(member=member, actor=actor, now=now)


def records_changed(*, review: Review, actor: Member, now: datetime) -> None:
    """Add what counts now to the stages that have started.

    Reports too: the record of a report may have been a duplicate until now.
    """
    _top_up(review, Stage.Subject.RECORD, actor, now)
    _top_up(review, Stage.Subject.REPORT, actor, now)


def report_retrieved(
    *, review: Review, report: Report | None, actor: Member, now: datetime
) -> None:
    """Add a retrieved report to the report stages that have started."""
    _top_up(review, Stage.Subject.REPORT, actor, now)


def _top_up(review: Review, subject: str, actor: Member, now: datetime) -> None:
    for stage in Stage.objects.filter(
        review=review, subject=subject, started_at__isnull=False
    ).order_by("position"):
        rounds.open_rounds(stage=stage, actor=actor, now=now)
