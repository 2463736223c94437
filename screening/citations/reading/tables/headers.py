"""Detection of a table's header row and delimiter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from screening.citations.fields import fold
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.tables.columns import (
    Mapping,
    TableColumns,
    columns_of,
    mapped_columns,
)
from screening.citations.reading.tables.table_rows import (
    DELIMITERS,
    TableRow,
    TableRows,
)

HEADER_WITHIN_ROWS = 30
SAMPLE_LINES = HEADER_WITHIN_ROWS * 2
# Excel writes and reads this line above a table. It is not a row of the table.
DECLARED = re.compile(r'^"?sep=(.|\\t)"?\s*$', re.I)
# No header has more columns, and no column has a longer name.
COLUMNS_AT_MOST = 2_000
NAME_LETTERS = 1_000
# Share of the first rows that must have the same number of columns (two or more).
ROWS_ALIKE = 0.8

Found = tuple[str, int, TableColumns]


def without_declaration(sample: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return the lines without Excel's "sep=;", and the delimiters to try."""
    match = DECLARED.match(sample[0]) if sample else None
    if not match:
        return sample, DELIMITERS
    declared = match.group(1)
    return sample[1:], ("\t" if declared == "\\t" else declared,)


def find_header(sample: list[str], mapping: Mapping = ()) -> Found | None:
    """Return delimiter, 0-based header row and columns of the first lines of a file.

    The lines are those that `without_declaration` returns. With a person's mapping, the
    header is the row with the headers that the mapping names. None if there is no
    header.
    """
    sample, delimiters = without_declaration(sample)
    best: tuple[int, str, int, TableColumns] | None = None
    for delimiter in delimiters:
        rows = islice(_rows(sample, delimiter), HEADER_WITHIN_ROWS)
        found = header_among((row.cells for row in rows), mapping)
        if found:
            known = sum(map(len, found[1].places.values()))
            if best is None or known > best[0]:
                best = (known, delimiter, *found)
    return best and best[1:]


def header_among(
    rows: Iterable[Sequence[str]], mapping: Mapping = ()
) -> tuple[int, TableColumns] | None:
    """Return the 0-based place and the columns of the first header row, else None."""
    for index, cells in enumerate(rows):
        if len(cells) > COLUMNS_AT_MOST or any(len(c) > NAME_LETTERS for c in cells):
            continue
        folded = [fold(cell) for cell in cells]
        columns = mapped_columns(folded, mapping) if mapping else columns_of(folded)
        if columns:
            return index, columns
    return None


def table_among(sample: list[str]) -> tuple[str, list[list[str]]] | None:
    """Return delimiter and rows of text that has the shape of a table, else None.

    It is for tables with an unknown header: most of the first rows must have the same
    number of columns, two or more.
    """
    sample, delimiters = without_declaration(sample)
    best: tuple[int, str, list[list[str]]] | None = None
    for delimiter in delimiters:
        rows = [row.cells for row in islice(_rows(sample, delimiter), SAMPLE_LINES)]
        width = common_width(rows)
        if width and (best is None or width > best[0]):
            best = (width, delimiter, rows)
    return best and best[1:]


def common_width(rows: Iterable[Sequence[str]]) -> int:
    """Return the number of columns that most rows have, 0 if the rows are not a table."""
    widths = [len(row) for row in rows if any(cell.strip() for cell in row)]
    if len(widths) < 2:
        return 0
    width, count = Counter(widths).most_common(1)[0]
    return width if width > 1 and count >= len(widths) * ROWS_ALIKE else 0


def likely_header(rows: Sequence[Sequence[str]]) -> int:
    """Return the 0-based row that is most likely a header: all of its cells are words."""
    for index, cells in enumerate(rows):
        if len(cells) > 1 and all(map(_is_word, cells)):
            return index
    for index, cells in enumerate(rows):
        if sum(bool(cell.strip()) for cell in cells) > 1:
            return index
    return 0


def _is_word(cell: str) -> bool:
    return any(c.isalpha() for c in cell) and len(cell) <= 100


def _rows(sample: list[str], delimiter: str) -> Iterable[TableRow]:
    return TableRows(sample, delimiter, ReadingReport())
