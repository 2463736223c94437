"""Steps of the reviews in these tests."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from decimal import Decimal

from reviewapp.core.models import Member
from screening.decisions.models import Stage
from screening.decisions.models.rounds import Round
from screening.decisions.queries import queue
from screening.decisions.services import policies, stages, votes
from screening.records.models import Duplicate, Record
from tests import factories
from tests.conftest import Cast

NOW = factories.NOW


def duplicate(actor: Member, record: Record, of: Record) -> Duplicate:
    return Duplicate.objects.create(
        review=actor.review,
        record=record,
        of=of,
        how=Duplicate.How.PERSON,
        created_at=NOW,
        created_by=actor,
    )


def read_all(stage: Stage, member: Member, include: Callable[[str], bool]) -> None:
    """Cast votes on everything assigned to one reviewer, who then finishes."""
    reason = stage.reasons.filter(retired_at=None).first()
    while place := queue.next_place(member, stage):
        seen = queue_title(place.round_code)
        passes = include(seen)
        votes.cast_vote(
            actor=member,
            round_code=place.round_code,
            verdict="include" if passes else "exclude",
            reason_code="" if passes or not stage.needs_reason else reason.code,
            note="",
            key=uuid.uuid4(),
            now=NOW,
        )
    stages.mark_finished(actor=member, stage_code=stage.code, now=NOW)


def queue_title(round_code: str) -> str:
    found = Round.objects.unblinded(reason="test").get(code=round_code)
    record = found.record or found.report.record
    return str(record.title)


def begin(stage: Stage, cast: Cast) -> None:
    policies.set_policy(
        actor=cast.dora,
        stage_code=stage.code,
        mode="fixed",
        lines=[(Decimal(100), [cast.ada])],
        seed=1,
        now=NOW,
    )
    stages.start_stage(actor=cast.dora, stage_code=stage.code, now=NOW)
