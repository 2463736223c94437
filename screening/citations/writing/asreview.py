"""ASReview CSV writer: its column names, and labels as 1, 0 or empty.

ASReview 3 takes a byte order mark for a part of the first column's name and then loses
every title, so there is none. It splits names and keywords at each semicolon, and reads
the label from the column "included" (https://asreview.readthedocs.io, Dataset format).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from screening.citations.citation import Citation
from screening.citations.fields import fold
from screening.citations.writing.status_note import ExportRow, ScreeningStatus
from screening.citations.writing.tables import csv_row

LABELS = {True: "1", False: "0", None: ""}
COLUMNS = (
    "title",
    "abstract",
    "authors",
    "year",
    "doi",
    "url",
    "keywords",
    "included",
    "journal",
    "pmid",
    "record_code",
)


def asreview_lines(rows: Iterable[ExportRow]) -> Iterator[str]:
    """Yield the header, then one line per record."""
    yield csv_row(COLUMNS)
    for citation, status in rows:
        values = _values(citation, status)
        yield csv_row(fold(values[name]) for name in COLUMNS)


def _values(citation: Citation, status: ScreeningStatus) -> dict[str, str]:
    return {
        "title": citation.title,
        "abstract": citation.abstract,
        "authors": _listed(citation.authors),
        "year": str(citation.year or ""),
        "doi": citation.doi,
        "url": citation.url,
        "keywords": _listed(citation.keywords),
        "included": LABELS[status.is_included],
        "journal": citation.journal,
        "pmid": citation.pmid,
        "record_code": status.code,
    }


def _listed(values: Sequence[str]) -> str:
    """Return values as ASReview splits them: semicolons without spaces."""
    return ";".join(value.replace(";", ",") for value in values)
