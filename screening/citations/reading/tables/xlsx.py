"""Reader of Excel workbooks (.xlsx, .xlsm): rows of the sheet with references.

openpyxl opens the parts. Rows are read one by one, so that no declaration in the file
can ask for more rows or columns than it has. Formulas are never computed: a cell has
the value that was last saved. Links, macros and external connections are never used.
"""

from __future__ import annotations

import csv
import io
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, BinaryIO, cast
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from defusedxml import DefusedXmlException
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel
from openpyxl.worksheet._reader import (
    DATA_TAG,
    FORMULA_TAG,
    ROW_TAG,
    VALUE_TAG,
    WorkSheetParser,
)

from screening.citations.citation import Citation
from screening.citations.reading.archive import check_sizes, kind_of_zip
from screening.citations.reading.format_marks import Recognised
from screening.citations.reading.lines import CONTROL
from screening.citations.reading.reading_report import ReadingReport, UnreadableFile
from screening.citations.reading.tables.by_row import (
    citations_by_row,
    platform_of_fields,
    transposed_first_field,
)
from screening.citations.reading.tables.columns import Mapping, TableColumns
from screening.citations.reading.tables.headers import (
    HEADER_WITHIN_ROWS,
    ROWS_ALIKE,
    header_among,
)
from screening.citations.reading.tables.ods import OdsSheet, sheets_of_ods
from screening.citations.reading.tables.table_citations import citations_of_rows
from screening.citations.reading.tables.table_rows import TableRow
from screening.citations.reading.tables.xlsx_parts import (
    Links,
    inline_text,
    link_of_formula,
    links_of,
    text_of_cell,
    top_elements,
)
from screening.citations.translation import gettext as _
from screening.citations.translation import ngettext

ROWS_AT_MOST = 1_048_576
# Excel allows 16,384. Further cells do not belong to a table of references.
COLUMNS_AT_MOST = 1_000
UNREADABLE = (
    AttributeError,
    BadZipFile,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    OverflowError,
    ParseError,
    TypeError,
    UnicodeError,
    ValueError,
    zlib.error,
)


@dataclass(slots=True)
class Sheet:
    """One sheet: its title, whether it is hidden, and the source of its rows."""

    title: str
    hidden: bool
    book: ExcelReader
    path: str

    def rows(
        self, report: ReadingReport, *, with_links: bool = False
    ) -> Iterator[TableRow]:
        """Yield the rows of the sheet, with their numbers in the spreadsheet."""
        with self.book.archive.open(self.path) as part:
            try:
                links = links_of(self.book, self.path) if with_links else {}
                parser = _WorkbookRows(part, self.book, links)
                yield from parser.rows(report)
            except DefusedXmlException:
                raise _entities() from None
            except (*UNREADABLE, RecursionError) as error:
                raise _damaged() from error


AnySheet = Sheet | OdsSheet


class _WorkbookRows(WorkSheetParser):
    """openpyxl's reader of cells, applied to rows one by one."""

    def __init__(self, part: Any, book: ExcelReader, links: Links) -> None:
        super().__init__(
            part,
            book.shared_strings,
            data_only=True,
            epoch=getattr(book.wb, "epoch", WINDOWS_EPOCH),
        )
        self._dates: set[int] = getattr(book.wb, "_date_formats", set())
        self._durations: set[int] = getattr(book.wb, "_timedelta_formats", set())
        self._without_value = False
        self._links = links

    def rows(self, report: ReadingReport) -> Iterator[TableRow]:
        for element in top_elements(self.source, ROW_TAG):
            if element.tag == DATA_TAG:
                return
            self._without_value = False
            del element[COLUMNS_AT_MOST:]
            number, cells = self.parse_row(cast(Any, element))
            self.row_dimensions.clear()
            number = min(max(number, 1), ROWS_AT_MOST)
            if self._without_value:
                _warn_of_formula(number, report)
            row = _row(number, cells, report)
            row.links = tuple(
                link
                for cell in cells
                if (
                    link := cell.get("link")
                    or self._links.get((number, cell["column"]))
                )
            )
            yield row

    def parse_cell(self, element: Any) -> dict[str, Any]:
        link = ""
        if (formula := element.findtext(FORMULA_TAG)) is not None:
            link = link_of_formula(formula)
            value = element.findtext(VALUE_TAG)
            empty_text = value == "" and element.get("t") == "str"
            self._without_value = self._without_value or not (value or empty_text)
        try:
            cell: dict[str, Any] = self._cell(element)
            style = cell["style_id"]
            if cell["data_type"] == "n" and cell["value"] and style in self._dates:
                cell["value"] = from_excel(
                    cell["value"], self.epoch, timedelta=style in self._durations
                )
        except (*UNREADABLE, ZeroDivisionError):
            cell = {"column": self.col_counter, "value": None, "data_type": "e"}
        if link:
            cell["link"] = link
        return cell

    def _cell(self, element: Any) -> dict[str, Any]:
        """Return a cell as openpyxl reads it.

        Inline text is read a hundred times faster.
        """
        if element.get("t") != "inlineStr":
            cell: dict[str, Any] = super().parse_cell(element)
            return cell
        text = inline_text(element)
        del element[:]
        element.set("t", "str")
        return super().parse_cell(element) | {"value": text, "data_type": "s"}


