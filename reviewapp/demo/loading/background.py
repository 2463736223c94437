"""Running of background jobs, with or without a worker."""

from __future__ import annotations

import time
from collections.abc import Iterable

from reviewapp.core import jobs
from reviewapp.core.models import Job
from reviewapp.core.refusals import Refused

LOOK_SECONDS = 0.2
_ENDED = {Job.State.DONE, Job.State.FAILED}


def finish_jobs(found: Iterable[Job]) -> None:
    """Run the jobs here, or wait for those that a worker has claimed.

    Takes over a job if its worker stops. Raises ``Refused`` with the sentence of a job
    that fails.
    """
    waiting = [job.pk for job in found]
    while waiting:
        waiting = [pk for pk in waiting if not _has_ended(pk)]
        if waiting:
            time.sleep(LOOK_SECONDS)


def _has_ended(pk: int) -> bool:
    """Run the job if no one else does; return True if it has ended."""
    jobs.run_claimed_job(pk)
    job = Job.objects.get(pk=pk)
    if job.state == Job.State.FAILED:
        raise Refused(f"The job {job.kind} failed: {job.error}")
    return job.state in _ENDED
