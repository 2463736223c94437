"""Celery tasks: run a job by its id, and the periodic tasks."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from reviewapp.core import jobs
from reviewapp.core.models import Review
from reviewapp.core.queries import deletion_records, hash_chains
from reviewapp.core.services import deletion, retention, tallies

log = logging.getLogger(__name__)


@shared_task
def run_job(pk: int) -> None:
    """Run one job; a second delivery finds it claimed and does nothing."""
    jobs.run_claimed_job(pk)


@shared_task
def sweep_jobs() -> None:
    """Send jobs again that Redis or a worker lost."""
    jobs.send_unfinished_jobs(now=timezone.now())


@shared_task
def fold_tallies() -> None:
    """Add up the rows of counters."""
    tallies.fold_tallies()


@shared_task
def sweep_old() -> None:
    """Delete expired data, and reviews whose deletion is due."""
    now = timezone.now()
    log.info("deleted expired data: %s", retention.delete_expired_data(now=now))
    deletion.delete_due_reviews(now=now)


@shared_task
def verify_events() -> None:
    """Verify the audit log of every review; log an error if a hash chain is broken."""
    for review in Review.objects.order_by("pk").iterator():
        found = hash_chains.verify_audit_log(review)
        if found.broken:
            log.error("THE AUDIT LOG IS BROKEN: %s", found.broken)
        else:
            log.info("audit log of %s verified: %s events", found.review, found.events)
    stones, broken = deletion_records.verify_deletion_records()
    if broken:
        log.error("THE AUDIT LOG IS BROKEN: %s", broken)
    else:
        log.info("%s deletion records verified", stones)
