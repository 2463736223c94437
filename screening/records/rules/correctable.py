"""Which fields of a record can be corrected, and how their values are stored as text."""

from __future__ import annotations

from typing import Any

from screening.citations.fields import digits_of, doi_of, fold
from screening.records.rules.best_fields import FIELDS

LISTS = frozenset({"authors", "keywords"})
# What members correct. Each field has one text; lists have one line per item.
CORRECTABLE = (
    *("title", "authors", "year", "journal", "volume", "issue", "pages"),
    *("doi", "pmid", "abstract"),
)
LAST_YEAR = 2100
FIRST_YEAR = 1400


def value_of(field: str, text: str) -> Any:
    """Return the value of a field that is stored as text."""
    if field in LISTS:
        return [line for line in text.split("\n") if line]
    if field == "year":
        return int(text) if text else None
    return text


def stored_text(value: Any) -> str:
    """Return a value of a record as text, for comparison and display."""
    if isinstance(value, (list, tuple)):
        return "\n".join(value)
    return "" if value is None else str(value)


def clean_text(field: str, text: str) -> str | None:
    """Return a member's text in the form of the field, None if it is not valid."""
    if field not in FIELDS:
        return None
    if field in LISTS:
        return "\n".join(filter(None, map(fold, text.split("\n"))))
    bare = fold(text.replace("\0", ""))
    if not bare:
        return ""
    if field == "year":
        is_year = bare.isdecimal() and FIRST_YEAR <= int(bare[:5]) <= LAST_YEAR
        return bare if is_year else None
    if field == "doi":
        return doi_of(bare) or None
    if field == "pmid":
        return digits_of(bare) or None
    return bare
