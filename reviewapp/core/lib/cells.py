"""Cells of tables for spreadsheet programs."""

from __future__ import annotations

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def safe_cell(text: str) -> str:
    """Return ``text`` so that no spreadsheet reads it as a formula (CSV injection).

    An apostrophe is put in front of text that starts like a formula. Numbers ("-3") are
    written as numbers, not as text, so they are not affected.
    """
    return f"'{text}" if text.lstrip()[:1] in FORMULA_STARTS and text.strip() else text
