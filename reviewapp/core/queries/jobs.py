"""The progress of a job, for pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from reviewapp.core.models import Job, Member


@dataclass(frozen=True, slots=True)
class JobView:
    """The progress of a background job."""

    code: str
    kind: str
    state: str
    note: str
    done: int
    total: int
    error: str
    result: dict[str, Any]

    @property
    def is_over(self) -> bool:
        """Return True if the job is done or has failed."""
        return self.state in {Job.State.DONE, Job.State.FAILED}


def job_view(job: Job) -> JobView:
    """Return the job's progress as a value."""
    return JobView(
        code=job.code,
        kind=job.kind,
        state=job.state,
        note=job.note,
        done=job.done,
        total=job.total,
        error=job.error,
        result=job.result,
    )


def find_job(viewer: Member, code: str) -> JobView | None:
    """Return a job of the review, or None if it is another member's private job."""
    job = Job.objects.filter(
        Q(is_private=False) | Q(created_by=viewer), review=viewer.review_id, code=code
    ).first()
    return job_view(job) if job else None
