"""Checks that the tests of single readers share."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator

from screening.citations.citation import Citation
from screening.citations.reading.file_reading import FileReading, read_file
from screening.citations.reading.format_marks import Recognised
from screening.citations.reading.lines import TextLines
from screening.citations.reading.reading_report import ReadingReport

Reader = Callable[[TextLines, Recognised, ReadingReport], Iterator[Citation]]


def read_text(text: str, name: str = "export") -> tuple[FileReading, list[Citation]]:
    """Read a file with this text as an upload is read."""
    reading = read_file(io.BytesIO(text.encode()), name=name)
    return reading, list(reading)


def with_reader(reader: Reader, text: str) -> tuple[ReadingReport, list[Citation]]:
    """Read a text with one reader, whatever the text looks like."""
    data = text.encode("utf-8", errors="replace")
    report = ReadingReport()
    lines = TextLines(io.BytesIO(data[10:]), data[:10], "utf-8", report)
    return report, list(reader(lines, Recognised("", "", "utf-8"), report))


def check_any(reader: Reader, text: str) -> None:
    """Check that reading does not fail and that records have a line and their source
    text.
    """
    begun = time.process_time()
    report, citations = with_reader(reader, text)
    assert time.process_time() - begun < 2
    assert report.skipped_count == len(report.skipped)
    lines = [citation.line for citation in citations]
    assert lines == sorted(lines)
    assert all(1 <= line <= text.count("\n") + text.count("\r") + 1 for line in lines)
    for citation in citations:
        assert citation.raw
        assert citation.title == " ".join(citation.title.split())
        assert all(citation.authors)
    untitled = sum(not citation.title for citation in citations)
    assert report.warning_counts["no-title"] == untitled


def seconds(reader: Reader, text: str) -> float:
    """Return the CPU time that reading a text takes."""
    begun = time.process_time()
    with_reader(reader, text)
    return time.process_time() - begun
