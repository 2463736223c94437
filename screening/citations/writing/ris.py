"""RIS writer for EndNote, Zotero, Covidence and other tools."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from screening.citations.citation import Citation
from screening.citations.fields import fold
from screening.citations.reading.tagged_text.ris_fields import NO_JOURNAL
from screening.citations.reference_types import RIS_OF_WORDS, ris_of_word
from screening.citations.writing.status_note import (
    ExportRow,
    ScreeningStatus,
    keywords_with,
    note_of,
)

PAGE_RANGE = re.compile(r"(\w+)-(\w+)")


def ris_records(rows: Iterable[ExportRow]) -> Iterator[str]:
    """Yield RIS text, one record at a time.

    The screening status becomes keywords and a note.
    """
    for citation, status in rows:
        lines = [f"{tag}  - {value}" for tag, value in _tags(citation, status) if value]
        yield "\r\n".join([*lines, "ER  - ", "", ""])


def _tags(citation: Citation, status: ScreeningStatus) -> Iterator[tuple[str, str]]:
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
    yield from (("KW", fold(keyword)) for keyword in keywords_with(citation, status))
    yield "M3", "" if citation.type in RIS_OF_WORDS else fold(citation.type)
    yield "SN", fold(citation.issn)
    yield "LA", fold(citation.language)
    yield "UR", fold(citation.url)
    yield "N1", fold(citation.notes)
    yield "N1", note_of(status)


def _first_and_last(pages: str) -> tuple[str, str]:
    """Return both pages of a plain range. Any other text is the first page."""
    match = PAGE_RANGE.fullmatch(pages)
    if match and match.group(1) != match.group(2):
        return match.group(1), match.group(2)
    return fold(pages), ""
