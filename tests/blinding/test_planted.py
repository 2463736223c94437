"""The comparison finds leaks: each is planted for one test, and must be told apart."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.urls import reverse

from reviewapp.core import nav, web
from reviewapp.core.models import Event, Member
from reviewapp.core.nav import Todo
from screening.decisions.models.rounds import Vote
from tests.blinding import harness
from tests.blinding.histories import Act, play
from tests.blinding.observing import Seen, difference, masked
from tests.blinding.theatre import Theatre

pytestmark = pytest.mark.django_db

NONE: tuple[Act, ...] = ()
ONE = (Act("title", 0, "include"),)
OTHER = (Act("title", 0, "exclude"),)


def every() -> object:
    return Vote.objects.unblinded(reason="tests plant a leak")


def count(viewer: Member) -> list[Todo]:
    """How far the team is."""
    return [Todo(f"{every().count()} votes are cast", "/")]


def existence(viewer: Member) -> list[Todo]:
    """Whether anybody else has begun."""
    others = every().exclude(author=viewer).filter(round__sealed_at=None)
    return [Todo("Others have begun", "/")] if others.exists() else []


def verdict(viewer: Member) -> list[Todo]:
    """How many will be included."""
    n = every().filter(verdict="include").count()
    return [Todo(f"{n} are included so far", "/")]


def key(viewer: Member) -> list[Todo]:
    """A number that counts rows of everybody."""
    return [Todo(f"{Event.objects.latest('pk').pk} events", "/")]


def look(theatre: Theatre, acts: tuple[Act, ...]) -> Seen:
    """Ada opens the overview after Ben's acts."""
    url = reverse("review:overview", args=[theatre.world.cast.review.code])
    theatre.codes.back_to_mark()
    with harness.undone():
        play(theatre.world, theatre.codes, theatre.world.cast.ben, acts)
        return Seen({url: masked(theatre.browser("ada").get(url))})
    raise AssertionError("unreachable")


def test_without_a_leak_the_overview_is_the_same(theatre: Theatre) -> None:
    assert not difference(look(theatre, NONE), look(theatre, ONE))
    assert not difference(look(theatre, ONE), look(theatre, OTHER))


@pytest.mark.parametrize(
    "leak", [count, existence, key], ids=lambda leak: leak.__name__
)
def test_a_leak_of_whether_is_found(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch, leak: object
) -> None:
    monkeypatch.setattr(nav, "_todos", [leak])
    assert difference(look(theatre, NONE), look(theatre, ONE))


def test_a_leak_of_what_is_found(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nav, "_todos", [verdict])
    assert difference(look(theatre, ONE), look(theatre, OTHER))


def test_a_leak_in_a_header_is_found(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = web.PrivateResponsesMiddleware.__call__

    def with_etag(self: object, request: object) -> HttpResponse:
        response = frame(self, request)
        response["ETag"] = f'"{every().count()}"'
        return response

    monkeypatch.setattr(web.PrivateResponsesMiddleware, "__call__", with_etag)
    assert "headers" in difference(look(theatre, NONE), look(theatre, ONE))
