"""Excel writer: a workbook of one sheet, sent while it is written.

Every cell except the year is text, so nothing in it is run. The apostrophe of the CSV
is still written before text that looks like a formula, in case somebody saves the sheet
as CSV. Excel allows 32,767 letters in a cell and 1,048,576 rows. Longer cells are cut,
and the last column names those of the row. The caller must refuse more rows
(`ROWS_AT_MOST`). Office Open XML, ECMA-376 part 1, sections 18.2 and 18.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from reviewapp.core.lib.cells import safe_cell
from screening.citations.writing.endnote_xml import FORBIDDEN
from screening.citations.writing.status_note import ExportRow
from screening.citations.writing.tables import COLUMNS, citation_cells, status_cells
from screening.citations.writing.zipped import zip_pieces

ROWS_AT_MOST = 1_048_575
CELL_AT_MOST = 32_767
ROWS_A_PIECE = 200
# A longer sheet with long abstracts may exceed 2 GB.
LARGE_ROWS = 400_000
CUT = "Cut to fit Excel"
WIDE = {"Title": 60, "Authors": 36, "Journal": 32, "Abstract": 70, "Keywords": 30}
USUAL_WIDTH = 16
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        f'ContentType="{SPREADSHEET}.sheet.main+xml"/>'
        '<Override PartName="/xl/styles.xml" '
        f'ContentType="{SPREADSHEET}.styles+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{SPREADSHEET}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Records" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" '
        'Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    # Style 1: bold, for the header. Style 2: text ("@"), which also stays after
    # editing.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{MAIN}"><fonts count="2">'
        '<font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
        '<xf fontId="1" applyFont="1"/><xf numFmtId="49" applyNumberFormat="1"/>'
        "</cellXfs></styleSheet>"
    ),
}


def xlsx_pieces(
    rows: Iterable[ExportRow], *, extra: Sequence[str] = (), is_large: bool = False
) -> Iterator[bytes]:
    """Yield the bytes of a workbook: frozen header, filter, widths, one row per record.

    `extra` names the values of the status that get a column. `is_large` must be True
    for more than `LARGE_ROWS`.
    """
    members = [
        (name, [f"{DECLARATION}{text}".encode()]) for name, text in PARTS.items()
    ]
    sheet = ("xl/worksheets/sheet1.xml", _sheet(rows, (*COLUMNS, *extra, CUT), extra))
    return zip_pieces([*members, sheet], is_large=is_large)


def _sheet(
    rows: Iterable[ExportRow], header: Sequence[str], extra: Sequence[str]
) -> Iterator[bytes]:
    yield f"{DECLARATION}{_top(header)}".encode()
    held: list[str] = []
    number = 1
    for number, (citation, status) in enumerate(rows, start=2):
        held.append(
            _row(
                number,
                (*citation_cells(citation), *status_cells(status, extra)),
                header,
            )
        )
        if len(held) == ROWS_A_PIECE:
            yield "".join(held).encode()
            held = []
    area = f"A1:{_letters(len(header))}{number}"
    end = f'</sheetData><autoFilter ref="{area}"/></worksheet>'
    yield f"{''.join(held)}{end}".encode()


def _top(header: Sequence[str]) -> str:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{WIDE.get(name, USUAL_WIDTH)}" '
        'customWidth="1"/>'
        for n, name in enumerate(header, start=1)
    )
    titles = "".join(
        f'<c r="{_letters(n)}1" s="1" t="inlineStr"><is><t>{escape(name)}</t></is></c>'
        for n, name in enumerate(header, start=1)
    )
    return (
        f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
        f'<row r="1">{titles}</row>'
    )


def _row(number: int, values: Sequence[str], header: Sequence[str]) -> str:
    made: list[str] = []
    cut: list[str] = []
    for column, value in enumerate(values, start=1):
        if value:
            name = header[column - 1]
            place = f"{_letters(column)}{number}"
            if name == "Year":
                made.append(f'<c r="{place}"><v>{value}</v></c>')
                continue
            text = cut_to_cell(safe_cell(value))
            if len(text) < len(value):
                cut.append(name)
            made.append(_text_cell(place, text))
    if cut:
        made.append(_text_cell(f"{_letters(len(header))}{number}", "; ".join(cut)))
    return f'<row r="{number}">{"".join(made)}</row>'


def _text_cell(place: str, text: str) -> str:
    safe = escape(FORBIDDEN.sub("", text))
    return (
        f'<c r="{place}" s="2" t="inlineStr"><is>'
        f'<t xml:space="preserve">{safe}</t></is></c>'
    )


def cut_to_cell(text: str) -> str:
    """Return text that fits a cell.

    Excel counts in UTF-16, in which rare letters are two.
    """
    if len(text) <= CELL_AT_MOST // 2:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= CELL_AT_MOST * 2:
        return text
    return units[: (CELL_AT_MOST - 1) * 2].decode("utf-16-le", "ignore") + "…"


def _letters(column: int) -> str:
    """Return a column's name: 1 is A, 27 is AA."""
    high, low = divmod(column - 1, 26)
    return (_letters(high) if high else "") + chr(65 + low)
