"""The comparison of two worlds finds leaks: each test plants one."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import TestCase
from django.urls import reverse

from tests.blinding import harness
from tests.blinding.capture import Answer, Seen, difference, masked
from tests.blinding.hidden_actions import Act, play
from tests.blinding.planted_leaks import LEAKS, NONE, ONE, OTHER, Leak
from tests.blinding.world_runner import WorldRunner

pytestmark = pytest.mark.django_db


def look(runner: WorldRunner, leak: Leak, acts: tuple[Act, ...]) -> Seen:
    """Return the viewer's answers and the sent emails after Ben's actions."""
    world, url = runner.world, leak.url(runner.world)
    runner.codes.back_to_mark()
    mail.outbox.clear()
    with harness.undone():
        with TestCase.captureOnCommitCallbacks(execute=True):
            play(world, runner.codes, world.cast.ben, acts)
            if leak.action:
                leak.action(world)
        if leak.author_looks:
            runner.browser("ben").get(
                reverse("review:overview", args=[world.args["review"]])
            )
        browser = runner.browser(leak.viewer)
        response = browser.post(url, leak.data) if leak.data else browser.get(url)
        seen = Seen({url: masked(response)})
        for number, _ in enumerate(mail.outbox):
            seen.answers[f"mail {number}"] = Answer(200, (), b"")
        return seen
    raise AssertionError("unreachable")


def told(runner: WorldRunner, leak: Leak, *, is_planted: bool = False) -> str:
    """Return the difference between the worlds; each world has its own program."""
    seen = []
    for acts in (leak.one, leak.two):
        with pytest.MonkeyPatch.context() as patch:
            if is_planted:
                leak.plant(patch)
            seen.append(look(runner, leak, acts))
    assert not any(one.broken for one in seen), seen[0].broken
    return difference(*seen)


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
def test_a_planted_leak_is_found_and_nothing_without_it(
    runner: WorldRunner, leak: Leak
) -> None:
    assert not told(runner, leak)
    assert told(runner, leak, is_planted=True)


def test_every_one_of_the_twelve_is_planted() -> None:
    assert {leak.no for leak in LEAKS} == set(range(1, 13))


def test_without_a_leak_the_overview_is_the_same(runner: WorldRunner) -> None:
    overview = next(leak for leak in LEAKS if leak.page == "review:overview")
    assert look(runner, overview, NONE).answers
    assert not difference(look(runner, overview, ONE), look(runner, overview, OTHER))
