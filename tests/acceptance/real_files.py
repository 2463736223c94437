"""Paths of the real files in a folder beside the repository."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.paths import ROOT

FOLDER = ROOT.parent / "shared" / "data"
IMPORTS = FOLDER / "imports"
DUPLICATES = FOLDER / "dedup"
DEMO = FOLDER / "seed_review"
SCREENING = FOLDER / "screening"


def are_there() -> bool:
    """Return True if the real files are beside the repository."""
    return FOLDER.is_dir()


def needed(path: Path) -> Path:
    """Return the path. Exit with a sentence if it does not exist."""
    if not path.exists():
        sys.exit(
            f"This needs real files in {path}, which are not part of the repository."
        )
    return path
