"""Tasks of the worker: one service call per job."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from reviewapp.core.jobs import Running
from screening.records.queries import imports
from screening.records.services import finding, importing, reading, titles


def read_file(running: Running) -> dict[str, Any]:
    """Run the job ``records.read``."""
    batch = imports.of_job(running.job)
    return reading.run(batch=batch, running=running, now=timezone.now())


def import_file(running: Running) -> dict[str, Any]:
    """Run the job ``records.import``."""
    batch = imports.of_job(running.job)
    return importing.run(batch=batch, running=running, now=timezone.now())


def index_titles(running: Running) -> dict[str, Any]:
    """Run the job ``records.titles``."""
    return titles.run(running=running, now=timezone.now())


def find_duplicates(running: Running) -> dict[str, Any]:
    """Run the job ``records.duplicates``."""
    return finding.run(running=running, now=timezone.now())
