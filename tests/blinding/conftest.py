"""Worlds are built once a module, in a transaction that is rolled back at its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.blinding import harness
from tests.blinding.world import World, build, make_cast
from tests.blinding.world_runner import Theatre


@pytest.fixture(scope="module")
def codes(django_db_setup: None, django_db_blocker: Any) -> Iterator[harness.Codes]:
    """The database is open, the clock stands, codes are seeded."""
    with django_db_blocker.unblock(), harness.stopped() as codes, harness.undone():
        yield codes


@pytest.fixture(scope="module")
def world(codes: harness.Codes) -> World:
    """The review with fixed assignment."""
    return build(make_cast())


@pytest.fixture(scope="module")
def theatre(world: World, codes: harness.Codes) -> Theatre:
    """The world, ready to be played in."""
    return _theatre(world, codes)


@pytest.fixture(scope="module")
def pool(codes: harness.Codes) -> Theatre:
    """A world whose title and abstract stage is an open pool of Ada, Ben and Cleo."""
    return _theatre(build(make_cast("Open pool", tag="3"), is_pool=True), codes)


def _theatre(world: World, codes: harness.Codes) -> Theatre:
    theatre = Theatre(world, codes)
    theatre.log_in()
    codes.mark()
    return theatre
