"""Groups of tests that stay in one process, and which of them start first.

Tests of one file share worlds and running instances. Tests in a browser are one group:
each needs most of a machine. The slowest groups start first, so that at the end no
process is still busy with a long one while the others are idle. All other files keep
the random order of pytest-randomly.
"""

from __future__ import annotations

import pytest

BROWSER = "tests/e2e/"
SLOWEST = (
    BROWSER,
    "tests/blinding/test_two_worlds.py",
    "tests/translation/",
    "tests/repository/",
    "tests/blinding/test_mutations.py",
    "tests/attack/",
    "tests/core/test_up_",
    "tests/core/test_demo_load.py",
    "tests/blinding/",
)


def group_of(item: pytest.Item) -> str:
    """Return the name of the group that ``item`` runs in."""
    path = _path(item)
    return BROWSER if path.startswith(BROWSER) else path


def place_of(item: pytest.Item) -> int:
    """Return a number by which groups are sorted; equal ones keep their order."""
    path = _path(item)
    starts = (n for n, start in enumerate(SLOWEST) if path.startswith(start))
    return next(starts, len(SLOWEST))


def _path(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]
