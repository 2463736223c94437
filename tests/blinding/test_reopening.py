"""Reopening a conflict does not tell whether or what anyone has voted at a later stage."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from screening.conflicts.services import resolutions
from screening.decisions.models.rounds import Round
from screening.reports.models import Report
from screening.reports.services import retrieval
from tests.blinding.capture import difference
from tests.blinding.hidden_actions import CANARY, Act, moved_rounds
from tests.blinding.world import World
from tests.blinding.world_runner import WorldRunner
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HIDDEN = (Act("moved", 0, "exclude", CANARY, reason=1),)
OTHERWISE = (Act("moved", 0, "include"),)
DEEP = bool(os.environ.get("DEEP"))


def _resolve(world: World, verdict: str) -> None:
    resolutions.resolve(
        actor=world.cast.cleo,
        round_code=world.shared[2],
        verdict=verdict,
        rationale="It meets the criteria.",
        now=NOW,
    )


def the_record_moves_on(world: World) -> None:
    """Resolve the open conflict; the report is retrieved and assigned."""
    _resolve(world, "include")
    rounds = Round.objects.unblinded(reason="tests look behind the curtain")
    record = rounds.get(code=world.shared[2]).record_id
    report = Report.objects.get(record=record)
    retrieval.mark_retrieved(actor=world.cast.lena, report_code=report.code, now=NOW)
    assert moved_rounds(world)


def it_is_reopened(world: World) -> None:
    """Reopen it: the report is set aside."""
    resolutions.reopen(
        actor=world.cast.cleo,
        round_code=world.shared[2],
        why="A slip of the key.",
        now=NOW,
    )


def it_is_excluded(world: World) -> None:
    """Reopen and exclude it: hidden votes count nowhere."""
    it_is_reopened(world)
    _resolve(world, "exclude")


def it_comes_back(world: World) -> None:
    """Reopen and include it: the report comes back with its votes."""
    it_is_reopened(world)
    _resolve(world, "include")


AFTER = [None, it_is_reopened, it_is_excluded, it_comes_back]


@pytest.mark.parametrize("after", AFTER if DEEP else [it_is_reopened])
@pytest.mark.parametrize("viewer", ["ada", "cleo"] if DEEP else ["cleo"])
def test_reopening_does_not_tell_what_is_hidden_at_the_later_stage(
    runner: WorldRunner, viewer: str, after: Callable[[World], None] | None
) -> None:
    worlds = [
        runner.perform(
            viewer,
            "ben",
            acts,
            before=the_record_moves_on,
            after=after,
            deep=False,
            part=(0, 1 if DEEP else 4),
        )
        for acts in ((), HIDDEN, OTHERWISE)
    ]
    assert len({secret for _seen, secret in worlds}) == 3, "vacuous"
    first = worlds[0][0]
    for seen, _secret in worlds[1:]:
        told = difference(first, seen)
        assert not told, f"{viewer} can tell what Ben judged: {told}"
