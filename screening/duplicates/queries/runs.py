"""Deduplication runs that merged records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from reviewapp.core.models import Job, Member
from screening.records.models import Duplicate

# The kind of job of deduplication runs.
FIND_JOB = "records.duplicates"


@dataclass(frozen=True, slots=True)
class DedupRun:
    """A run: its active merges, and those that were undone together."""

    code: str
    at: datetime
    by: str
    everything: bool
    standing: int
    undone: int


def find_run(viewer: Member, code: str) -> Job | None:
    """Return the run with this code in the viewer's review, or None."""
    return Job.objects.filter(review=viewer.review_id, kind=FIND_JOB, code=code).first()


def merging_runs(viewer: Member) -> list[DedupRun]:
    """Return the runs that merged records, newest first; two queries."""
    counted = {
        row["job"]: row
        for row in Duplicate.objects.filter(review=viewer.review_id, job__isnull=False)
        .order_by()
        .values("job")
        .annotate(
            standing=Count("pk", filter=Q(undone_at=None)),
            undone=Count("pk", filter=Q(undone_with__isnull=False)),
        )
    }
    jobs = Job.objects.filter(pk__in=counted).select_related("created_by")
    return [
        DedupRun(
            code=job.code,
            at=job.finished_at or job.created_at,
            by=job.created_by.name,
            everything=bool(job.params.get("everything")),
            standing=counted[job.pk]["standing"],
            undone=counted[job.pk]["undone"],
        )
        for job in jobs.order_by("-pk")
    ]


def run_detail(viewer: Member, code: str) -> DedupRun | None:
    """Return one run that merged records, or None."""
    return next((one for one in merging_runs(viewer) if one.code == code), None)