def _row(number: int, cells: list[dict[str, Any]], report: ReadingReport) -> TableRow:
    texts: list[str] = []
    for cell in cells:
        place = cell["column"] - 1
        if cell["value"] is None or not 0 <= place < COLUMNS_AT_MOST:
            continue
        if place >= len(texts):
            texts += [""] * (place + 1 - len(texts))
        texts[place] = text_of_cell(cell["value"])
    for place, text in enumerate(texts):
        if not text.isprintable():
            texts[place] = CONTROL.sub("", text)
            if texts[place] != text:
                report.warn(
                    "control-characters-removed",
                    number,
                    _("Control characters (such as NUL) were removed."),
                )
    return TableRow(number, texts, _raw(texts))


def _raw(texts: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(texts)
    return out.getvalue()


def _warn_of_formula(number: int, report: ReadingReport) -> None:
    report.warn(
        "formula-without-value",
        number,
        _(
            "A cell has a formula without a stored result, so it was left empty. Open "
            "the workbook in a spreadsheet program, save it, and import it again."
        ),
    )


def sheets_of(stream: BinaryIO) -> list[AnySheet]:
    """Return the sheets of a workbook that have cells, visible ones first.

    Raises `UnreadableFile` (archive-too-large, xml-entity-forbidden, unknown-format).
    """
    if kind_of_zip(stream, "The workbook") == "ods":
        return [*sheets_of_ods(stream)]
    stream.seek(0)
    try:
        book = ExcelReader(stream, read_only=True, data_only=True, keep_links=False)
        check_sizes(book.archive.infolist(), "The workbook")
        _refuse_strict(book)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book.read_manifest()
            book.read_strings()
            book.read_workbook()
            _read_styles(book)
        present = frozenset(book.valid_files)
        sheets: list[AnySheet] = [
            Sheet(str(sheet.name), sheet.state != "visible", book, rel.target)
            for sheet, rel in book.parser.find_sheets()
            if rel.target in present and "chartsheet" not in rel.Type
        ]
    except DefusedXmlException:
        raise _entities() from None
    except (*UNREADABLE, RecursionError) as error:
        raise _damaged() from error
    return sorted(sheets, key=lambda sheet: sheet.hidden)


def _refuse_strict(book: ExcelReader) -> None:
    """Refuse workbooks in which every element has another name (ISO 29500 Strict)."""
    if "xl/workbook.xml" in book.valid_files:
        with book.archive.open("xl/workbook.xml") as part:
            is_strict = b"purl.oclc.org/ooxml" in part.read(4096)
        if is_strict:
            raise UnreadableFile(
                "unknown-format",
                _(
                    "The workbook was saved as “Strict Open XML”, which is not supported. "
                    "Save it as “Excel Workbook (.xlsx)” or CSV, and import that file."
                ),
            )


def _read_styles(book: ExcelReader) -> None:
    """Read number formats, which mark dates. A damaged style sheet costs only these."""
    try:
        apply_stylesheet(book.archive, book.wb)
    except DefusedXmlException:
        raise
    except UNREADABLE:
        return


def _entities() -> UnreadableFile:
    return UnreadableFile(
        "xml-entity-forbidden",
        _(
            "The workbook was not read because it contains XML that defines entities. No "
            "spreadsheet program writes this, and it can be an attack."
        ),
    )


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        "unknown-format",
        _(
            "The workbook is damaged or can't be opened. Open it in a spreadsheet "
            "program, save it as .xlsx or CSV, and import that file."
        ),
    )


