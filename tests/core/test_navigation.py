"""Exactly one entry of the navigation is marked as current, on every page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from reviewapp.core import nav
from reviewapp.core.models import Member
from tests.blinding.matrix import ROWS
from tests.blinding.world import World, build, make_cast

ClientOf = Callable[[Member | None], Client]


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a review in which every kind of event has happened."""
    monkeypatch.setattr("reviewapp.core.jobs._send_to_celery", lambda pk: None)
    return build(make_cast())


@pytest.mark.parametrize("member", ["dora", "cleo", "lena"])
def test_every_page_marks_exactly_one_entry(
    world: World, client_of: ClientOf, member: str
) -> None:
    client = client_of(getattr(world.cast, member))
    wrong, seen = [], 0
    for path in sorted(
        set(re.findall(r'href="(/r/[^"?#]+)"', all_links(client, world)))
    ):
        page = client.get(path)
        if page.status_code != 200 or "text/html" not in page["Content-Type"]:
            continue
        text = page.content.decode()
        side = re.search(r'<nav class="side-nav".*?</nav>', text, re.S)
        if side is None:
            continue
        seen += 1
        n = side.group().count('aria-current="page"')
        if n != 1:
            wrong.append(f"{path}: {n}")
    assert not wrong, "\n".join(wrong)
    assert seen > 10


def all_links(client: Client, world: World) -> str:
    """Return the pages of the navigation, whose links are followed."""
    code = world.cast.review.code
    pages = [
        f"/r/{code}/",
        f"/r/{code}/stages/",
        f"/r/{code}/stages/{world.title.code}/",
    ]
    pages += re.findall(r'href="(/r/[^"?#]+)"', client.get(pages[0]).content.decode())
    answers = [client.get(page) for page in dict.fromkeys(pages)]
    return "".join(a.content.decode() for a in answers if not a.streaming)


def test_every_view_belongs_to_one_entry(world: World) -> None:
    """Also pages that no entry names, such as those that another app adds."""
    entries = nav.nav_entries(world.cast.dora)
    urls = [
        reverse(e.url_name, args=[world.cast.review.code, *e.args]) for e in entries
    ]
    for row in ROWS:
        lit = nav.current_entry(entries, urls, row.name, "/elsewhere/")
        assert 0 <= lit < len(entries)
    assert (
        entries[nav.current_entry(entries, urls, "nothing:known", "/x/")] == entries[0]
    )
    named = {
        "decisions:settings": "decisions:stages",
        "conflicts:x": "conflicts:conflicts",
    }
    for view, entry in named.items():
        lit = nav.current_entry(entries, urls, view, "/x/")
        assert entries[lit].url_name == entry
