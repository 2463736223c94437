"""Celery tasks of imports: one service call for each job."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from reviewapp.core.jobs import Handler, RunningJob
from screening.imports.queries import imports
from screening.imports.services import importing, reading
from screening.imports.services.imports import IMPORT_JOB, READ_JOB


def read_file(running: RunningJob) -> dict[str, Any]:
    """Run the job ``records.read``."""
    batch = imports.import_of_job(running.job)
    return reading.run_reading(batch=batch, running=running, now=timezone.now())


def import_file(running: RunningJob) -> dict[str, Any]:
    """Run the job ``records.import``."""
    batch = imports.import_of_job(running.job)
    return importing.run_import(batch=batch, running=running, now=timezone.now())


def handlers() -> dict[str, Handler]:
    """Return the handler of each kind of job of this app."""
    return {READ_JOB: read_file, IMPORT_JOB: import_file}