def read_xlsx(
    stream: BinaryIO, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read the first sheet with a header of references; name others in warnings.

    Raises `UnreadableFile` (columns-unknown, no-records-found and those of
    `sheets_of`).
    """
    sheets = sheets_of(stream)
    mapping: Mapping = recognised.columns
    chosen = sheet_with_header(sheets, mapping)
    if chosen is None and mapping and report.member:
        chosen = sheet_with_header(sheets, ())
    if chosen is None:
        yield from _by_row(sheets, recognised, report)
        return
    sheet, index, columns = chosen
    _warn_of_others(sheets, sheet, report)
    columns = replace(columns, platform=recognised.platform or columns.platform)
    if not report.member:
        report.platform = columns.platform
    yield from citations_of_rows(_under_header(sheet, index, report), columns, report)


def _by_row(
    sheets: list[AnySheet], recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Yield the records of the first sheet that is a transposed table."""
    for sheet in sheets if not recognised.columns else ():
        shown = [row.cells for row in first_rows(sheet)]
        first = transposed_first_field(shown)
        if first:
            platform = recognised.platform or platform_of_fields(shown)
            report.platform = report.platform if report.member else platform
            yield from citations_by_row(sheet.rows(report), first, platform, report)
            return
    raise unknown_columns(sheets, recognised.columns)


def sheet_with_header(
    sheets: list[AnySheet], mapping: Mapping
) -> tuple[AnySheet, int, TableColumns] | None:
    """Return the first sheet with a header of references, its 0-based row and columns."""
    for sheet in sheets:
        found = header_among((row.cells for row in first_rows(sheet)), mapping)
        if found:
            return sheet, *found
    return None


def first_rows(sheet: AnySheet, count: int = HEADER_WITHIN_ROWS) -> list[TableRow]:
    """Return the first rows of a sheet."""
    rows = sheet.rows(ReadingReport())
    return list(islice(rows, count))


def _under_header(
    sheet: AnySheet, index: int, report: ReadingReport
) -> Iterator[TableRow]:
    rows = sheet.rows(report, with_links=True)
    # A single cell above a table is its title, not content that was left out.
    above = [row for row in islice(rows, index) if sum(map(bool, row.cells)) > 1]
    if above:
        report.warn(
            "preamble-skipped",
            above[0].number,
            ngettext(
                "{count:,} row above the header was not read as a reference.",
                "{count:,} rows above the header were not read as references.",
                len(above),
            ).format(count=len(above)),
        )
    header = next(rows)
    width = len(header.cells)
    for row in rows:
        # A row ends at its last cell. Missing cells after it are empty, not lost.
        row.cells += [""] * (width - len(row.cells))
        yield row


def _warn_of_others(
    sheets: list[AnySheet], read: AnySheet, report: ReadingReport
) -> None:
    for sheet in sheets:
        if sheet is read:
            continue
        rows = first_rows(sheet)
        found = header_among(row.cells for row in rows)
        if found and any(any(row.cells) for row in rows[found[0] + 1 :]):
            report.warn(
                "sheet-ignored",
                0,
                _(
                    "The sheet “{sheet}” also contains references, but only “{read}” was "
                    "read. To import it, save it as a separate file."
                ).format(sheet=sheet.title, read=read.title),
            )


def unknown_columns(sheets: list[AnySheet], mapping: Mapping) -> UnreadableFile:
    """Return why no sheet could be read: columns must be mapped, or there is no table."""
    if mapping:
        return UnreadableFile(
            "columns-unknown",
            _(
                "No sheet has a row with all the headers you mapped. Map the columns "
                "again."
            ),
        )
    if any(map(is_table, sheets)):
        return UnreadableFile(
            "columns-unknown",
            _(
                "None of the first rows has headers for a title and for authors, year, "
                "journal, DOI or abstract. Map the columns by hand."
            ),
        )
    return UnreadableFile(
        "no-records-found",
        _(
            "The workbook contains no table of references. Export the search as RIS, "
            "PubMed (NBIB) or CSV."
        ),
    )


def is_table(sheet: AnySheet) -> bool:
    """Return True if most of the first rows have cells in two or more columns."""
    rows = [sum(map(bool, row.cells)) for row in first_rows(sheet) if any(row.cells)]
    wide = sum(count > 1 for count in rows)
    return len(rows) > 1 and wide >= len(rows) * ROWS_ALIKE
