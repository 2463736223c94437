"""A word in Ben's note and chart: nobody else can read it before unblinding."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from psycopg import sql

from reviewapp.core.models import Member
from screening.conflicts.services import resolutions
from screening.decisions.models.rounds import Assignment, Round, Vote
from screening.decisions.queries import conflicts, votes
from screening.decisions.services import closing, stages
from tests.blinding import harness
from tests.blinding.hidden_actions import CANARY, Act, play
from tests.blinding.world import World, vote
from tests.blinding.world_runner import WorldRunner
from tests.charting import factories as charting
from tests.factories import NOW

pytestmark = pytest.mark.django_db

OTHERS = ["ada", "cleo", "dora", "lena", "olaf"]
ACTS = (
    Act("title", 0, "include", CANARY),
    Act("title", 1, "exclude", CANARY),
    Act("text", 0, "exclude", CANARY),
    Act("chart", 0, "include", CANARY, hands_in=False),
)


@pytest.mark.parametrize("viewer", OTHERS)
def test_the_canary_is_in_nothing_that_another_member_fetches(
    runner: WorldRunner, viewer: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        seen, _ = runner.perform(viewer, "ben", ACTS, deep=viewer == "ada")
    assert seen.with_text(CANARY) == []
    assert CANARY not in caplog.text


def test_ben_reads_his_own_canary(runner: WorldRunner) -> None:
    seen, _ = runner.perform("ben", "ben", ACTS, deep=False)
    where = "\n".join(seen.with_text(CANARY))
    assert "/screen/" in where
    assert "/charting/" in where


def test_the_canary_is_stored_in_votes_and_charts_only(runner: WorldRunner) -> None:
    """Not in events, jobs, sessions or another table with rules of its own."""
    with harness.undone():
        play(runner.world, runner.codes, runner.world.cast.ben, ACTS)
        found = set(_tables_with(CANARY))
    assert found == {"decisions_vote", "charting_chart"}


def _tables_with(text: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                sql.SQL("SELECT 1 FROM {} AS t WHERE t::text LIKE %s LIMIT 1").format(
                    sql.Identifier(table)
                ),
                [f"%{text}%"],
            )
            if cursor.fetchone():
                yield table


def _finish(world: World) -> None:
    """Cast all remaining votes of the first stage, resolve conflicts and close it."""
    cast = world.cast
    rounds = Round.objects.unblinded(reason="tests look behind the curtain")
    for member in (cast.ada, cast.ben):
        seats = Assignment.objects.filter(stage=world.title, member=member)
        for code in rounds.filter(pk__in=seats.values("round"), sealed_at=None):
            if not _has_voted(member, code):
                vote(member, code.code, "include")
        stages.mark_finished(actor=member, stage_code=world.title.code, now=NOW)
    open_to_cleo = rounds.filter(code__in=conflicts.open_conflict_codes(cast.cleo))
    for code in open_to_cleo.filter(stage=world.title).values_list("code", flat=True):
        resolutions.resolve(
            actor=cast.cleo,
            round_code=code,
            verdict="exclude",
            rationale="Not about peers.",
            now=NOW,
        )
    closing.close_wave(actor=cast.dora, stage_code=world.title.code, now=NOW)


def _has_voted(member: object, round_: Round) -> bool:
    every = Vote.objects.unblinded(reason="tests look behind the curtain")
    return every.filter(author=member, round=round_).exists()


@pytest.mark.parametrize("viewer", OTHERS)
def test_once_the_stage_is_closed_everybody_may_read_the_note(
    runner: WorldRunner, viewer: str
) -> None:
    """The tests above would also pass in a program that never shows a vote."""
    world, member = runner.world, runner.member(viewer)
    with harness.undone():
        play(world, runner.codes, world.cast.ben, ACTS[:2])
        assert CANARY not in _notes(member, world.shared[5])
        _finish(world)
        assert CANARY in _notes(member, world.shared[5])


def _notes(viewer: Member, code: str) -> set[str]:
    return {vote.note for vote in votes.visible_votes(viewer, code)}


def test_a_request_sent_twice_tells_nothing_of_another_member(
    runner: WorldRunner,
) -> None:
    """The key of a vote belongs to its author: Ada may use the same key as Ben."""
    key = uuid.UUID(int=77)
    with harness.undone():
        cast, code = runner.world.cast, runner.world.shared[5]
        vote(cast.ben, code, "exclude", key=key)
        vote(cast.ada, code, "include", key=key)


def test_a_chart_of_ada_is_answered_the_same_whatever_ben_charted(
    runner: WorldRunner,
) -> None:
    answers = []
    for role in ("support", "partner"):
        with harness.undone():
            round_ = charting.rounds_of(runner.world.form)[3]
            charting.save(runner.world.cast.ben, round_, role=role)
            answers.append(charting.save(runner.world.cast.ada, round_))
    assert answers[0] == answers[1]
