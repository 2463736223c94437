"""CSV writer, and the columns that every table of records has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reviewapp.core.lib.cells import BYTE_ORDER_MARK, safe_cell
from screening.citations.citation import Citation
from screening.citations.fields import fold
from screening.citations.people import names_of_list
from screening.citations.writing.status_note import (
    ExportRow,
    ScreeningStatus,
    joined_cell,
    keywords_text,
)

COLUMNS = (
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


def csv_lines(rows: Iterable[ExportRow], *, extra: Sequence[str] = ()) -> Iterator[str]:
    """Yield CSV text, one row at a time: byte order mark, header, then the rows.

    `extra` names the columns of the screening status, in order. Cells that a
    spreadsheet would run as a formula get an apostrophe.
    """
    yield BYTE_ORDER_MARK + csv_row((*COLUMNS, *extra))
    for citation, status in rows:
        yield csv_row((*citation_cells(citation), *status_cells(status, extra)))


def citation_cells(citation: Citation) -> tuple[str, ...]:
    """Return the cells under `COLUMNS`, each folded to one line."""
    return tuple(
        map(
            fold,
            (
                citation.title,
                authors_cell(citation.authors),
                str(citation.year or ""),
                citation.journal,
                citation.volume,
                citation.issue,
                citation.pages,
                citation.doi,
                citation.pmid,
                citation.accession,
                citation.abstract,
                keywords_text(citation.keywords),
                citation.type,
                citation.url,
                citation.language,
                citation.issn,
                citation.notes,
            ),
        )
    )


def status_cells(status: ScreeningStatus, names: Sequence[str]) -> list[str]:
    """Return the cells of the screening status under `names`."""
    return [joined_cell(status.facts.get(name, "")) for name in names]


def authors_cell(authors: Sequence[str]) -> str:
    """Return authors as "Berg, Kari; Dahl, Nils".

    A single name that could be read as several ("Centre for Care, Health and Work")
    gets a semicolon at its end.
    """
    text = "; ".join(authors)
    is_plain = len(authors) != 1 or names_of_list(text) == tuple(authors)
    return text if is_plain else f"{text};"


def csv_row(row: Iterable[str]) -> str:
    """Return one line of CSV (RFC 4180) in which no cell is run as a formula."""
    return ",".join(map(_csv_cell, row)) + "\r\n"


def _csv_cell(text: str) -> str:
    safe = safe_cell(text)
    # The csv module checks each letter separately, which is four times slower.
    if '"' in safe:
        return '"' + safe.replace('"', '""') + '"'
    return f'"{safe}"' if "," in safe or "\n" in safe or "\r" in safe else safe
