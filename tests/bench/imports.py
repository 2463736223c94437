"""Importing into PostgreSQL, beside its floors: reading alone, and COPY alone.

Runs in a throw-away database as the tests do (`measure_imports` holds the test).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Print records per second of wall time."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "--no-header"]
    quiet = ["-p", "no:cacheprovider", "-p", "no:randomly", "-W", "ignore"]
    subprocess.run(
        [*command, *quiet, str(HERE / "measure_imports.py")],
        cwd=HERE.parents[1],
        check=True,
    )
