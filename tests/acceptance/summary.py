"""Line at the end of a run that counts the acceptance tests."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.acceptance import real_files

HERE = Path(__file__).resolve().parent
TALLY = "ACCEPTANCE_TALLY"
"""Environment variable with the path of a file that holds the counts of earlier parts."""


def acceptance_line(
    stats: Mapping[str, Sequence[object]], config: pytest.Config
) -> str:
    """Return the line; "" if the command line names other tests only."""
    if hasattr(config, "workerinput"):  # a process of pytest-xdist: the main one counts
        return ""
    if not real_files.are_there():
        missing = "acceptance: not run, no sample files beside the repository"
        return missing if _is_asked(config) else ""
    counts = _earlier() + Counter(
        outcome
        for outcome in ("passed", "failed", "error")
        for report in stats.get(outcome, ())
        if getattr(report, "nodeid", "").startswith("tests/acceptance/")
    )
    _note(counts)
    parts = [f"{counts[one]} {one}" for one in ("failed", "error") if counts[one]]
    parts.append(f"{counts['passed']} passed")
    return f"acceptance: {', '.join(parts)}" if counts else ""


def _is_asked(config: pytest.Config) -> bool:
    """Return True if a path of the command line contains acceptance tests."""
    base = config.invocation_params.dir
    asked = [(base / arg.split("::")[0]).resolve() for arg in config.args]
    return any(
        path == HERE or path in HERE.parents or HERE in path.parents for path in asked
    )


def _earlier() -> Counter[str]:
    file = Path(os.environ.get(TALLY, ""))
    return Counter(json.loads(file.read_text()) if file.is_file() else {})


def _note(counts: Counter[str]) -> None:
    if TALLY in os.environ:
        Path(os.environ[TALLY]).write_text(json.dumps(counts))
