"""Where the header of a table stands, and what parts its cells."""

from __future__ import annotations

from itertools import islice

from .columns import Columns, columns_of
from .fields import fold
from .report import Report
from .rows import DELIMITERS, Rows

HEADER_WITHIN_ROWS = 30


def find_header(sample: list[str]) -> tuple[str, int, Columns] | None:
    """Delimiter, 0-based header row and columns in the first lines of a file."""
    best: tuple[int, str, int, Columns] | None = None
    for delimiter in DELIMITERS:
        rows = Rows(sample, delimiter, Report())
        for index, row in enumerate(islice(rows, HEADER_WITHIN_ROWS)):
            columns = columns_of([fold(cell) for cell in row.cells])
            if columns:
                known = sum(map(len, columns.places.values()))
                if best is None or known > best[0]:
                    best = (known, delimiter, index, columns)
                break
    return best and best[1:]
