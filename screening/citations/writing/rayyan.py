"""Rayyan CSV writer: 21 columns, authors joined by "and"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from screening.citations.citation import Citation
from screening.citations.fields import fold
from screening.citations.writing.status_note import (
    ExportRow,
    ScreeningStatus,
    keywords_text,
    keywords_with,
    notes_with,
)
from screening.citations.writing.tables import csv_row

# In the order of Rayyan's own export.
COLUMNS = (
    "key",
    "title",
    "year",
    "month",
    "day",
    "journal",
    "issn",
    "volume",
    "issue",
    "pages",
    "authors",
    "url",
    "language",
    "publisher",
    "location",
    "abstract",
    "notes",
    "doi",
    "keywords",
    "pubmed_id",
    "pmc_id",
)


def rayyan_header() -> str:
    """Return the first line of each file."""
    return csv_row(COLUMNS)


def rayyan_lines(rows: Iterable[ExportRow]) -> Iterator[str]:
    """Yield the lines after the header, one per record."""
    for citation, status in rows:
        values = _values(citation, status)
        yield csv_row(fold(values.get(name, "")) for name in COLUMNS)


def _values(citation: Citation, status: ScreeningStatus) -> dict[str, str]:
    return {
        "key": citation.accession or status.code,
        "title": citation.title,
        "year": str(citation.year or ""),
        "journal": citation.journal,
        "issn": citation.issn,
        "volume": citation.volume,
        "issue": citation.issue,
        "pages": citation.pages,
        "authors": " and ".join(citation.authors),
        "url": citation.url,
        "language": citation.language,
        "abstract": citation.abstract,
        "notes": notes_with(citation, status),
        "doi": citation.doi,
        "keywords": keywords_text(keywords_with(citation, status)),
        "pubmed_id": citation.pmid,
    }
