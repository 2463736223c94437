"""Rows of OpenDocument spreadsheets (.ods), as LibreOffice and Google Sheets save them.

The one part with all sheets is read as a stream, row by row. Formulas are never
computed: a cell has the value that was last saved. Links are kept as text. Source:
OpenDocument 1.3 part 3, 9.1 (tables) and 19.385 (office:value-type).
"""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile, ZipFile

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from screening.citations.reading.archive import check_sizes
from screening.citations.reading.lines import CONTROL
from screening.citations.reading.reading_report import ReadingReport, UnreadableFile
from screening.citations.reading.tables.table_rows import TableRow
from screening.citations.reading.tables.xlsx_parts import text_of_cell
from screening.citations.translation import gettext as _

CONTENT = "content.xml"
TABLES = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
HREF = "{http://www.w3.org/1999/xlink}href"
CELLS = frozenset({f"{TABLES}table-cell", f"{TABLES}covered-table-cell"})
NUMBERS = frozenset({"float", "percentage", "currency"})
ROWS_AT_MOST = 1_048_576
# As in workbooks: further cells do not belong to a table of references.
COLUMNS_AT_MOST = 1_000
SPACES_AT_MOST = 1_000
# A row with content that is repeated more often is no list of references.
REPEATED_AT_MOST = 1_000
DAMAGE = (
    BadZipFile,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    ParseError,
    RecursionError,
    UnicodeError,
    ValueError,
    zlib.error,
)


@dataclass(slots=True)
class OdsSheet:
    """One sheet: its title, whether it is hidden, and the source of its rows."""

    title: str
    hidden: bool
    archive: ZipFile
    index: int

    def rows(
        self, report: ReadingReport, *, with_links: bool = False
    ) -> Iterator[TableRow]:
        """Yield the rows of the sheet, with their numbers in the spreadsheet."""
        try:
            with self.archive.open(CONTENT) as part:
                yield from _rows(part, self.index, report)
        except DefusedXmlException:
            raise _entities() from None
        except DAMAGE as error:
            raise _damaged() from error


def sheets_of_ods(stream: BinaryIO) -> list[OdsSheet]:
    """Return the sheets of a spreadsheet, visible ones first.

    Raises `UnreadableFile` (archive-too-large, xml-entity-forbidden, unknown-format).
    """
    stream.seek(0)
    try:
        archive = ZipFile(stream)
        check_sizes(archive.infolist(), "The spreadsheet")
        with archive.open(CONTENT) as part:
            titles = list(_titles(part))
    except DefusedXmlException:
        raise _entities() from None
    except DAMAGE as error:
        raise _damaged() from error
    return [OdsSheet(title, False, archive, n) for n, title in enumerate(titles)]


def _elements(part: Any) -> Iterator[tuple[str, Element]]:
    """Yield starts and ends of elements. What has ended outside rows is released."""
    path: list[Element] = []
    in_row = 0
    for event, element in iterparse(part, events=("start", "end")):
        is_row = element.tag == f"{TABLES}table-row"
        if event == "start":
            path.append(element)
            in_row += is_row
            yield event, element
            continue
        path.pop()
        in_row -= is_row
        yield event, element
        if not in_row:
            element.clear()
            if path:
                path[-1].clear()


def _titles(part: Any) -> Iterator[str]:
    for event, element in _elements(part):
        if event == "start" and element.tag == f"{TABLES}table":
            yield element.get(f"{TABLES}name", "")


def _rows(part: Any, index: int, report: ReadingReport) -> Iterator[TableRow]:
    number, table = 0, -1
    for event, element in _elements(part):
        if element.tag == f"{TABLES}table":
            table += event == "start"
            if event == "end" and table == index:
                return
        if event == "start" or table != index or element.tag != f"{TABLES}table-row":
            continue
        texts, links = _cells(element)
        repeated = _count(element, "number-rows-repeated", ROWS_AT_MOST)
        for _again in range(min(repeated, REPEATED_AT_MOST) if texts else 0):
            yield _row(number + 1 + _again, list(texts), links, report)
        number += repeated
        if number >= ROWS_AT_MOST:
            return


def _row(
    number: int, texts: list[str], links: tuple[str, ...], report: ReadingReport
) -> TableRow:
    for place, text in enumerate(texts):
        if not text.isprintable() and (clean := CONTROL.sub("", text)) != text:
            texts[place] = clean
            report.warn(
                "control-characters-removed",
                number,
                _("Control characters (such as NUL) were removed."),
            )
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(texts)
    return TableRow(number, texts, out.getvalue(), links=links)


def _cells(row: Element) -> tuple[list[str], tuple[str, ...]]:
    """Return the texts of a row without empty cells at its end, and its links."""
    texts: list[str] = []
    links: list[str] = []
    empty = 0
    for cell in row:
        if cell.tag not in CELLS:
            continue
        repeated = _count(cell, "number-columns-repeated", COLUMNS_AT_MOST)
        text = _text(cell)
        if not text:
            empty += repeated
            continue
        if len(texts) + empty >= COLUMNS_AT_MOST:
            break
        texts += [""] * empty
        texts += [text] * min(repeated, COLUMNS_AT_MOST - len(texts))
        empty = 0
        links += [
            address
            for link in cell.iter(f"{TEXT}a")
            if (address := link.get(HREF, "")).startswith(("http://", "https://"))
        ]
    return texts, tuple(links)


def _count(element: Element, name: str, at_most: int) -> int:
    text = element.get(f"{TABLES}{name}", "1")
    is_number = text.isascii() and text.isdecimal() and len(text) < len("10000000")
    return min(max(int(text), 1), at_most) if is_number else 1


def _text(cell: Element) -> str:
    """Return the value of a cell as text: dates as ISO 8601, numbers without ".0"."""
    kind = cell.get(f"{OFFICE}value-type", "")
    if kind in NUMBERS:
        value = cell.get(f"{OFFICE}value", "")
        try:
            return text_of_cell(float(value))
        except (OverflowError, ValueError):
            return value
    if kind == "date":
        return cell.get(f"{OFFICE}date-value", "").removesuffix("T00:00:00")
    lines = ["".join(_pieces(one)) for one in cell.findall(f"{TEXT}p")]
    return "\n".join(lines) or cell.get(f"{OFFICE}string-value", "")


def _pieces(paragraph: Element) -> Iterator[str]:
    """Yield the text of a paragraph. Several spaces are written as an element."""
    yield paragraph.text or ""
    for inner in paragraph:
        if inner.tag == f"{TEXT}s":
            count = inner.get(f"{TEXT}c", "1")
            yield " " * (min(int(count), SPACES_AT_MOST) if count.isdecimal() else 1)
        elif inner.tag in (f"{TEXT}line-break", f"{TEXT}tab"):
            yield "\n" if inner.tag.endswith("break") else " "
        elif inner.tag != f"{OFFICE}annotation":
            yield from _pieces(inner)
        yield inner.tail or ""


def _entities() -> UnreadableFile:
    return UnreadableFile(
        "xml-entity-forbidden",
        _(
            "The spreadsheet was not read because it contains XML that defines entities. "
            "No spreadsheet program writes this, and it can be an attack."
        ),
    )


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        "unknown-format",
        _(
            "The spreadsheet is damaged, or it has a password. Open it in a spreadsheet "
            "program, save it as .xlsx or CSV, and import that file."
        ),
    )
