"""Jobs of this app; each job calls one service."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from reviewapp.core.jobs import Handler, RunningJob
from screening.decisions.queries.prior import JOB as PRIOR_JOB
from screening.decisions.queries.stage_sizes import ASSIGN_JOB, CLOSE_JOB, START_JOB
from screening.decisions.services import prior, stage_jobs


def import_earlier_decisions(running: RunningJob) -> dict[str, Any]:
    """Run the job ``decisions.prior``."""
    return prior.import_votes(running=running, now=timezone.now())


def start_stage(running: RunningJob) -> dict[str, Any]:
    """Run the job ``decisions.start``."""
    return stage_jobs.start(running=running, now=timezone.now())


def set_assignments(running: RunningJob) -> dict[str, Any]:
    """Run the job ``decisions.assign``."""
    return stage_jobs.assign(running=running, now=timezone.now())


def close_wave(running: RunningJob) -> dict[str, Any]:
    """Run the job ``decisions.close``."""
    return stage_jobs.close(running=running, now=timezone.now())


def handlers() -> dict[str, Handler]:
    """Return the handler of each kind of job of this app."""
    return {
        PRIOR_JOB: import_earlier_decisions,
        START_JOB: start_stage,
        ASSIGN_JOB: set_assignments,
        CLOSE_JOB: close_wave,
    }
