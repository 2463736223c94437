"""Collect the tests of this folder only if the real files are there."""

from __future__ import annotations

from tests.acceptance import real_files
from tests.screening.conftest import lena, source, url

__all__ = ["lena", "source", "url"]

collect_ignore_glob = [] if real_files.are_there() else ["test_*.py"]
