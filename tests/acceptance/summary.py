"""Line at the end of a run that counts the acceptance tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.acceptance import real_files

HERE = Path(__file__).resolve().parent


def acceptance_line(
    stats: Mapping[str, Sequence[object]], config: pytest.Config
) -> str:
    """Return the line; "" if the command line names other tests only."""
    if hasattr(config, "workerinput"):  # a process of pytest-xdist: the main one counts
        return ""
    if not real_files.are_there():
        missing = "acceptance: not run, no sample files beside the repository"
        return missing if _is_asked(config) else ""
    counts = Counter(
        outcome
        for outcome in ("passed", "failed", "error")
        for report in stats.get(outcome, ())
        if getattr(report, "nodeid", "").startswith("tests/acceptance/")
    )
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
