"""The comparison finds leaks: each is planted for one test, and must be told apart."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import TestCase
from django.urls import reverse

from tests.blinding import harness
from tests.blinding.capture import Answer, Seen, difference, masked
from tests.blinding.hidden_actions import Act, play
from tests.blinding.planted_leaks import LEAKS, NONE, ONE, OTHER, Leak
from tests.blinding.world_runner import Theatre

pytestmark = pytest.mark.django_db


def look(theatre: Theatre, leak: Leak, acts: tuple[Act, ...]) -> Seen:
    """What the viewer is answered, and the mails sent, after Ben's acts."""
    world, url = theatre.world, leak.url(theatre.world)
    theatre.codes.back_to_mark()
    mail.outbox.clear()
    with harness.undone():
        with TestCase.captureOnCommitCallbacks(execute=True):
            play(world, theatre.codes, world.cast.ben, acts)
            if leak.deed:
                leak.deed(world)
        if leak.author_looks:
            theatre.browser("ben").get(
                reverse("review:overview", args=[world.args["review"]])
            )
        browser = theatre.browser(leak.viewer)
        response = browser.post(url, leak.data) if leak.data else browser.get(url)
        seen = Seen({url: masked(response)})
        for number, _ in enumerate(mail.outbox):
            seen.answers[f"mail {number}"] = Answer(200, (), b"")
        return seen
    raise AssertionError("unreachable")


def told(theatre: Theatre, leak: Leak, *, is_planted: bool = False) -> str:
    """What tells the two worlds apart; each world has a program of its own."""
    seen = []
    for acts in (leak.one, leak.two):
        with pytest.MonkeyPatch.context() as patch:
            if is_planted:
                leak.plant(patch)
            seen.append(look(theatre, leak, acts))
    assert not any(one.broken for one in seen), seen[0].broken
    return difference(*seen)


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
def test_a_planted_leak_is_found_and_nothing_without_it(
    theatre: Theatre, leak: Leak
) -> None:
    assert not told(theatre, leak)
    assert told(theatre, leak, is_planted=True)


def test_every_one_of_the_twelve_is_planted() -> None:
    assert {leak.no for leak in LEAKS} == set(range(1, 13))


def test_without_a_leak_the_overview_is_the_same(theatre: Theatre) -> None:
    overview = next(leak for leak in LEAKS if leak.page == "review:overview")
    assert look(theatre, overview, NONE).answers
    assert not difference(look(theatre, overview, ONE), look(theatre, overview, OTHER))
