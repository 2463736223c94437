"""Where the header of a table stands, and what parts its cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from .columns import Columns, Mapping, columns_of, mapped_columns
from .fields import fold
from .report import Report
from .rows import DELIMITERS, Row, Rows

HEADER_WITHIN_ROWS = 30
SAMPLE_LINES = HEADER_WITHIN_ROWS * 2
# Excel writes and reads this line above a table; it is no row of it.
DECLARED = re.compile(r'^"?sep=(.|\\t)"?\s*$', re.I)
# A header has no more columns, and no column a longer name.
COLUMNS_AT_MOST = 2_000
NAME_LETTERS = 1_000
# How many of the first rows must have the same two columns or more for a table.
ROWS_ALIKE = 0.8

Found = tuple[str, int, Columns]


def without_declaration(sample: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The lines without Excel's "sep=;", and the delimiters that come into question."""
    match = DECLARED.match(sample[0]) if sample else None
    if not match:
        return sample, DELIMITERS
    declared = match.group(1)
    return sample[1:], ("\t" if declared == "\\t" else declared,)


def find_header(sample: list[str], mapping: Mapping = ()) -> Found | None:
    """Delimiter, 0-based header row and columns in the first lines of a file.

    The lines are those left by `without_declaration`. With a person's mapping, the
    header is the row that holds the headers it names.
    """
    sample, delimiters = without_declaration(sample)
    best: tuple[int, str, int, Columns] | None = None
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
) -> tuple[int, Columns] | None:
    """The first of some rows that is a header, with its 0-based place."""
    for index, cells in enumerate(rows):
        if len(cells) > COLUMNS_AT_MOST or any(len(c) > NAME_LETTERS for c in cells):
            continue
        folded = [fold(cell) for cell in cells]
        columns = mapped_columns(folded, mapping) if mapping else columns_of(folded)
        if columns:
            return index, columns
    return None


def table_among(sample: list[str]) -> tuple[str, list[list[str]]] | None:
    """Delimiter and rows of text that is a table by its shape, None when it is none.

    For tables whose header says nothing to us: the same two columns or more in most of
    the first rows.
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
    """How many columns most rows have; 0 when they are no table."""
    widths = [len(row) for row in rows if any(cell.strip() for cell in row)]
    if len(widths) < 2:
        return 0
    width, count = Counter(widths).most_common(1)[0]
    return width if width > 1 and count >= len(widths) * ROWS_ALIKE else 0


def likely_header(rows: Sequence[Sequence[str]]) -> int:
    """The 0-based row that is most likely a header: all of its cells are words."""
    for index, cells in enumerate(rows):
        if len(cells) > 1 and all(map(_is_word, cells)):
            return index
    for index, cells in enumerate(rows):
        if sum(bool(cell.strip()) for cell in cells) > 1:
            return index
    return 0


def _is_word(cell: str) -> bool:
    return any(c.isalpha() for c in cell) and len(cell) <= 100


def _rows(sample: list[str], delimiter: str) -> Iterable[Row]:
    return Rows(sample, delimiter, Report())
