"""RIS writer for EndNote, Zotero, Covidence and other tools."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from screening.citations.citation import Citation
from screening.citations.fields import fold
from screening.citations.reading.tagged_text.ris_fields import NO_JOURNAL, PUBMED
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
    yield from _numbers(citation)
    yield "AB", fold(citation.abstract)
    yield from (("KW", fold(keyword)) for keyword in keywords_with(citation, status))
    yield "M3", "" if citation.type in RIS_OF_WORDS else fold(citation.type)
    yield "SN", fold(citation.issn)
    yield "LA", fold(citation.language)
    yield "UR", fold(citation.url)
    yield "N1", fold(citation.notes)
    yield "N1", note_of(status)


def _numbers(citation: Citation) -> Iterator[tuple[str, str]]:
    """Yield the accession number and the PMID.

    Zotero keeps a PMID in Extra, which M2 fills. EndNote keeps it as the accession
    number, with the name of the database. The capital letters "PMID" anywhere in a file
    would make synthesisr take it for PubMed's own format.
    """
    is_free = bool(citation.pmid) and not fold(citation.accession)
    yield "AN", citation.pmid if is_free else fold(citation.accession)
    yield "DB", PUBMED if is_free else ""
    yield "M2", f"pmid: {citation.pmid}" if citation.pmid else ""


def _first_and_last(pages: str) -> tuple[str, str]:
    """Return both pages of a plain range. Any other text is the first page."""
    match = PAGE_RANGE.fullmatch(pages)
    if match and match.group(1) != match.group(2):
        return match.group(1), match.group(2)
    return fold(pages), ""
