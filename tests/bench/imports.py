"""Benchmark of importing into PostgreSQL, with reading alone and COPY alone as limits.

It runs in a temporary database, as the tests do (`measure_imports` has the test).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.acceptance.real_files import IMPORTS, needed

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Print records per second of wall time."""
    _run("test_import_rate")


def million() -> None:
    """Read and import 1 000 000 records, and print the peak memory of the worker."""
    _run("test_a_million_records_in_constant_memory")


def _run(test: str) -> None:
    needed(IMPORTS)
    command = [sys.executable, "-m", "pytest", "-q", "-s", "--no-header"]
    quiet = ["-p", "no:cacheprovider", "-p", "no:randomly", "-W", "ignore"]
    subprocess.run(
        [*command, *quiet, f"{HERE / 'measure_imports.py'}::{test}"],
        cwd=HERE.parents[1],
        check=True,
    )
