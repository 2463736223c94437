"""The cast and the clients that every test shares."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator
from dataclasses import dataclass

import pytest
from django.test import Client

from reviewapp.core.models import Member, Review, Role
from tests import factories, order
from tests.acceptance.summary import acceptance_line
from tests.screening.citations.imports_expected import OURS, Samples


@pytest.fixture
def samples(request: pytest.FixtureRequest) -> Samples:
    """Return the ``SAMPLES`` of the module of the test, or the samples of tests/data."""
    return _samples_of(request.module)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test marked ``samples`` once for each sample file that the mark selects."""
    marker = metafunc.definition.get_closest_marker("samples")
    if marker:
        found = _samples_of(metafunc.module).names(*marker.args, **marker.kwargs)
        metafunc.parametrize("name", found)


def _samples_of(module: object) -> Samples:
    found = getattr(module, "SAMPLES", OURS)
    assert isinstance(found, Samples)
    return found


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> Generator[None]:
    """Write the line about acceptance tests, just before the last line of pytest."""
    yield
    line = acceptance_line(terminalreporter.stats, config)
    if line:
        terminalreporter.write_line(line)


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep the tests of one file, and all tests in a browser, in one process."""
    item.add_marker(pytest.mark.xdist_group(order.group_of(item)))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the slowest groups, after pytest-randomly has shuffled all."""
    items.sort(key=order.place_of)


@dataclass(frozen=True)
class Cast:
    """The people of the tests (after healthchecks' alice, bob and charlie)."""

    review: Review
    ada: Member  # reviewer
    ben: Member  # reviewer
    cleo: Member  # admin: adjudicates
    dora: Member  # lead
    lena: Member  # librarian
    olaf: Member  # observer
    rex: Member  # was a reviewer, removed
    eve: Member  # lead of another review: a stranger here


@pytest.fixture
def cast(db: None) -> Cast:
    """A review with a member in each role, a removed one, and a stranger."""
    review = factories.make_review("Peer workers in co-production")
    other = factories.make_review("Another review")

    def join(name: str, role: Role, where: Review = review) -> Member:
        return factories.make_member(where, name, role)

    return Cast(
        review=review,
        ada=join("Ada", Role.REVIEWER),
        ben=join("Ben", Role.REVIEWER),
        cleo=join("Cleo", Role.ADMIN),
        dora=join("Dora", Role.LEAD),
        lena=join("Lena", Role.LIBRARIAN),
        olaf=join("Olaf", Role.OBSERVER),
        rex=factories.make_member(
            review, "Rex", Role.REVIEWER, removed_at=factories.NOW
        ),
        eve=join("Eve", Role.LEAD, other),
    )


@pytest.fixture
def client_of() -> Callable[[Member | None], Client]:
    """A test client logged in as the member (None: not logged in)."""

    def make(member: Member | None) -> Client:
        client = Client()
        if member is not None:
            client.force_login(member.user)
        return client

    return make


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """The system's Chromium, quiet; overrides pytest-playwright's own download."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Browser tests need `chromium` on the PATH: apt install chromium")
    return {
        "executable_path": chromium,
        # It refuses its sandbox to root; the pages it opens are our own.
        "chromium_sandbox": False,
        "args": [
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }
