"""The answer to a vote does not reveal what others voted before."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from screening.decisions.models.rounds import Vote
from tests.blinding import harness
from tests.blinding.capture import Answer, masked
from tests.blinding.hidden_actions import CANARY, Act, play
from tests.blinding.world_runner import WorldRunner

pytestmark = pytest.mark.django_db

BEFORE = [
    (),
    (Act("title", 0, "include", CANARY),),
    (Act("title", 0, "exclude"),),
    (Act("title", 0, "unsure"), Act("title", 0, "include")),
]
CHARTED = [(), (Act("chart", 0, "include"),), (Act("chart", 0, "exclude"),)]


def answers(runner: WorldRunner, name: str, data: dict[str, str], acts) -> list[Answer]:
    """Return the answers Ada gets, as a page and by script, after Ben's actions."""
    world, found = runner.world, []
    args = [world.cast.review.code, world.title.code, world.shared[5]]
    if name.startswith("charting:"):
        args = [world.cast.review.code, world.form.code, world.charted[3]]
    for headers in ({}, {"Save-Request": "1"}):
        runner.codes.back_to_mark()
        with harness.undone():
            play(world, runner.codes, world.cast.ben, acts)
            answer = runner.browser("ada").post(
                reverse(name, args=args), data, headers=headers
            )
            found.append(masked(answer))
    return found


@pytest.mark.parametrize("verdict", ["include", "exclude", "unsure"])
@pytest.mark.parametrize("change", [{}, {"change": "1"}], ids=["new", "change"])
def test_a_vote_is_answered_the_same_whatever_was_voted_before(
    runner: WorldRunner, verdict: str, change: dict[str, str]
) -> None:
    data = {"verdict": verdict, "key": str(uuid.UUID(int=5)), **change}
    first, *others = (answers(runner, "decisions:vote", data, a) for a in BEFORE)
    assert [answer.status for answer in first] == [302, 200]
    for other in others:
        assert other == first


def test_the_vote_was_cast(runner: WorldRunner) -> None:
    """The test above would also pass for a page that refuses every vote."""
    world, every = runner.world, Vote.objects.unblinded(reason="tests look behind")
    url = reverse(
        "decisions:vote",
        args=[world.cast.review.code, world.title.code, world.shared[5]],
    )
    with harness.undone():
        before = every.filter(author=world.cast.ada).count()
        data = {"verdict": "include", "key": str(uuid.UUID(int=5))}
        runner.browser("ada").post(url, data)
        assert every.filter(author=world.cast.ada).count() == before + 1


def test_a_vote_that_is_not_valid_is_refused_the_same(runner: WorldRunner) -> None:
    data = {"verdict": "perhaps", "key": str(uuid.UUID(int=5))}
    first, *others = (answers(runner, "decisions:vote", data, a) for a in BEFORE)
    assert [answer.status for answer in first] == [422, 422]
    for other in others:
        assert other == first


def test_undoing_what_was_never_voted_is_refused_the_same(runner: WorldRunner) -> None:
    first, *others = (answers(runner, "decisions:undo", {}, a) for a in BEFORE)
    for other in others:
        assert other == first


def test_a_chart_is_kept_the_same_whatever_was_charted_before(
    runner: WorldRunner,
) -> None:
    data = {"design": "Survey", "key": str(uuid.UUID(int=5))}
    for name in ("charting:autosave", "charting:chart"):
        first, *others = (answers(runner, name, data, acts) for acts in CHARTED)
        assert all(answer.status < 500 for answer in first)
        for other in others:
            assert other == first
