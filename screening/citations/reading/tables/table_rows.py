"""Lines to table rows: a CSV reader that survives a stray quotation mark.

The csv module follows one unbalanced quote to the end of the file and loses every
record in between. Here, a row of several lines that does not fit the header is cut back
to its first line, with a warning.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from screening.citations.reading.reading_report import ReadingReport
from screening.citations.translation import gettext as _

# No cell of a real export has more lines or letters. The csv module's own limit of
# 131,072 letters is too low for the reference lists that Scopus exports.
ROW_LINES = 2_000
ROW_CHARS = 4 << 20
# Excel has 16,384 columns. A longer line is not a row, and parsing it fills the memory.
CELLS_AT_MOST = 20_000
DELIMITERS = (",", ";", "\t", "|")

csv.field_size_limit(ROW_CHARS * 2)


@dataclass(slots=True)
class TableRow:
    """One row: its cells, its 1-based number in a spreadsheet, its source text.

    `broken` marks a row that was not parsed because it has too many cells. `links` are
    the addresses behind cells of a workbook, from left to right.
    """

    number: int
    cells: list[str]
    raw: str
    broken: bool = False
    links: tuple[str, ...] = ()


def _as_saved(cell: str) -> str:
    """Return a cell as Excel saves it: cells with commas or quotes are quoted."""
    inner = cell[1:-1]
    if len(cell) < 3 or cell[0] != '"' or cell[-1] != '"':
        return cell
    letters = inner.replace('""', "")
    is_excels = '"' not in letters and (letters != inner or "," in inner)
    return inner.replace('""', '"') if is_excels else cell


class _TooLong(Exception):
    """Raised when a row is longer than any real one."""


class TableRows(Iterator[TableRow]):
    """The rows of delimited text. Set `width` when the header is known.

    `quoted` is False if quotation marks are ordinary characters, as in the
    tab-delimited files of Web of Science ("Smart" cities).
    """

    def __init__(
        self,
        lines: Iterable[str],
        delimiter: str,
        report: ReadingReport,
        *,
        quoted: bool = True,
    ) -> None:
        self.width = 0
        self._quoted = quoted
        self.number = 0
        self._source = iter(lines)
        self._delimiter = delimiter
        self._report = report
        self._at_end = False
        self._pushed_back: deque[str] = deque()
        self._taken: list[str] = []
        self._taken_chars = 0
        self._reader = self._new_reader()

    def _new_reader(self) -> Iterator[list[str]]:
        if self._quoted:
            return csv.reader(self._feed(), delimiter=self._delimiter)
        return csv.reader(
            self._feed(), delimiter=self._delimiter, quoting=csv.QUOTE_NONE
        )

    def _feed(self) -> Iterator[str]:
        while True:
            try:
                line = (
                    self._pushed_back.popleft()
                    if self._pushed_back
                    else next(self._source)
                )
            except StopIteration:
                self._at_end = True
                return
            self._taken.append(line)
            self._taken_chars += len(line)
            too_long = self._taken_chars > ROW_CHARS
            if too_long or len(self._taken) > ROW_LINES or self._overfull(line):
                raise _TooLong
            yield line + "\n"

    def _overfull(self, line: str) -> bool:
        return len(line) > CELLS_AT_MOST < line.count(self._delimiter)

    def __next__(self) -> TableRow:
        self._taken, self._taken_chars = [], 0
        try:
            cells = next(self._reader)
        except (_TooLong, csv.Error):
            cells = self._cut_back()
        # Only inside a quote does the csv module ask for a line after the last one.
        if self._at_end or (self.width and len(cells) != self.width):
            if self._holds_rows():
                cells = self._cut_back()
            elif self._at_end:
                self._warn_unbalanced()
        elif not self._quoted:
            cells = [_as_saved(cell) for cell in cells]
        elif len(self._taken) == 1 and any('"' in cell for cell in cells):
            cells = self._with_quotes_inside(self._taken[0], cells)
        self.number += 1
        raw = "\n".join(self._taken)
        return TableRow(
            self.number, cells, raw, broken=not cells and self._overfull(raw)
        )

    def _holds_rows(self) -> bool:
        """Return True if lines inside this row look like rows."""
        lines = self._taken[1:]
        alone = sum(
            len(cells) == self.width
            for line in lines
            for cells in csv.reader([line], delimiter=self._delimiter)
        )
        return bool(lines) and alone * 2 >= len(lines)

    def _cut_back(self) -> list[str]:
        """Return the first line as a row with quotes as text; give the rest back."""
        first, *rest = self._taken
        self._pushed_back.extendleft(reversed(rest))
        self._taken = [first]
        self._at_end = False
        self._reader = self._new_reader()
        if self._overfull(first):
            return []
        self._warn_unbalanced()
        return self._split_alone(first)

    def _with_quotes_inside(self, line: str, cells: list[str]) -> list[str]:
        """Return the cells of a line with undoubled quotes inside a quoted cell.

        The csv module takes such a quote for the end of the cell: this quote is lost
        and the next ones stay.
        """
        try:
            next(csv.reader([line], delimiter=self._delimiter, strict=True))
        except csv.Error:
            pass
        else:
            return cells
        mark = re.escape(self._delimiter)
        quoted = rf'"((?:[^"]|""|"(?!{mark}|$))*+)"(?={mark}|$)'
        found = re.findall(rf"(?:^|{mark})(?:{quoted}|([^{mark}]*+))", line)
        if len(found) != len(cells):
            return cells
        self._warn_unbalanced()
        return [inside.replace('""', '"') or plain for inside, plain in found]

    def _warn_unbalanced(self) -> None:
        number = self.number + 1
        self._report.warn(
            "unbalanced-quotes",
            number,
            _(
                "Row {number} has an opening quotation mark without a closing one."
            ).format(number=number),
        )

    def _split_alone(self, line: str) -> list[str]:
        """Return the cells of a line with a stray quote, so that they fit the header."""
        readings: list[list[str]] = []
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            try:
                readings += csv.reader(
                    [line[:ROW_CHARS]], delimiter=self._delimiter, quoting=quoting
                )
            except csv.Error:
                continue
        for cells in readings:
            if len(cells) == self.width:
                return [cell.strip('"') for cell in cells]
        return [cell.strip('"') for cell in readings[0]] if readings else [line]
