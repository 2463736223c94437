"""Starting, assigning and closing a large stage as jobs.

The work is that of the services ``stages``, ``policies`` and ``closing``. In a small
review a page calls them itself; at a large stage the page asks here for a job that does
(docs/performance.md, Jobs).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import jobs
from reviewapp.core.jobs import RunningJob
from reviewapp.core.models import Job, Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.queries.lookup import get_by_code
from screening.decisions.models import Stage
from screening.decisions.queries import stage_sizes, waves
from screening.decisions.queries.stage_sizes import ASSIGN_JOB, CLOSE_JOB, START_JOB
from screening.decisions.services import closing, policies, stages

Lines = Sequence[tuple[Decimal, Sequence[Member]]]


def request_start(*, actor: Member, stage_code: str, now: datetime) -> Job:
    """Request a job that starts the stage, and return it."""
    return _request(actor, START_JOB, stage_code, {}, now)


def request_policy(
    *,
    actor: Member,
    stage_code: str,
    mode: str,
    lines: Lines,
    pool_size: int,
    seed: int | None,
    now: datetime,
) -> Job:
    """Request a job that sets the screening assignments, and return it.

    Raises ``Refused`` at once for assignments that can't be set.
    """
    stage = get_by_code(Stage.objects.all(), actor, stage_code)
    policies.check_policy(
        stage=stage, mode=mode, lines=lines, pool_size=pool_size, seed=seed
    )
    params = {
        "mode": mode,
        "lines": [[str(share), [m.code for m in some]] for share, some in lines],
        "pool_size": pool_size,
        "seed": seed,
    }
    return _request(actor, ASSIGN_JOB, stage_code, params, now)


def request_closing(*, actor: Member, stage_code: str, now: datetime) -> Job:
    """Request a job that closes the open wave of the stage, and return it."""
    return _request(actor, CLOSE_JOB, stage_code, {}, now)


@transaction.atomic
def _request(
    actor: Member, kind: str, stage_code: str, params: dict[str, Any], now: datetime
) -> Job:
    """Return the unfinished job of a stage, or a new one: a second click adds none."""
    require(actor, Action.SET_POLICY)
    stage = get_by_code(Stage.objects.select_for_update(no_key=True), actor, stage_code)
    unfinished = stage_sizes.unfinished_job(stage)
    if unfinished is not None:
        return unfinished
    return jobs.enqueue(
        actor=actor,
        kind=kind,
        key=f"{stage.code}-{now.isoformat()}",
        params={"stage": stage.code, **params},
        now=now,
        # Its refusal is for whoever asked, as on the page of a small stage.
        is_private=True,
    )


def start(*, running: RunningJob, now: datetime) -> dict[str, Any]:
    """Start the stage of the job. A second run finds it started."""
    running.advance(0, 0, _("Starting"))
    stages.start_stage(
        actor=running.job.created_by, stage_code=running.params["stage"], now=now
    )
    return {}


@transaction.atomic
def assign(*, running: RunningJob, now: datetime) -> dict[str, Any]:
    """Set the screening assignments of the job, once."""
    actor, params = running.job.created_by, running.params
    # Fails if another worker has the job, so that no second version is set.
    running.advance(0, 0, _("Assigning"))
    members = {
        member.code: member for member in Member.objects.filter(review=actor.review_id)
    }
    policies.set_policy(
        actor=actor,
        stage_code=params["stage"],
        mode=params["mode"],
        lines=[
            (Decimal(share), [members[code] for code in codes])
            for share, codes in params["lines"]
        ],
        pool_size=params["pool_size"],
        seed=params["seed"],
        now=now,
    )
    return {}


def close(*, running: RunningJob, now: datetime) -> dict[str, Any]:
    """Close the wave of the job. A second run finds it closed."""
    running.advance(0, 0, _("Closing"))
    actor, code = running.job.created_by, running.params["stage"]
    stage = get_by_code(Stage.objects.all(), actor, code)
    if running.job.attempts == 1 or waves.open_wave(stage) is not None:
        closing.close_wave(actor=actor, stage_code=code, now=now)
    return {}
