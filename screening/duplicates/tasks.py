"""Celery task of deduplication: one service call for each job."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from reviewapp.core.jobs import Running
from screening.duplicates.services import finding


def find_duplicates(running: Running) -> dict[str, Any]:
    """Run the job ``records.duplicates``."""
    return finding.run(running=running, now=timezone.now())
