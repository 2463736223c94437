"""Lines to table rows: a CSV reader that survives a stray quotation mark.

The csv module follows one unbalanced quote to the end of the file and swallows every
record in between. Here a row that ran over several lines and does not fit the header
is cut back to its first line, with a warning.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .report import Report
from .translation import gettext as _

# No cell of a real export has more lines or letters than this; the csv module's own
# limit of 131 072 letters is too low for the reference lists Scopus exports.
ROW_LINES = 2_000
ROW_CHARS = 4 << 20
# Excel has 16 384 columns; a line with more is no row, and taking it apart fills memory.
CELLS_AT_MOST = 20_000
DELIMITERS = (",", ";", "\t", "|")

csv.field_size_limit(ROW_CHARS * 2)


@dataclass(slots=True)
class Row:
    """One row: its cells, its 1-based number in a spreadsheet, its source text.

    `broken` is a row that was not taken apart, for it has more cells than any row.
    `links` are where cells of a workbook lead to, from left to right.
    """

    number: int
    cells: list[str]
    raw: str
    broken: bool = False
    links: tuple[str, ...] = ()


def _as_saved(cell: str) -> str:
    """Excel puts quotes around a cell with commas or quotes, and doubles those."""
    inner = cell[1:-1]
    if len(cell) < 3 or cell[0] != '"' or cell[-1] != '"':
        return cell
    letters = inner.replace('""', "")
    is_excels = '"' not in letters and (letters != inner or "," in inner)
    return inner.replace('""', '"') if is_excels else cell


class _TooLong(Exception):
    """A row ran on for longer than any real one."""


class Rows(Iterator[Row]):
    """The rows of delimited text. Set `width` once the header is known.

    `quoted` is False where a quotation mark is a letter like any other, as in the
    tab-delimited files of Web of Science ("Smart" cities).
    """

    def __init__(
        self,
        lines: Iterable[str],
        delimiter: str,
        report: Report,
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

    def __next__(self) -> Row:
        self._taken, self._taken_chars = [], 0
        try:
            cells = next(self._reader)
        except (_TooLong, csv.Error):
            cells = self._cut_back()
        # The csv module asks for a line past the last one only inside a quote.
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
        return Row(self.number, cells, raw, broken=not cells and self._overfull(raw))

    def _holds_rows(self) -> bool:
        """True when lines inside this row look like rows of their own."""
        lines = self._taken[1:]
        alone = sum(
            len(cells) == self.width
            for line in lines
            for cells in csv.reader([line], delimiter=self._delimiter)
        )
        return bool(lines) and alone * 2 >= len(lines)

    def _cut_back(self) -> list[str]:
        """Take the first line alone, its quotes as they come, and give back the rest."""
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
        """The cells of a line where quotes inside a quoted cell were not doubled.

        The csv module takes such a quote for the end of the cell and goes on: the next
        ones stay and this one is lost.
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
        """Cells of a line with a stray quote: the reading that fits the header."""
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
