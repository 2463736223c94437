"""Celery tasks: they carry a job's id, nothing else."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from reviewapp.core import jobs


@shared_task
def run_job(pk: int) -> None:
    """Run one job; a second delivery finds it claimed and does nothing."""
    jobs.run(pk)


@shared_task
def sweep_jobs() -> None:
    """Send again what Redis or a worker lost."""
    jobs.sweep(now=timezone.now())
