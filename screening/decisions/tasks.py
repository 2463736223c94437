"""What the worker runs for this app: one service call a job (DESIGN.md §6)."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from reviewapp.core.jobs import Running
from screening.decisions.services import prior


def take_over(running: Running) -> dict[str, Any]:
    """Job ``decisions.prior``."""
    return prior.run(running=running, now=timezone.now())
