"""Stages in the states in which tests of screening start."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

import pytest

from reviewapp.core.models import Member
from screening.decisions.models import Reason, Stage
from screening.decisions.services import policies, stages, votes
from screening.decisions.services.votes import CastResult
from screening.records.models import Record
from tests import factories
from tests.conftest import Cast

NOW = factories.NOW
LATER = NOW + timedelta(hours=1)

Share = tuple[Decimal | int | str, Sequence[Member]]
Cast_ = Callable[..., CastResult]


@pytest.fixture
def title_stage(cast: Cast) -> Stage:
    """Title and abstract, not started, without a policy."""
    return stages.create_default_stages(review=cast.review, actor=cast.dora, now=NOW)[0]


@pytest.fixture
def full_stage(title_stage: Stage) -> Stage:
    """Full text of the same review."""
    return Stage.objects.get(review=title_stage.review_id, kind="full_text")


@pytest.fixture
def records(cast: Cast) -> Sequence[Record]:
    """Six unique records of a database."""
    return factories.make_records(cast.lena, 6)


def set_policy(stage: Stage, lead: Member, *lines: Share, **extra: object) -> None:
    """Set fixed assignment by lines of (percentage, members), drawn with seed 7."""
    policies.set_policy(
        actor=lead,
        stage_code=stage.code,
        mode=str(extra.pop("mode", "fixed")),
        lines=[(Decimal(share), members) for share, members in lines],
        seed=7 if stage.started_at is None else None,
        now=NOW,
        **extra,  # type: ignore[arg-type]
    )


def start(stage: Stage, lead: Member, *lines: Share, **extra: object) -> Stage:
    """Set the policy and start the stage."""
    set_policy(stage, lead, *lines, **extra)
    return stages.start_stage(actor=lead, stage_code=stage.code, now=NOW)


@pytest.fixture
def double(cast: Cast, title_stage: Stage, records: Sequence[Record]) -> Stage:
    """Title and abstract, started: everything is assigned to Ada and Ben."""
    return start(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))


def cast_vote(
    actor: Member,
    round_code: str,
    verdict: str,
    reason: Reason | None = None,
    note: str = "",
    key: uuid.UUID | None = None,
) -> CastResult:
    """Cast a vote with a new key."""
    return votes.cast_vote(
        actor=actor,
        round_code=round_code,
        verdict=verdict,
        reason_code=reason.code if reason else "",
        note=note,
        key=key or uuid.uuid4(),
        now=LATER,
    )


def rounds_of(stage: Stage) -> dict[str, str]:
    """Return round code by record (or report) code, in screening order."""
    from screening.decisions.models.rounds import Round

    rows = (
        Round.objects.unblinded(reason="test")
        .filter(stage=stage)
        .order_by("order", "pk")
        .values_list("record__code", "report__code", "code")
    )
    return {record or report: code for record, report, code in rows}


def vote_all(stage: Stage, actor: Member, verdict: str = "exclude") -> int:
    """Vote on everything that is assigned to the member."""
    from screening.decisions.queries import queue

    n = 0
    reason = stage.reasons.filter(retired_at=None).first()
    while place := queue.next_place(actor, stage):
        cast_vote(actor, place.round_code, verdict, reason)
        n += 1
    return n
