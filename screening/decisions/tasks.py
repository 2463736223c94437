"""Jobs of this app; each job calls one service."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from reviewapp.core.jobs import Running
from screening.decisions.services import prior


def take_over(running: Running) -> dict[str, Any]:
    """Run the job ``decisions.prior``."""
    return prior.run(running=running, now=timezone.now())
