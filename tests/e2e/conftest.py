"""The site in a browser: a live server, a real worker, and people with browsers.

Without Chromium these tests fail (tests/conftest.py); they are never skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from reviewapp.core.models import User
from tests.blinding.world import World, build, make_cast
from tests.e2e.people import Person, arrive

HERE = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as needing a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Arrivals(Protocol):
    """``people("Ada")`` opens a browser; ``people("Ada", user)`` also logs in."""

    def __call__(
        self, name: str, user: User | None = None, **options: Any
    ) -> Person: ...


@pytest.fixture
def site(live_server: Any) -> str:
    """Return the address of the running site."""
    return str(live_server.url)


def log_in(person: Person, user: User) -> None:
    """Give the browser a session of ``user``; another test covers the login page."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    person.context.add_cookies(
        [{"name": cookie.key, "value": cookie.value, "url": person.site}]
    )


@pytest.fixture
def people(
    request: pytest.FixtureRequest,
    browser: Browser,
    site: str,
    transactional_db: None,
    tmp_path: Path,
) -> Iterator[Arrivals]:
    """Open browsers for people; at the end, none may have had an error."""
    came: list[Person] = []

    def come(name: str, user: User | None = None, **options: Any) -> Person:
        person = arrive(browser, site, name, **options)
        if user is not None:
            log_in(person, user)
        came.append(person)
        return person

    failures = request.session.testsfailed
    yield come
    for person in came:
        if request.session.testsfailed > failures:
            shot = tmp_path / f"{person.name}.png"
            person.page.screenshot(path=shot, full_page=True)
            print(f"{person.name} was at {person.page.url}: {shot}")
        person.context.close()
    trouble = [line for person in came for line in person.trouble]
    assert not trouble, "\n".join(trouble)


@pytest.fixture
def world(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a review in which every kind of event has happened (blinding/world.py)."""
    monkeypatch.setattr("reviewapp.core.jobs._send_to_celery", lambda pk: None)
    return build(make_cast())
