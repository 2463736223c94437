"""Celery task of deduplication: one service call for each job."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from reviewapp.core.jobs import Handler, RunningJob
from screening.duplicates.queries.runs import FIND_JOB
from screening.duplicates.services import finding


def find_duplicates(running: RunningJob) -> dict[str, Any]:
    """Run the job ``records.duplicates``."""
    return finding.run_deduplication(running=running, now=timezone.now())


def handlers() -> dict[str, Handler]:
    """Return the handler of each kind of job of this app."""
    return {FIND_JOB: find_duplicates}
