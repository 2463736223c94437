"""Tables as text (CSV, TSV) from databases, reference managers and screening tools.

The delimiter and the header row are found by trying: the first row within reach whose
cells name a title and something beside it. What stands above it is a preamble.
Decisions another screening tool wrote into notes stay notes; nothing applies them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from .citation import Citation
from .columns import Columns
from .fields import (
    abstract_of,
    digits_of,
    distinct,
    doi_of,
    doi_of_link,
    fold,
    keywords_of,
    names_of_list,
    pages_of,
    pmid_of,
    without_glued_tag,
    year_of,
)
from .headers import HEADER_WITHIN_ROWS, find_header
from .kinds import word_of_text
from .lines import TextLines
from .recognising import Recognised
from .report import Refused, Report
from .rows import Row, Rows

FORMULA_TEXT = re.compile(r'^="((?:[^"]|"")*)"$')
# A hyphen is left out: titles, doses and ranges begin with one.
LIKE_FORMULA = ("=", "+", "@", "\t", "\r")
# Our own exports (and careful others) put an apostrophe before such cells.
OWN_APOSTROPHE = frozenset("=+-@\t\r")
# Where Rayyan glues following lines on; long text may really hold " - ".
SHORT_FIELDS = ("doi", "url", "volume", "issue", "pages", "pmid", "issn", "year")
PUBMED_PLACE = re.compile(r";(\d+)(?:\(([^)]*)\))?:([\w.+-]+?)\.(?:\s|$)")


def citations(
    lines: TextLines, recognised: Recognised, report: Report
) -> Iterator[Citation]:
    """Read the rows of a table one by one; a row without content is skipped.

    Raises `Refused` (no-records-found) when no row is a header of references.
    """
    rows, columns = _open_table(lines, report)
    for row in rows:
        if not any(cell.strip() for cell in row.cells):
            continue
        cells = _fitted(row, columns, report)
        _warn_of_formulas(row, report)
        citation = _citation_of(cells, columns, row, report)
        if citation is None:
            report.warn("empty-record", row.number, "The row holds no reference.")
            report.skip(
                row.number, "The row has no title, author, DOI or number.", row.raw
            )
            continue
        yield citation


def _open_table(lines: TextLines, report: Report) -> tuple[Rows, Columns]:
    sample = list(islice(lines, HEADER_WITHIN_ROWS * 2))
    found = find_header(sample)
    if not found:
        raise Refused(
            "no-records-found",
            "The table has no header that names a title and something beside it. "
            "Export the search as RIS, PubMed (NBIB) or CSV.",
        )
    delimiter, index, columns = found
    rows = Rows(chain(sample, lines), delimiter, report)
    preamble = [row for row in islice(rows, index) if any(map(str.strip, row.cells))]
    if preamble:
        report.warn(
            "preamble-skipped",
            preamble[0].number,
            f"{len(preamble)} rows above the header are no references.",
        )
    next(rows)
    rows.width = columns.width
    return rows, columns


def _fitted(row: Row, columns: Columns, report: Report) -> list[str]:
    """As many cells as the header has, unwrapped; a difference is reported."""
    cells = [_unwrapped(cell) for cell in row.cells]
    surplus = [cell for cell in cells[columns.width :] if cell.strip()]
    if surplus or len(cells) < columns.width:
        report.warn(
            "ragged-row",
            row.number,
            f"Row {row.number} has {len(cells)} cells, the header {columns.width}.",
        )
    return cells[: columns.width] + [""] * (columns.width - len(cells))


def _unwrapped(cell: str) -> str:
    if cell[:1] == "'" and cell[1:2] in OWN_APOSTROPHE:
        return cell[1:]
    match = FORMULA_TEXT.match(cell.strip()) if cell[:2] == '="' else None
    return match.group(1).replace('""', '"') if match else cell


def _warn_of_formulas(row: Row, report: Report) -> None:
    for cell in row.cells:
        if (
            cell.startswith(LIKE_FORMULA)
            and cell.strip(" \t\r=+@")
            and not FORMULA_TEXT.match(cell.strip())
        ):
            report.warn(
                "formula-like-text",
                row.number,
                "A cell begins like a spreadsheet formula; it was kept as text.",
            )
            return


def _citation_of(
    cells: list[str], columns: Columns, row: Row, report: Report
) -> Citation | None:
    short = {
        field: _without_junk(columns.first(cells, field), row, report)
        for field in SHORT_FIELDS
    }
    title = fold(columns.first(cells, "title"))
    authors = names_of_list(columns.first(cells, "authors"))
    accession = fold(columns.first(cells, "accession"))
    doi = doi_of(short["doi"]) or doi_of_link(short["url"])
    pmid = _pmid(columns, cells, short["pmid"])
    abstract = abstract_of([columns.first(cells, "abstract")])
    if not (title or authors or doi or pmid or accession or abstract):
        return None
    if not title:
        report.warn("no-title", row.number, f"Row {row.number} has no title.")
    volume, issue, pages = _place(columns, cells, short)
    return Citation(
        title=title,
        authors=authors,
        year=_year(columns, cells),
        journal=fold(columns.first(cells, "journal")),
        volume=volume,
        issue=issue,
        pages=pages,
        doi=doi,
        pmid=pmid,
        accession=accession or pmid,
        abstract=abstract,
        keywords=_keywords(columns, cells),
        type=_type(columns, cells),
        url=_url(columns, short["url"], accession),
        language=fold(columns.first(cells, "language")),
        issn="; ".join(distinct(columns.all(cells, "issn"))),
        notes=" | ".join(distinct(columns.all(cells, "notes"))),
        raw=row.raw,
        line=row.number,
    )


def _without_junk(text: str, row: Row, report: Report) -> str:
    clean = without_glued_tag(text)
    if len(clean) != len(text):
        report.warn(
            "field-junk-stripped",
            row.number,
            "Another line of the export was glued onto a DOI, link or number.",
        )
    return fold(clean)


def _pmid(columns: Columns, cells: list[str], pmid: str) -> str:
    found = digits_of(pmid) or pmid_of(pmid)
    if found:
        return found
    return next(filter(None, map(pmid_of, columns.all(cells, "notes"))), "")


def _year(columns: Columns, cells: list[str]) -> int | None:
    for cell in columns.all(cells, "year"):
        year = year_of(cell)
        if year:
            return year
    return None


def _place(
    columns: Columns, cells: list[str], short: dict[str, str]
) -> tuple[str, str, str]:
    """Volume, issue and pages; PubMed's table has them only inside the citation."""
    pages = pages_of(short["pages"]) or pages_of(
        fold(columns.first(cells, "first_page")),
        fold(columns.first(cells, "last_page")),
    )
    pages = pages or pages_of(fold(columns.first(cells, "article_number")))
    match = PUBMED_PLACE.search(columns.first(cells, "citation"))
    if match and not (short["volume"] or short["issue"] or pages):
        return match.group(1), match.group(2) or "", match.group(3)
    return short["volume"], short["issue"], pages


def _keywords(columns: Columns, cells: list[str]) -> tuple[str, ...]:
    comma = columns.platform == "Embase / embase.com"
    return keywords_of(columns.all(cells, "keywords"), comma)


def _type(columns: Columns, cells: list[str]) -> str:
    if columns.platform in ("ClinicalTrials.gov", "WHO ICTRP"):
        return "trial registration"
    return word_of_text(fold(columns.first(cells, "type")))


def _url(columns: Columns, url: str, accession: str) -> str:
    first = url.split()[:1]
    if first and first[0].startswith(("http://", "https://")):
        return first[0]
    if columns.platform == "ClinicalTrials.gov" and accession.startswith("NCT"):
        return f"https://clinicaltrials.gov/study/{accession}"
    return ""
