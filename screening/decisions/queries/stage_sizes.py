"""Whether work on a stage takes long, and the job that does it."""

from __future__ import annotations

from django.db.models import QuerySet

from reviewapp.core.models import Job, Member
from reviewapp.core.queries.jobs import JobView, job_view
from screening.decisions.models import Stage
from screening.decisions.queries import stage_items, stored_counts
from screening.records.queries import stored_counts as record_counts

START_JOB = "decisions.start"
ASSIGN_JOB = "decisions.assign"
CLOSE_JOB = "decisions.close"
# Up to this many records or reports, the work takes about a second.
LARGE = 5000


def is_large(stage: Stage) -> bool:
    """Return True if starting, assigning or closing the stage should be a job."""
    if stage.started_at is not None:
        counts = stored_counts.counts_by_stage(stage.review_id)
        return counts.get(stage.pk, stored_counts.NOTHING).total > LARGE
    if stage.subject == Stage.Subject.RECORD:
        return record_counts.all_counts(stage.review_id).unique > LARGE
    return bool(stage_items.eligible_subjects(stage)[LARGE : LARGE + 1].exists())


def current_job(viewer: Member, stage: Stage) -> JobView | None:
    """Return the viewer's newest job at the stage for its page, unless it is done."""
    job = _jobs(stage).filter(created_by=viewer).order_by("-pk").first()
    return None if job is None or job.state == Job.State.DONE else job_view(job)


def unfinished_job(stage: Stage) -> Job | None:
    """Return the job that works on the stage now, or None."""
    return (
        _jobs(stage)
        .filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
        .order_by("pk")
        .first()
    )


def _jobs(stage: Stage) -> QuerySet[Job]:
    return Job.objects.filter(
        review=stage.review_id,
        kind__in=[START_JOB, ASSIGN_JOB, CLOSE_JOB],
        params__stage=stage.code,
    )
