"""Table preview that a person sees before mapping the columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import BinaryIO

from screening.citations.fields import fold
from screening.citations.reading import archive
from screening.citations.reading.encodings import sniff_encoding
from screening.citations.reading.lines import TextLines
from screening.citations.reading.reading_options import ReadingOptions
from screening.citations.reading.reading_report import ReadingReport, UnreadableFile
from screening.citations.reading.recognising import HEAD_BYTES, recognise
from screening.citations.reading.tables import xlsx
from screening.citations.reading.tables.columns import (
    IGNORE,
    Mapping,
    TableColumns,
    columns_of,
    mapped_columns,
    names_of_columns,
)
from screening.citations.reading.tables.headers import (
    SAMPLE_LINES,
    find_header,
    likely_header,
    table_among,
    without_declaration,
)
from screening.citations.reading.tables.table_rows import TableRow, TableRows

ROWS_SHOWN = 10
CELL_LETTERS = 300


@dataclass(frozen=True, slots=True)
class TableHeader:
    """The header of a table, its first rows, and the fields found for the columns.

    `headers` are all different ("Name", "Name (2)", "Column 3") and have the form that
    `ReadingOptions.columns` uses. `rows` are the first ten below the header, as wide as
    it, each cell cut to 300 letters. `found` has each header with the field that would
    be read from it (`columns.FIELDS`; "ignore" for none). `delimiter` is "" for a
    workbook. `header_row` is the number that a spreadsheet shows. `sheets` are the
    titles of a workbook's sheets and `sheet` is the one shown. `member` is the path in
    an archive. `recognised` is False if the header is only the best guess.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    found: tuple[tuple[str, str], ...]
    recognised: bool
    delimiter: str = ""
    header_row: int = 1
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    member: str = ""


def read_table_header(
    stream: BinaryIO, name: str, options: ReadingOptions | None = None
) -> TableHeader | None:
    """Return the header of a text table, a workbook, or the first table in an archive.

    With `options.columns`, the header is the row with those headers, and `found` is
    that mapping. Returns None if the file is not a table. Raises `UnreadableFile` if it
    can't be read. `stream` must be seekable.
    """
    options = options or ReadingOptions()
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    format_ = _format(head, name, options)
    if format_ == "zip":
        kind = archive.kind_of_zip(stream, name)
        if kind == "zip":
            return _of_archive(stream, name, options)
        return _of_workbook(stream, options) if kind in ("xlsx", "ods") else None
    if format_ in ("csv", "wos-tab"):
        stream.seek(len(head))
        return _of_text(stream, head, options)
    return None


def _format(head: bytes, name: str, options: ReadingOptions) -> str:
    try:
        return recognise(head, name, options).format
    except UnreadableFile as refusal:
        if refusal.kind != "columns-unknown":
            raise
        return "csv"


def _of_archive(
    stream: BinaryIO, name: str, options: ReadingOptions
) -> TableHeader | None:
    """Return the table to map, preferably one with unknown columns."""
    first: TableHeader | None = None
    for member in archive.archive_members(stream, name, ReadingReport()):
        try:
            header = read_table_header(member.stream, member.name, options)
        except (UnreadableFile, *archive.DAMAGE):
            continue
        if header and not header.recognised:
            return replace(header, member=member.path)
        if header and not first:
            first = replace(header, member=member.path)
    return first


def _of_text(
    stream: BinaryIO, head: bytes, options: ReadingOptions
) -> TableHeader | None:
    encoding = options.encoding or sniff_encoding(head)
    forced = bool(options.encoding)
    lines = TextLines(stream, head, encoding, ReadingReport(), forced=forced)
    sample = list(islice(lines, SAMPLE_LINES))
    found = find_header(sample, options.columns) or find_header(sample)
    if found:
        delimiter, index, columns = found
    else:
        table = table_among(sample)
        if not table:
            return None
        delimiter, index, columns = table[0], likely_header(table[1]), None
    sample, _ = without_declaration(sample)
    rows = TableRows(chain(sample, lines), delimiter, ReadingReport())
    shown = list(islice(rows, index + 1 + ROWS_SHOWN))
    header = _table_header(shown, index, columns, options.columns)
    return replace(header, delimiter=delimiter)


def _of_workbook(stream: BinaryIO, options: ReadingOptions) -> TableHeader | None:
    sheets = xlsx.sheets_of(stream)
    chosen = (
        xlsx.sheet_with_header(sheets, options.columns) if options.columns else None
    )
    chosen = chosen or xlsx.sheet_with_header(sheets, ())
    columns: TableColumns | None = None
    if chosen:
        sheet, index, columns = chosen
    else:
        tables = [each for each in sheets if xlsx.is_table(each)]
        if not tables:
            return None
        sheet = tables[0]
        index = likely_header([row.cells for row in xlsx.first_rows(sheet)])
    shown = xlsx.first_rows(sheet, index + 1 + ROWS_SHOWN)
    header = _table_header(shown, index, columns, options.columns)
    titles = tuple(each.title for each in sheets)
    return replace(header, sheets=titles, sheet=sheet.title)


def _table_header(
    shown: list[TableRow], index: int, columns: TableColumns | None, mapping: Mapping
) -> TableHeader:
    cells = [fold(cell) for cell in shown[index].cells]
    own = columns_of(cells)
    headers = columns.headers if columns else names_of_columns(cells)
    if mapping and mapped_columns(cells, mapping):
        wanted = {name.casefold(): field for name, field in mapping}
        found = tuple((h, wanted.get(h.casefold(), IGNORE)) for h in headers)
    else:
        found = own.mapping() if own else _guessed(headers)
    return TableHeader(
        headers=headers,
        rows=tuple(_shown(row.cells, len(headers)) for row in shown[index + 1 :]),
        found=found,
        recognised=own is not None,
        header_row=shown[index].number,
    )


def _guessed(headers: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the fields of single names if the header as a whole is not recognised.

    `columns_of` requires a title and another field, so both are added here.
    """
    lent = columns_of([*headers, "title", "authors"])
    return lent.mapping()[: len(headers)] if lent else ()


def _shown(cells: Sequence[str], width: int) -> tuple[str, ...]:
    cut = [fold(cell)[:CELL_LETTERS] for cell in cells[:width]]
    return (*cut, *[""] * (width - len(cut)))
