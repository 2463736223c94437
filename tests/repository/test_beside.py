"""Only named programs read the real files beside the repository.

These are the acceptance tests, ``./dev bench``, ``./dev fuzz`` and the training. Without
the files the acceptance tests are not collected; the others exit with a sentence.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.acceptance import real_files
from tests.paths import ROOT

MAY_REFER = tuple(
    f"tests/{name}/" for name in ("acceptance", "bench", "fuzz", "training")
)
FOLDER = real_files.FOLDER.parent.name
REFERENCE = re.compile(
    rf"\.\./{FOLDER}\b"  # a path, in a text or in a shell
    rf"|[\"']{FOLDER}/"
    rf"|/\s*[\"']{FOLDER}[\"']"  # Path / "folder"
    rf"|\b{FOLDER}/data\b|\b{FOLDER}_data\b|\breal_files\b"
)


def sources() -> list[Path]:
    """Return every file that ``./dev test`` runs or imports."""
    found = [
        ROOT / "dev",
        ROOT / "manage.py",
        ROOT / "pyproject.toml",
        ROOT / ".ci/run",
    ]
    for name in ("reviewapp", "screening", "charting", "tests"):
        found += sorted((ROOT / name).rglob("*.py"))
    return [path for path in found if path != Path(__file__).resolve()]


def test_no_other_file_refers_to_the_folder_beside_the_repository() -> None:
    referring = {
        str(path.relative_to(ROOT))
        for path in sources()
        if REFERENCE.search(path.read_text("utf-8"))
    }
    allowed = {path for path in referring if path.startswith(MAY_REFER)}
    assert "tests/acceptance/real_files.py" in allowed, "vacuous"
    assert referring == allowed


def test_what_needs_the_files_ends_with_a_sentence_where_they_are_missing(
    tmp_path: Path,
) -> None:
    assert real_files.needed(tmp_path) == tmp_path
    with pytest.raises(SystemExit, match=r"needs real files in .*/missing, which are"):
        real_files.needed(tmp_path / "missing")


@pytest.mark.parametrize("folder", ["bench", "fuzz", "training"])
def test_every_program_that_reads_the_files_asks_for_them_first(folder: str) -> None:
    readers = [
        path.read_text("utf-8")
        for path in sorted((ROOT / "tests" / folder).glob("*.py"))
        if "real_files import" in path.read_text("utf-8")
    ]
    assert any("needed(" in text for text in readers)
