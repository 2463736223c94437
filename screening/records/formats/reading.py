"""Open an export file of any known kind and read `Citation`s from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO

from . import (
    csv_,
    endnote_xml,
    enw,
    ictrp_xml,
    nbib,
    ovid,
    pubmed_xml,
    ris,
    wos,
    zotero_rdf,
)
from .citation import Citation
from .lines import TextLines
from .options import Options
from .recognising import HEAD_BYTES, Recognised, recognise
from .report import Notice, Outside, Refused, Report, Skipped

__all__ = ["Options", "Reading", "Recognised", "Refused", "read", "recognise"]

Reader = Callable[[TextLines, Recognised, Report], Iterator[Citation]]
# Formats that are no lines of text; the stream is seekable and stands at its start.
BinaryReader = Callable[[BinaryIO, Recognised, Report], Iterator[Citation]]

BINARY_READERS: dict[str, BinaryReader] = {
    "endnote-xml": endnote_xml.citations,
    "ictrp-xml": ictrp_xml.citations,
    "pubmed-xml": pubmed_xml.citations,
    "zotero-rdf": zotero_rdf.citations,
}
READERS: dict[str, Reader] = {
    "ris": ris.citations,
    "nbib": nbib.citations,
    "csv": csv_.citations,
    "wos-tab": csv_.citations,
    "wos-tagged": wos.citations,
    "enw": enw.citations,
    "ovid-citation": ovid.citations,
    "ovid-reprint-medlars": ovid.citations,
}
NOT_READ_YET = {
    "bibtex": "a BibTeX file",
    "json": "a JSON file",
    "rtf": "a rich text document",
    "xls": "an old Excel workbook",
    "xlsx": "an Excel workbook",
    "xml": "an XML file",
    "zip": "a zip archive",
}


class Reading(Iterator[Citation]):
    """The citations of one file, read as they are asked for, and the report of it.

    Iterate once. `found == kept + skipped_count` holds at every moment; the report is
    complete when the iteration has ended. Iterating raises `Refused`
    (no-records-found) at the end of a file in which nothing could be kept.
    """

    def __init__(
        self,
        name: str,
        recognised: Recognised,
        report: Report,
        citations: Iterator[Citation],
        lines: TextLines | None = None,
    ) -> None:
        self.name = name
        self.format = recognised.format
        self.platform = recognised.platform
        self.kept = 0
        self._recognised = recognised
        self._report = report
        self._citations = citations
        self._lines = lines

    def __next__(self) -> Citation:
        try:
            citation = next(self._citations)
        except StopIteration:
            if self._lines:
                self._lines.conclude()
            if not self.kept:
                raise Refused("no-records-found", self._nothing_kept()) from None
            raise
        self.kept += 1
        return citation

    def _nothing_kept(self) -> str:
        return (
            f"{self.name} looks like a {self.format.upper()} file but holds no record "
            "that can be read. Export the search again and check that the file is "
            "complete."
        )

    @property
    def found(self) -> int:
        """How many records the file holds, kept or skipped."""
        return self.kept + self._report.skipped_count

    @property
    def skipped_count(self) -> int:
        """How many records could not be kept."""
        return self._report.skipped_count

    @property
    def skipped(self) -> list[Skipped]:
        """The skipped pieces with line, reason and text (the first 10 000)."""
        return self._report.skipped

    @property
    def warnings(self) -> list[Notice]:
        """The warnings in file order (the first 10 000 of each kind)."""
        return self._report.warnings

    @property
    def warning_counts(self) -> dict[str, int]:
        """How often each kind of warning was given."""
        return dict(self._report.warning_counts)

    @property
    def outside(self) -> list[Outside]:
        """Text that belongs to no record, to be offered as a note on the search."""
        return self._report.outside

    @property
    def encoding(self) -> str:
        """The encoding, known for certain when the file has been read to its end."""
        if self._lines:
            return self._lines.encoding
        return self._report.encoding or self._recognised.encoding


def read(
    stream: BinaryIO,
    *,
    name: str,
    options: Options | None = None,
    report: Report | None = None,
) -> Reading:
    """Recognise a file by its content and begin to read it.

    `stream` is read forwards in pieces and never as a whole (archives, workbooks and
    XML need a seekable one); `name` is the name the file came with and only ever used
    in messages; `options` are a person's corrections; `report` is one with a sink.
    Raises `Refused` when the content is nothing that can be read.
    """
    head = _head(stream)
    options = options or Options()
    recognised = _corrected(recognise(head, name, options), options)
    report = report or Report()
    if recognised.extension_mismatch:
        report.warn("extension-mismatch", 0, recognised.extension_mismatch)
    if recognised.format in BINARY_READERS:
        stream.seek(0)
        citations = BINARY_READERS[recognised.format](stream, recognised, report)
        return Reading(name, recognised, report, citations)
    if recognised.format not in READERS:
        raise Refused("format-not-read-yet", _not_read_yet(name, recognised.format))
    lines = TextLines(
        stream, head, recognised.encoding, report, forced=bool(options.encoding)
    )
    citations = READERS[recognised.format](lines, recognised, report)
    return Reading(name, recognised, report, citations, lines)


def _corrected(recognised: Recognised, options: Options) -> Recognised:
    return replace(
        recognised,
        platform=options.platform or recognised.platform,
        encoding=options.encoding or recognised.encoding,
        columns=options.columns,
    )


def _head(stream: BinaryIO) -> bytes:
    pieces = bytearray()
    while len(pieces) < HEAD_BYTES:
        piece = stream.read(HEAD_BYTES - len(pieces))
        if not piece:
            break
        pieces += piece
    return bytes(pieces)


def _not_read_yet(name: str, format_: str) -> str:
    what = NOT_READ_YET.get(format_, "a file of another kind")
    return (
        f"{name} is {what}, which is not read yet. "
        "Export the search as RIS, PubMed (NBIB) or CSV instead."
    )
