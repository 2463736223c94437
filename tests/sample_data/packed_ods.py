"""Sample of an OpenDocument spreadsheet, stored without compression."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from tests.sample_data.packed import packed
from tests.sample_data.works import Sample, articles, pages, wanted

TYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = "urn:oasis:names:tc:opendocument:xmlns"
HEADER = (
    "Title",
    "Authors",
    "Year",
    "Journal",
    "Volume",
    "Issue",
    "Pages",
    "DOI",
    "Abstract",
)
EMPTY_ROWS = 1_048_000


def samples() -> Iterator[Sample]:
    yield libre_office()


def libre_office() -> Sample:
    works = articles(20, 28)
    rows = [
        (
            *(
                work.title,
                "; ".join(work.authors),
                work.year,
                work.journal,
                work.volume,
            ),
            *(work.issue, pages(work), work.doi, work.abstract),
        )
        for work in works
    ]
    return Sample(
        "libreoffice.ods",
        spreadsheet([HEADER, *rows]),
        "ods",
        [wanted(work, pmid=None, accession=None) for work in works],
        "",
        None,
        difficulties="empty cells and rows written once with a number of repetitions; "
        "an annotation in a cell; several spaces as an element",
    )


def spreadsheet(rows: list[tuple[object, ...]]) -> bytes:
    """Return a spreadsheet of one sheet, as LibreOffice writes it."""
    body = "".join(map(_row, rows))
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content '
        f'xmlns:office="{NAMES}:office:1.0" xmlns:table="{NAMES}:table:1.0" '
        f'xmlns:text="{NAMES}:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Sheet1">{body}'
        f'<table:table-row table:number-rows-repeated="{EMPTY_ROWS}">'
        '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return packed([("mimetype", TYPE.encode()), ("content.xml", content.encode())])


def _row(values: tuple[object, ...]) -> str:
    cells = "".join(map(_cell, values))
    rest = '<table:table-cell table:number-columns-repeated="1015"/>'
    return f"<table:table-row>{cells}{rest}</table:table-row>"


def _cell(value: object) -> str:
    if isinstance(value, int):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    if not value:
        return "<table:table-cell/>"
    text = escape(str(value)).replace(": ", ':<text:s text:c="1"/>', 1)
    note = "<office:annotation><text:p>read</text:p></office:annotation>"
    return (
        f'<table:table-cell office:value-type="string">{note}<text:p>{text}</text:p>'
        "</table:table-cell>"
    )
