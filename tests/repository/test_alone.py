"""Tests in a copy of the tracked files that has no folder beside it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

# Tests of formats, demo and deduplication that read files and need no database.
CHOSEN = (
    "tests/screening/citations/test_samples.py",
    "tests/screening/citations/test_deduplication_quality.py",
    "tests/core/test_demo_works.py",
    "tests/core/test_demo_exports.py",
    "tests/acceptance",
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a copy of the tracked files, alone in its folder."""
    to = tmp_path_factory.mktemp("alone") / "repository"
    for name in tracked():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, to / name, follow_symlinks=False)
    return to


def tracked() -> list[str]:
    """Return the paths of the files that git tracks."""
    command = ["git", "ls-files", "-z", "--cached"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    names = done.stdout.decode().split("\0")
    return [name for name in names if name and (ROOT / name).exists()]


def pytest_in(copy: Path, *arguments: str) -> str:
    """Run pytest in the copy and return its output. Fail if a test fails."""
    env = {name: text for name, text in os.environ.items() if "XDIST" not in name}
    env |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=copy,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-3000:]
    return said


def test_the_tests_of_formats_demo_and_deduplication_pass_alone(copy: Path) -> None:
    said = pytest_in(copy, *CHOSEN)
    last_but_one, last = said.strip().splitlines()[-2:]
    assert last_but_one == "acceptance: not run, no sample files beside the repository"
    counted = re.match(r"(\d+) passed in ", last)
    assert counted, last
    assert int(counted[1]) > 200


def test_readme_and_continuous_integration_call_the_same_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert re.search(r"^ +\./dev test\b", readme, re.MULTILINE)
    lines = (ROOT / ".ci/run").read_text("utf-8").split("\n")
    commands = [
        line for line in lines if line and not line.startswith(("#", "set ", "cd "))
    ]
    assert commands == ["exec python3 dev test"]
