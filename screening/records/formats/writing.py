"""`Citation`s to RIS and CSV, piece by piece, for files and streamed answers.

A row is a citation with further fields under labels of the caller's choice, such as
{"Outcome": "included", "Reasons": ["wrong population"]}. What is written here is read
back equal by `reading.read`, and the RIS by other programs.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

from reviewapp.core.lib.cells import safe_cell

from .citation import Citation
from .fields import fold
from .kinds import RIS_OF_WORDS, ris_of_word
from .ris_fields import NO_JOURNAL

Extra = Mapping[str, str | Sequence[str]]
Row = tuple[Citation, Extra]

PAGE_RANGE = re.compile(r"(\w+)-(\w+)")
CSV_COLUMNS = (
    "Title",
    "Authors",
    "Year",
    "Journal",
    "Volume",
    "Issue",
    "Pages",
    "DOI",
    "PMID",
    "Accession Number",
    "Abstract",
    "Keywords",
    "Type",
    "URL",
    "Language",
    "ISSN",
    "Notes",
)


def ris_lines(rows: Iterable[Row]) -> Iterator[str]:
    """RIS text, one record at a time; the further fields become notes (N1)."""
    for citation, extra in rows:
        lines = [f"{tag}  - {value}" for tag, value in _tags(citation, extra) if value]
        yield "\r\n".join([*lines, "ER  - ", "", ""])


def _tags(citation: Citation, extra: Extra) -> Iterator[tuple[str, str]]:
    kind = ris_of_word(citation.type)
    first, last = _first_and_last(citation.pages)
    yield "TY", kind
    yield "TI", fold(citation.title)
    yield from (("AU", fold(author)) for author in citation.authors)
    yield "PY", str(citation.year or "")
    yield "JF" if kind in NO_JOURNAL else "T2", fold(citation.journal)
    yield "VL", fold(citation.volume)
    yield "IS", fold(citation.issue)
    yield "SP", first
    yield "EP", last
    yield "DO", fold(citation.doi)
    yield "AN", fold(citation.accession)
    yield "U1", f"PMID: {citation.pmid}" if citation.pmid else ""
    yield "AB", fold(citation.abstract)
    yield from (("KW", fold(keyword)) for keyword in citation.keywords)
    yield "M3", "" if citation.type in RIS_OF_WORDS else fold(citation.type)
    yield "SN", fold(citation.issn)
    yield "LA", fold(citation.language)
    yield "UR", fold(citation.url)
    yield "N1", fold(citation.notes)
    for label, value in extra.items():
        text = _joined(value)
        yield "N1", f"{fold(label)}: {text}" if text else ""


def _first_and_last(pages: str) -> tuple[str, str]:
    match = PAGE_RANGE.fullmatch(pages)
    return (match.group(1), match.group(2)) if match else (fold(pages), "")


def _joined(value: str | Sequence[str]) -> str:
    return fold(value) if isinstance(value, str) else "; ".join(map(fold, value))


def csv_lines(rows: Iterable[Row], *, extra: Sequence[str] = ()) -> Iterator[str]:
    """CSV text, one row at a time: byte order mark, header, then the rows.

    `extra` names the further fields that get a column, in order. Cells that a
    spreadsheet would take for a formula are made text by an apostrophe.
    """
    yield "\ufeff" + _csv_row([*CSV_COLUMNS, *extra])
    for citation, fields in rows:
        further = (_joined(fields.get(name, "")) for name in extra)
        yield _csv_row([*_cells(citation), *further])


def _cells(citation: Citation) -> list[str]:
    return [
        citation.title,
        "; ".join(citation.authors),
        str(citation.year or ""),
        citation.journal,
        citation.volume,
        citation.issue,
        citation.pages,
        citation.doi,
        citation.pmid,
        citation.accession,
        citation.abstract,
        "; ".join(citation.keywords),
        citation.type,
        citation.url,
        citation.language,
        citation.issn,
        citation.notes,
    ]


def _csv_row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(map(neutralised, cells))
    return line.getvalue()


def neutralised(text: str) -> str:
    """A cell, on one line, that no spreadsheet runs as a formula."""
    return safe_cell(fold(text))


def write_ris(rows: Iterable[Row], stream: TextIO) -> None:
    """Write RIS to a text stream opened with newline=""."""
    stream.writelines(ris_lines(rows))


def write_csv(
    rows: Iterable[Row], stream: TextIO, *, extra: Sequence[str] = ()
) -> None:
    """Write CSV to a text stream opened with encoding UTF-8 and newline=""."""
    stream.writelines(csv_lines(rows, extra=extra))
