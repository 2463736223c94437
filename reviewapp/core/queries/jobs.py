"""A job as its progress shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from reviewapp.core.models import Job, Member


@dataclass(frozen=True, slots=True)
class JobView:
    """How far a piece of background work is."""

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
        """Whether nothing more will happen by itself."""
        return self.state in {Job.State.DONE, Job.State.FAILED}


def view(job: Job) -> JobView:
    """The job's progress as a value."""
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


def one(viewer: Member, code: str) -> JobView | None:
    """A job of the viewer's review, unless it is another member's private one."""
    job = Job.objects.filter(
        Q(is_private=False) | Q(created_by=viewer), review=viewer.review_id, code=code
    ).first()
    return view(job) if job else None
