"""Fuzz target of one reader: ``python -m tests.fuzz.target FORMAT CORPUS [OPTIONS]``.

A reader may keep, skip or refuse. It may not fail in any other way, and the counts must
add up: found = kept + skipped.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator

import atheris

with atheris.instrument_imports(include=["screening.citations"]):
    from screening.citations.citation import Citation
    from screening.citations.formats import FORMAT_BY_CODE
    from screening.citations.reading import file_reading
    from screening.citations.reading.format_marks import Recognised
    from screening.citations.reading.lines import TextLines
    from screening.citations.reading.reading_report import ReadingReport, UnreadableFile
    from screening.citations.reading.recognising import HEAD_BYTES
    from screening.citations.reading.tidying import tidied


def citations(format_: str, data: bytes, report: ReadingReport) -> Iterator[Citation]:
    """Return the records that the reader of a format makes of any bytes."""
    stream = io.BytesIO(data)
    if format_ == "any":
        return file_reading.read_file(stream, name="fuzz", report=report)
    recognised = Recognised(format_, "", "utf-8")
    found = FORMAT_BY_CODE[format_]
    if found.read_bytes:
        return found.read_bytes(stream, recognised, report)
    lines = TextLines(stream, stream.read(HEAD_BYTES), "utf-8", report)
    return found.read_lines(lines, recognised, report)


def try_one(format_: str, data: bytes) -> None:
    """Read the bytes and check the records and the report."""
    report, kept = ReadingReport(), 0
    try:
        found = citations(format_, data, report)
        for citation in found:
            kept += 1
            citation = tidied(citation, report)
            if not isinstance(citation.title, str) or citation.line < 0:
                raise AssertionError(citation)
    except UnreadableFile as refusal:
        if not refusal.sentence:
            raise AssertionError("a refusal without a sentence") from refusal
        return
    if (
        isinstance(found, file_reading.FileReading)
        and found.found != kept + found.skipped_count
    ):
        raise AssertionError(f"{found.found} != {kept} + {found.skipped_count}")
    if sum(report.warning_counts.values()) < len(report.warnings):
        raise AssertionError("more warnings are listed than counted")


def main() -> None:
    format_ = sys.argv[1]
    arguments = [sys.argv[0], *sys.argv[2:]]
    atheris.Setup(arguments, lambda data: try_one(format_, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
