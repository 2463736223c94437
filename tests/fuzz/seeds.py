"""Seeds of the fuzzer: the beginnings of the sample files of a format."""

from __future__ import annotations

import json
from pathlib import Path

from screening.citations.formats import FORMATS
from tests.acceptance.real_files import IMPORTS

SEED_BYTES = 6_000
# Files of these formats can't be cut.
WHOLE = frozenset({"xlsx", "zip"})


def formats() -> list[str]:
    """Return every format that has a reader, and ``any`` for recognition by content."""
    return ["any", *sorted(f.code for f in FORMATS if not f.is_archive)]


def write_seeds(format_: str, to: Path) -> int:
    """Write the seeds of a format into a directory and return their number."""
    expected = json.loads((IMPORTS / "expected.json").read_text("utf-8"))["files"]
    written = 0
    for name, entry in expected.items():
        if format_ in ("any", entry.get("format")):
            content = (IMPORTS / name).read_bytes()
            if format_ in WHOLE and len(content) > 100_000:
                continue
            size = None if format_ in WHOLE else SEED_BYTES
            (to / name).write_bytes(content[:size])
            written += 1
    return written
