"""Background jobs that are never lost or done twice (docs/architecture.md, Jobs).

An app returns its handlers from ``tasks.handlers`` and registers that function for the
hook ``jobs:handlers``. Its service calls ``enqueue``. The handler gets a ``Running`` and must be safe to run
twice: it commits in chunks and calls ``running.advance`` inside the transaction of each
chunk. ``advance`` fails if another worker has taken over the job.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reviewapp.core import hooks
from reviewapp.core.models import Job, Member
from reviewapp.core.refusals import Refused

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 10
STALE_AFTER = timedelta(seconds=45)
MAX_ATTEMPTS = 5

Handler = Callable[["RunningJob"], dict[str, Any]]


class JobLost(Exception):
    """Another worker has taken over the job, so this worker must stop."""


class RunningJob:
    """A job held by this worker: its parameters and its progress."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.params: dict[str, Any] = job.params
        self.claim = job.claim

    def advance(self, done: int, total: int, note: str = "") -> None:
        """Store progress; call it inside the transaction of each chunk.

        Raises ``Lost`` if another worker has the job, which rolls the chunk back.
        """
        held = Job.objects.filter(pk=self.job.pk, claim=self.claim).update(
            done=done, total=total, note=note[:200], heartbeat_at=timezone.now()
        )
        if not held:
            raise JobLost(self.job.code)


def _handler(kind: str) -> Handler:
    """Return the handler of a kind of job; raise KeyError if no app has one."""
    found: dict[str, Handler] = {}
    for handlers in hooks.job_handlers.call():
        found.update(handlers)
    return found[kind]


def enqueue(
    *,
    actor: Member,
    kind: str,
    key: str,
    now: datetime,
    params: dict[str, Any] | None = None,
    is_private: bool = False,
) -> Job:
    """Create a job, or return the one with the same ``key``, and send it on commit.

    ``key`` identifies the request: two requests with the same key are one job.
    """
    job, made = Job.objects.get_or_create(
        review=actor.review,
        kind=kind,
        key=key,
        defaults={
            "params": params or {},
            "created_by": actor,
            "created_at": now,
            "is_private": is_private,
        },
    )
    if made:
        transaction.on_commit(lambda: _send_to_celery(job.pk))
    return job


def retry_failed_job(*, actor: Member, job: Job, now: datetime) -> Job:
    """Queue a failed job again; it resumes where it stopped."""
    changed = Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(
        state=Job.State.QUEUED, error="", attempts=0, finished_at=None, claim=None
    )
    if changed:
        transaction.on_commit(lambda: _send_to_celery(job.pk))
    job.refresh_from_db()
    return job


def _send_to_celery(pk: int) -> None:
    """Send the job to Celery. If the broker is down, the sweep sends it later."""
    from reviewapp.core.tasks import run_job

    try:
        run_job.apply_async(args=(pk,), retry=False)
    except Exception:
        log.warning("job %s not sent, the sweep will", pk, exc_info=True)


def send_unfinished_jobs(*, now: datetime) -> int:
    """Send queued and abandoned jobs again; return their number."""
    waiting = Job.objects.filter(
        Q(state=Job.State.QUEUED, created_at__lt=now - timedelta(seconds=10))
        | Q(state=Job.State.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
    ).values_list("pk", flat=True)
    pks = list(waiting[:500])
    for pk in pks:
        _send_to_celery(pk)
    return len(pks)


def _claim_job(pk: int) -> Job | None:
    """Take the job by compare-and-swap; return None if another worker holds it."""
    now = timezone.now()
    taken = Job.objects.filter(
        Q(state=Job.State.QUEUED)
        | Q(state=Job.State.RUNNING, heartbeat_at__lt=now - STALE_AFTER),
        pk=pk,
    ).update(
        state=Job.State.RUNNING,
        claim=uuid.uuid4(),
        heartbeat_at=now,
        attempts=F("attempts") + 1,
    )
    if not taken:
        return None
    return Job.objects.select_related("review", "created_by__review").get(pk=pk)


def _keep_heartbeat(job: Job, stop: threading.Event) -> None:
    """Refresh the heartbeat while the handler runs (on its own connection)."""
    while not stop.wait(HEARTBEAT_SECONDS):
        try:
            Job.objects.filter(pk=job.pk, claim=job.claim).update(
                heartbeat_at=timezone.now()
            )
        except Exception:
            log.warning("heartbeat of %s failed", job.code, exc_info=True)
    connection.close()


def run_claimed_job(pk: int) -> Job | None:
    """Claim and run one job to its end; return None if another worker holds it."""
    job = _claim_job(pk)
    if job is None:
        return None
    stop = threading.Event()
    pulse = threading.Thread(target=_keep_heartbeat, args=(job, stop), daemon=True)
    pulse.start()
    try:
        if job.attempts > MAX_ATTEMPTS:
            raise Refused(_("The task was interrupted too often. Try again."))
        result = _handler(job.kind)(RunningJob(job))
        _finish_job(job, Job.State.DONE, result=result)
    except JobLost:
        log.info("job %s was taken over", job.code)
    except Refused as refusal:
        _finish_job(job, Job.State.FAILED, error=refusal.sentence)
    except Exception:
        log.exception("job %s (%s) failed", job.code, job.kind)
        _finish_job(
            job,
            Job.State.FAILED,
            error=_(
                "Something went wrong (task {code}). Completed work is kept. "
                "Try again to continue from there."
            ).format(code=job.code),
        )
    finally:
        stop.set()
        pulse.join()
    job.refresh_from_db()
    return job


def _finish_job(job: Job, state: Job.State, **values: Any) -> None:
    Job.objects.filter(pk=job.pk, claim=job.claim).update(
        state=state, finished_at=timezone.now(), **values
    )
