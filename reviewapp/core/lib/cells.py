"""Cells and lines of CSV files for spreadsheet programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

# Every CSV file for people starts with it, so that Excel reads it as UTF-8. Files for
# one program do not, if that program would take it for a part of the first name.
BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def safe_cell(text: str) -> str:
    """Return ``text`` so that no spreadsheet reads it as a formula (CSV injection).

    An apostrophe is put in front of text that starts like a formula. Numbers ("-3") are
    written as numbers, not as text, so they are not affected.
    """
    return f"'{text}" if text.lstrip()[:1] in FORMULA_STARTS and text.strip() else text


def csv_line(values: Iterable[object]) -> str:
    """Return one line of CSV, for files that are streamed line by line."""
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()
