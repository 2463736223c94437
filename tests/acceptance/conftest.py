"""Collect the tests of this folder only if the real files are there."""

from __future__ import annotations

from pathlib import Path

from tests.acceptance import real_files
from tests.screening.conftest import lena, source, url

__all__ = ["lena", "source", "url"]

# This one needs programs, not files.
ALWAYS = {"test_programs.py"}
HERE = Path(__file__).parent
collect_ignore = (
    []
    if real_files.are_there()
    else [p.name for p in HERE.glob("test_*.py") if p.name not in ALWAYS]
)
