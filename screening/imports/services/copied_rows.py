"""Rows in PostgreSQL's COPY text format, escaped many at a time.

The separators are control characters. Readers let none of them into a value; any that
remain are removed here. So rows are joined instead of quoted value by value. Source:
PostgreSQL's manual, COPY, "Text Format".
"""

from __future__ import annotations

from collections.abc import Sequence

VALUE = "\x1f"
ROW = "\x1e"
NULL = "\x1d"
ITEM = "\x1c"
OPTIONS = f"(DELIMITER E'\\x{ord(VALUE):02x}', NULL E'\\x{ord(NULL):02x}')"
# PostgreSQL can't store NUL; the others are separators here.
FORBIDDEN = dict.fromkeys(map(ord, (VALUE, ROW, NULL, ITEM, "\0")))
_VALUE, _ROW, _NULL = (sign.encode() for sign in (VALUE, ROW, NULL))


def copy_block(rows: Sequence[Sequence[str]], may_be_null: int) -> bytes:
    """Return rows in COPY format; the value at ``may_be_null`` may be ``NULL``."""
    text = _joined(rows)
    if not _is_sound(text, rows, may_be_null):
        text = _joined([_cleaned(row, may_be_null) for row in rows])
    text = text.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
    return text.replace(_ROW, b"\n")


def _joined(rows: Sequence[Sequence[str]]) -> bytes:
    """Return the rows as bytes."""
    # Row by row, because one non-ASCII letter makes a whole string wide. Half a
    # surrogate pair (from JSON) can't be encoded and is replaced.
    parts = [VALUE.join(row).encode("utf-8", "replace") for row in rows]
    return b"".join([part + _ROW for part in parts])


def _is_sound(text: bytes, rows: Sequence[Sequence[str]], may_be_null: int) -> bool:
    """Return True if the separators in ``text`` are only those added here."""
    return (
        text.count(_VALUE) == sum(map(len, rows)) - len(rows)
        and text.count(_ROW) == len(rows)
        and text.count(_NULL) == sum(row[may_be_null] == NULL for row in rows)
        and b"\0" not in text
    )


def _cleaned(row: Sequence[str], may_be_null: int) -> list[str]:
    return [
        value if index == may_be_null else value.translate(FORBIDDEN)
        for index, value in enumerate(row)
    ]


def array_literal(values: Sequence[str]) -> str:
    """Return the values as a literal of ``text[]``."""
    if not values:
        return "{}"
    text = ITEM.join(values)
    if text.count(ITEM) != len(values) - 1:
        text = ITEM.join(value.translate(FORBIDDEN) for value in values)
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '{"' + text.replace(ITEM, '","') + '"}'
