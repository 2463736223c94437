"""Exported CSL-JSON in pandoc, and back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.exported import OUT, rows
from tests.screening.citations.citations_drawn import WRITERS, read_back, values


@pytest.mark.parametrize("target", ["csljson", "biblatex", "bibtex"])
def test_decisions_stay_hidden_after_a_trip_through_pandoc(
    tmp_path: Path, target: str
) -> None:
    file = tmp_path / "ours.json"
    written = [(citation, OUT) for citation, _ in rows(3)]
    file.write_bytes(WRITERS["again.json"](written))
    moved = subprocess.run(
        [str(shutil.which("pandoc")), "-f", "csljson", "-t", target, str(file)],
        check=True,
        capture_output=True,
        timeout=60,
    ).stdout
    assert b"reviewapp: Full text: excluded" in b" ".join(moved.split())
    again = read_back(moved, "moved.json" if target == "csljson" else "moved.bib")
    # Pandoc capitalises English titles for BibTeX.
    titles = [citation.title.lower() for citation, _ in written]
    assert [one.title.lower() for one in again] == titles
    for one in again:
        assert "excluded" not in f"{one.notes} {one.keywords} {one.abstract}"


def test_these_records_are_read_back_equal() -> None:
    written = rows(5)
    for file, write in WRITERS.items():
        again = read_back(write(written), file)
        assert list(map(values, again)) == [values(citation) for citation, _ in written]
