"""Worlds are built once per module, in a transaction that is rolled back at its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.blinding import harness
from tests.blinding.world import World, build, make_cast
from tests.blinding.world_runner import WorldRunner


@pytest.fixture(scope="module")
def codes(django_db_setup: None, django_db_blocker: Any) -> Iterator[harness.Codes]:
    """Open the database, stop the clock and seed the codes."""
    with django_db_blocker.unblock(), harness.stopped() as codes, harness.undone():
        yield codes


@pytest.fixture(scope="module")
def world(codes: harness.Codes) -> World:
    """Return the review with fixed assignment."""
    return build(make_cast())


@pytest.fixture(scope="module")
def runner(world: World, codes: harness.Codes) -> WorldRunner:
    """Return a runner for the world."""
    return _runner(world, codes)


@pytest.fixture(scope="module")
def pool(codes: harness.Codes) -> WorldRunner:
    """Return a world whose first stage is an open pool of Ada, Ben and Cleo."""
    return _runner(build(make_cast("Open pool", tag="3"), is_pool=True), codes)


def _runner(world: World, codes: harness.Codes) -> WorldRunner:
    runner = WorldRunner(world, codes)
    runner.log_in()
    codes.mark()
    return runner
