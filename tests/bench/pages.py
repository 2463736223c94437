"""Benchmark of pages: each as a ratio to the team page of the same review.

Names for ``./dev bench``: pages (13 178 and 100 000 records), pages-million. Other sizes:
BENCH_RECORDS=50000. It runs in a temporary database (`measure_pages` has the test).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Measure at 13 178 and 100 000 records."""
    for n in os.environ.get("BENCH_RECORDS", "13178 100000").split():
        _run(int(n))


def million() -> None:
    """Measure at 1 000 000 records, which takes about ten minutes."""
    _run(1_000_000)


def _run(records: int) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-s", "--no-header"]
    quiet = ["-p", "no:cacheprovider", "-p", "no:randomly", "-W", "ignore"]
    subprocess.run(
        [*command, *quiet, f"{HERE / 'measure_pages.py'}::test_pages"],
        cwd=HERE.parents[1],
        env={**os.environ, "BENCH_RECORDS": str(records)},
        check=True,
    )
