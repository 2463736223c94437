"""Reader of text tables (CSV, TSV) from databases and other tools.

Delimiter and header row are found by trying. The header is the first row with a title
column and another known column, or the row with the headers that a person mapped. Rows
above it are a preamble.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice

from screening.citations.citation import Citation
from screening.citations.reading.format_marks import FormatMark, Recognised
from screening.citations.reading.lines import TextLines
from screening.citations.reading.reading_report import ReadingReport, UnreadableFile
from screening.citations.reading.tables.by_row import (
    citations_by_row,
    transposed_delimiter,
)
from screening.citations.reading.tables.columns import TableColumns
from screening.citations.reading.tables.headers import (
    SAMPLE_LINES,
    Found,
    find_header,
    without_declaration,
)
from screening.citations.reading.tables.table_citations import citations_of_rows
from screening.citations.reading.tables.table_rows import TableRows
from screening.citations.translation import gettext as _
from screening.citations.translation import ngettext

WOS_MARKS = (FormatMark("table", re.compile(r"^(?:[A-Z][A-Z0-9]\t){6,}")),)


def read_csv(
    lines: TextLines, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read the rows of a table one by one. Rows without content are skipped.

    Raises `UnreadableFile` (no-records-found) if no row is the header of a reference
    table.
    """
    sample = list(islice(lines, SAMPLE_LINES))
    found = find_header(sample, recognised.columns)
    if not found and not recognised.columns:
        delimiter, first = transposed_delimiter(sample)
        if first:
            sample = without_declaration(sample)[0]
            rows = TableRows(chain(sample, lines), delimiter, report)
            yield from citations_by_row(rows, first, recognised.platform, report)
            return
    if not found:
        raise UnreadableFile(
            "no-records-found",
            _(
                "The table has no header with a title column and another known column. "
                "Export the search as RIS, PubMed (NBIB) or CSV."
            ),
        )
    rows, columns = _open_table(sample, found, lines, recognised, report)
    yield from citations_of_rows(rows, columns, report)


def _open_table(
    sample: list[str],
    found: Found,
    lines: TextLines,
    recognised: Recognised,
    report: ReadingReport,
) -> tuple[TableRows, TableColumns]:
    delimiter, index, columns = found
    sample = without_declaration(sample)[0]
    quoted = recognised.format != "wos-tab"
    rows = TableRows(chain(sample, lines), delimiter, report, quoted=quoted)
    preamble = [row for row in islice(rows, index) if any(map(str.strip, row.cells))]
    if preamble:
        report.warn(
            "preamble-skipped",
            preamble[0].number,
            ngettext(
                "{count:,} row above the header was not read as a reference.",
                "{count:,} rows above the header were not read as references.",
                len(preamble),
            ).format(count=len(preamble)),
        )
    next(rows)
    rows.width = columns.width
    return rows, replace(columns, platform=recognised.platform or columns.platform)
