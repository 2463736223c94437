"""Parts of a workbook read as streams: its elements, and the links of its cells.

A link is an address in the file. It is kept as text and never opened. Sources: ECMA-376
part 1, 18.3.1.47 (hyperlink), part 2, 9.3 (relationships).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet._reader import DATA_TAG

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# 1-based row and column of a cell, and its address.
Links = dict[tuple[int, int], str]
EXACT_FLOAT = 1e15
# "_x000D_" in the file is a carriage return (ECMA-376, ST_Xstring).
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
LINKS_AT_MOST = 200_000
LINK_LETTERS = 2_000
# A sheet has few elements outside its rows, and a row has few elements per column. More
# is an attack.
OTHERS_AT_MOST = 100_000
ELEMENTS_OF_ROW = 60_000
PIECE_BYTES = 1 << 18
TAG_BYTES = 4_000
LINK_TAG = re.compile(rb"<(?:\w{1,20}:)?hyperlink\s([^<>]{1,3900})>")
ATTRIBUTE = re.compile(rb"(?:\w{1,20}:)?\b(id|ref)\s?=\s?[\"']([^\"'<>]{1,50})[\"']")
CELL = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
HYPERLINK = re.compile(r'^\s*HYPERLINK\(\s*"(https?://[^"]{1,2000})"', re.I)


def top_elements(part: Any, wanted: str) -> Iterator[Element]:
    """Yield the complete elements of one name, and the end of the sheet's data.

    Every element is released after reading. Raises `ValueError` for a part with more
    other elements than any workbook has.
    """
    path: list[Element] = []
    within, others, inside = 0, 0, 0
    for event, element in iterparse(part, events=("start", "end")):
        if event == "start":
            path.append(element)
            within += element.tag == wanted
            inside = inside + 1 if within else 0
            if inside > ELEMENTS_OF_ROW or within > 1:
                raise ValueError("no row has so many elements or holds rows")
            continue
        path.pop()
        if element.tag == wanted:
            within -= 1
            inside = 0
            yield element
        elif within:
            continue
        elif element.tag == DATA_TAG:
            yield element
        else:
            others += 1
            if others > OTHERS_AT_MOST:
                raise ValueError("no sheet has so many elements outside of rows")
        if path:
            path[-1].clear()


def inline_text(cell: Element) -> str | None:
    """Return the text in the cell itself, without phonetic hints, else None."""
    found = cell.find(f"{SHEET}is")
    if found is None:
        return None
    runs = (found, *found.iterfind(f"{SHEET}r"))
    return "".join(run.findtext(f"{SHEET}t") or "" for run in runs)


def links_of(book: ExcelReader, path: str) -> Links:
    """Return the web addresses behind the cells of a sheet.

    They are at the end of the sheet, after all rows. The sheet is searched, not parsed,
    and only if it has addresses at all.
    """
    targets = _targets(book, path)
    links: Links = {}
    if not targets:
        return links
    with book.archive.open(path) as part:
        rest, seen = b"", 0
        while seen < LINKS_AT_MOST and (piece := part.read(PIECE_BYTES)):
            text = rest + piece
            for tag in LINK_TAG.findall(text):
                seen += 1
                values = dict(ATTRIBUTE.findall(tag))
                target = targets.get(values.get(b"id", b"").decode("ascii", "replace"))
                place = CELL.match(values.get(b"ref", b"").decode("ascii", "replace"))
                if target and place:
                    links[coordinate_to_tuple(place.group())] = target
            rest = text[-TAG_BYTES:].rpartition(b">")[2]
    return links


def _targets(book: ExcelReader, path: str) -> dict[str, str]:
    """Return the web addresses that a sheet refers to, by their ids."""
    folder, name = posixpath.split(path)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in book.valid_files:
        return {}
    targets: dict[str, str] = {}
    with book.archive.open(relations) as part:
        for _, element in iterparse(part, events=("end",)):
            address = element.get("Target", "")[:LINK_LETTERS]
            is_link = element.get("Type", "").endswith("/hyperlink")
            if is_link and address.startswith(("http://", "https://")):
                targets[element.get("Id", "")] = address
            element.clear()
            if len(targets) > LINKS_AT_MOST:
                break
    return targets


def link_of_formula(formula: str) -> str:
    """Return the address in =HYPERLINK("…"; "…"), "" for other formulas."""
    match = HYPERLINK.match(formula)
    return match.group(1) if match else ""


def text_of_cell(value: Any) -> str:
    """Return a cell's value as text: dates as ISO 8601, whole numbers without ".0"."""
    if isinstance(value, str):
        text = _unescaped(value) if "_x" in value else value
        return text.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < EXACT_FLOAT
        return str(int(value)) if whole else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, (int, timedelta)) else ""


def _unescaped(text: str) -> str:
    text = ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)
    # Two escapes can be one letter. Half of one is not a letter.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
