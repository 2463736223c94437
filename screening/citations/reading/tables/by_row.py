"""Transposed tables: one row per field, record after record.

embase.com offers its CSV and Excel exports in this form ("fields by row"):

    "TITLE","Effect of x"
    "AUTHOR NAMES","Yang Z.","Jiang B."
    "PUBLICATION YEAR","2024"

A record starts where the first field name of the first record is repeated. Rows above
the first record are a preamble.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice

from screening.citations.citation import Citation
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.tables.column_names import PLACE
from screening.citations.reading.tables.columns import (
    TableColumns,
    columns_of,
    plain_header,
)
from screening.citations.reading.tables.headers import (
    HEADER_WITHIN_ROWS,
    without_declaration,
)
from screening.citations.reading.tables.table_citations import citations_of_rows
from screening.citations.reading.tables.table_rows import TableRow, TableRows

# A table is transposed if it has at least this many known fields, in this share of its
# first rows.
KNOWN_AT_LEAST = 3
SHARE = 0.4
# No record has more fields. A longer one is not a record.
FIELDS_AT_MOST = 1_000


@dataclass(slots=True)
class _TransposedRecord:
    number: int
    names: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)

    def put(self, name: str, row: TableRow) -> None:
        value = "; ".join(cell for cell in row.cells[1:] if cell.strip())
        self.raw.append(row.raw)
        if name in self.names:
            place = self.names.index(name)
            self.cells[place] = "; ".join(filter(None, (self.cells[place], value)))
        elif len(self.names) < FIELDS_AT_MOST:
            self.names.append(name)
            self.cells.append(value)


def transposed_first_field(rows: Iterable[Sequence[str]]) -> str:
    """Return the field name that starts each record, "" if the table is not transposed."""
    names = [plain_header(row[0]) for row in rows if len(row) > 1 and row[0].strip()]
    fields = {PLACE[name][0] for name in names if name in PLACE}
    known = sum(name in PLACE for name in names)
    if "title" not in fields or len(fields) < KNOWN_AT_LEAST:
        return ""
    if known < len(names) * SHARE:
        return ""
    return next(name for name in names if PLACE.get(name, ("",))[0] == "title")


def transposed_delimiter(sample: list[str]) -> tuple[str, str]:
    """Return the delimiter and the first field of a transposed table, else ("", "")."""
    sample, delimiters = without_declaration(sample)
    for delimiter in delimiters:
        rows = islice(TableRows(sample, delimiter, ReadingReport()), HEADER_WITHIN_ROWS)
        first = transposed_first_field(row.cells for row in rows)
        if first:
            return delimiter, first
    return "", ""


def citations_by_row(
    rows: Iterable[TableRow], first: str, platform: str, report: ReadingReport
) -> Iterator[Citation]:
    """Read the records one by one. Records without content are skipped."""
    record: _TransposedRecord | None = None
    for row in rows:
        name = plain_header(row.cells[0]) if row.cells else ""
        if name == first and len(row.cells) > 1:
            if record:
                yield from _citations(record, platform, report)
            record = _TransposedRecord(row.number)
        if record and name:
            record.put(name, row)
    if record:
        yield from _citations(record, platform, report)


def _citations(
    record: _TransposedRecord, platform: str, report: ReadingReport
) -> Iterator[Citation]:
    columns = replace(_columns(tuple(record.names)), platform=platform)
    row = TableRow(record.number, [*record.cells, "", ""], "\n".join(record.raw))
    yield from citations_of_rows([row], columns, report)


@lru_cache(maxsize=256)
def _columns(names: tuple[str, ...]) -> TableColumns:
    """Return the fields as columns, with the ones added that a header must have."""
    columns = columns_of([*names, "title", "authors"])
    assert columns is not None  # noqa: S101
    return columns


def platform_of_fields(rows: Iterable[Sequence[str]]) -> str:
    """Return the database that wrote such a table, by the names of its fields."""
    names = [plain_header(row[0]) for row in rows if row and row[0].strip()]
    columns = columns_of([*names, "title", "authors"])
    if columns and columns.platform:
        return columns.platform
    return "Embase / embase.com" if "authornames" in names else ""
