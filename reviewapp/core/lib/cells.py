"""Cells of tables for spreadsheets."""

from __future__ import annotations

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def safe_cell(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula (OWASP CSV injection).

    A quote is set before it; numbers ("-3") are data too and come as numbers, not
    as text.
    """
    return f"'{text}" if text.lstrip()[:1] in FORMULA_STARTS and text.strip() else text
