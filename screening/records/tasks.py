"""Tasks of the worker: one service call per job."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from reviewapp.core.jobs import Running
from screening.records.services import titles


def index_titles(running: Running) -> dict[str, Any]:
    """Run the job ``records.titles``."""
    return titles.run(running=running, now=timezone.now())
