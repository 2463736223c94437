"""Celery tasks of imports: one service call for each job."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from reviewapp.core.jobs import Running
from screening.imports.queries import imports
from screening.imports.services import importing, reading


def read_file(running: Running) -> dict[str, Any]:
    """Run the job ``records.read``."""
    batch = imports.of_job(running.job)
    return reading.run(batch=batch, running=running, now=timezone.now())


def import_file(running: Running) -> dict[str, Any]:
    """Run the job ``records.import``."""
    batch = imports.of_job(running.job)
    return importing.run(batch=batch, running=running, now=timezone.now())
