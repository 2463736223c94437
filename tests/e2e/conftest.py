"""The site as a browser sees it: a live server, a real worker, people with browsers.

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
    """Everything in this folder needs a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Arrivals(Protocol):
    """``people("Ada")``: a browser; ``people("Ada", user)``: one that is logged in."""

    def __call__(
        self, name: str, user: User | None = None, **options: Any
    ) -> Person: ...


@pytest.fixture
def site(live_server: Any) -> str:
    """The address of the running site."""
    return str(live_server.url)


def log_in(person: Person, user: User) -> None:
    """Give the browser a session of ``user``; the login page has its own test."""
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
    """Open a browser for somebody; at the end nothing may have gone wrong in any."""
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
    """A review in which everything has happened once (tests/blinding/world.py)."""
    monkeypatch.setattr("reviewapp.core.jobs._send_to_celery", lambda pk: None)
    return build(make_cast())
