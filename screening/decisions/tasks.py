"""Jobs of this app; each job calls one service."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from reviewapp.core.jobs import Handler, RunningJob
from screening.decisions.queries.prior import JOB as PRIOR_JOB
from screening.decisions.services import prior


def import_earlier_decisions(running: RunningJob) -> dict[str, Any]:
    """Run the job ``decisions.prior``."""
    return prior.import_votes(running=running, now=timezone.now())


def handlers() -> dict[str, Handler]:
    """Return the handler of each kind of job of this app."""
    return {PRIOR_JOB: import_earlier_decisions}
