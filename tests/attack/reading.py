"""Finds scripts in pages and formulas in tables."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

from tests.attack.caller import Answer
from tests.attack.payloads import MARK

GOES = {"href", "src", "srcset", "action", "formaction", "data", "poster", "srcdoc"}
GOES |= {"xlink:href", "style", "http-equiv", "content", "background", "ping"}
# Elements that the program's own pages do not contain.
NEVER = {"iframe", "object", "embed", "base", "marquee", "math", "applet", "style"}
SAFE_LINK = re.compile(r"(?i)^(https?://|/|#|\?|mailto:|$|[\w./-]+$|data:image/)")
FORMULA = "=+-@＝＋－＠"


class _Running(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self._in_script = tag == "script"
        if tag in NEVER or (tag == "script" and not ({"src", "type"} & set(has))):
            self.found.append(f"<{tag}>")
        for name, value in has.items():
            runs = name.startswith(("on", "hx-on", "@", "x-on"))
            # If the text of a record becomes an attribute, a value is enough.
            runs = runs or (name.startswith(("data-x", "hx-")) and MARK in value)
            leads = name in GOES and (MARK in name or not _is_fine(name, value))
            if runs or MARK in name or leads:
                self.found.append(f"<{tag} {name}={value[:60]!r}>")

    def handle_data(self, data: str) -> None:
        if self._in_script and MARK in data:
            self.found.append(f"in a script: {data[:60]!r}")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_comment(self, data: str) -> None:
        if MARK in data:
            self.found.append(f"in a comment: {data[:60]!r}")


def _is_fine(name: str, value: str) -> bool:
    if name in {"srcdoc", "style", "http-equiv", "background", "ping"}:
        return False
    if name in {"content", "data"}:
        return MARK not in value
    return bool(SAFE_LINK.match(value.strip())) and not value.startswith("//")


def running(answer: Answer) -> list[str]:
    """Return parts of a page that would run or that link to a wrong place."""
    if "html" not in answer.headers.get("content-type", ""):
        return []
    parser = _Running()
    parser.feed(answer.text)
    return parser.found


def formulas(answer: Answer) -> list[str]:
    """Return the cells of a table that a spreadsheet would calculate."""
    kind = answer.headers.get("content-type", "")
    if "spreadsheetml" in kind:
        return _in_workbook(answer.body)
    if "csv" not in kind and "tab-separated" not in kind:
        return []
    text = answer.body.decode("utf-8-sig", "replace")
    dialect = "excel-tab" if "tab-separated" in kind else "excel"
    rows = csv.reader(io.StringIO(text, newline=""), dialect)
    return [cell[:60] for row in rows for cell in row if _calculates(cell)]


def _calculates(cell: str) -> bool:
    begins = cell.lstrip()[:1]
    if not begins or begins not in FORMULA:
        return False
    return not re.fullmatch(r"[+-]?\d[\d.,]*%?", cell.strip())


def _in_workbook(content: bytes) -> list[str]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return [str(cell.value)[:60] for cell in cells if cell.data_type == "f"]
