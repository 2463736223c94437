"""Published numbers and cited references of the demo review."""

from __future__ import annotations

import json
from typing import Any

from reviewapp.demo.cited import CITED
from tests.acceptance.real_files import DEMO
from tests.paths import DATA


def test_the_numbers_of_the_tests_are_the_published_ones() -> None:
    given = json.loads((DEMO / "numbers.json").read_text("utf-8"))
    ours = json.loads((DATA / "demo/numbers.json").read_text("utf-8"))
    del ours["about"]
    assert ours == _same_keys(given, ours)


def _same_keys(given: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """Return the part of the given numbers that has the keys of ours."""
    return {
        key: _same_keys(given[key], value) if isinstance(value, dict) else given[key]
        for key, value in ours.items()
    }


def test_the_cited_list_is_the_given_one() -> None:
    given = (DEMO / "cited_references.ris").read_bytes()
    assert given == CITED.read_bytes()
