"""Tasks of the worker: one service call per job."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from reviewapp.core.jobs import Handler, RunningJob
from screening.records.services import titles
from screening.records.services.titles import TITLES_JOB


def index_titles(running: RunningJob) -> dict[str, Any]:
    """Run the job ``records.titles``."""
    return titles.run_title_index(running=running, now=timezone.now())


def handlers() -> dict[str, Handler]:
    """Return the handler of each kind of job of this app."""
    return {TITLES_JOB: index_titles}
