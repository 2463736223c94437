"""Exported files in ASReview."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from screening.citations.writing.asreview import asreview_lines
from tests.acceptance.exported import rows
from tests.screening.citations.citations_drawn import WRITERS


def test_asreview_simulates_our_file(tmp_path: Path) -> None:
    file, project = tmp_path / "asreview-80.csv", tmp_path / "done.asreview"
    file.write_text("".join(asreview_lines(rows(80))), encoding="utf-8", newline="")
    subprocess.run(
        [sys.executable, "-m", "asreview", "simulate", str(file), "-o", str(project)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    assert project.stat().st_size > 0


@pytest.mark.parametrize("ending", ["csv", "ris"])
def test_asreview_reads_titles_people_and_labels(tmp_path: Path, ending: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from asreview.data.ris import RISReader
        from asreview.data.tabular import CSVReader

    written = rows(12, decided=False)
    file = tmp_path / f"asreview.{ending}"
    is_csv = ending == "csv"
    text = (
        "".join(asreview_lines(written)).encode()
        if is_csv
        else WRITERS["again.ris"](written)
    )
    file.write_bytes(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader: Any = CSVReader if is_csv else RISReader
        found = reader.read_records(file, "data")
    assert [one.title for one in found] == [citation.title for citation, _ in written]
    assert [one.abstract for one in found] == [c.abstract for c, _ in written]
    assert [tuple(one.authors) for one in found] == [c.authors for c, _ in written]
    if is_csv:
        labels = [status.is_included for _, status in written]
        assert [one.included for one in found] == labels
