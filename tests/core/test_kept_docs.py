"""Each row of docs/what-is-kept-where.md has a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "what-is-kept-where.md"


def rows(text: str) -> dict[str, str]:
    """Return the rest of each row of a table by its first cell."""
    found = {}
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| what |"):
            first, _, rest = line.strip("| ").partition(" | ")
            found[first] = rest
    return found


def test_each_row_of_what_is_kept_where_has_a_test() -> None:
    kept, _, tested = PAGE.read_text().partition("## Tests")
    assert rows(kept).keys() == rows(tested).keys()
    defined = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)\(", file.read_text(), re.M)
    }
    for what, cell in rows(tested).items():
        named = re.findall(r"`(test_\w+)`", cell)
        assert named, what
        assert set(named) <= defined, (what, set(named) - defined)
