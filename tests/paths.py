"""Places of the repository that tests read from."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "tests" / "data"
"""Invented sample files; see the README there."""
