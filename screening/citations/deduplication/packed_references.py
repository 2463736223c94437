"""Packed cleaned references of a whole run: a million need 700 MB."""

from __future__ import annotations

import marshal
from array import array
from dataclasses import fields
from operator import attrgetter
from typing import Protocol

from screening.citations.deduplication.cleaning import Cleaned
from screening.citations.deduplication.folding import without_spaces
from screening.citations.deduplication.locators import Pages

_NAMES = tuple(field.name for field in fields(Cleaned))
_PARTS = attrgetter(*_NAMES)
_PAGES = _NAMES.index("pages")
# The title without its spaces is faster to compute than to store.
_TITLE, _LETTERS = _NAMES.index("title"), _NAMES.index("letters")
_PAGE_PARTS = attrgetter(*(field.name for field in fields(Pages)))
# Plain values without object references are faster to load.
_PLAIN = 2


class CleanedReferences(Protocol):
    """Cleaned references by their places."""

    def __len__(self) -> int: ...

    def __getitem__(self, place: int, /) -> Cleaned: ...


class PackedReferences:
    """A sequence that stores each reference as bytes and rebuilds it when it is read.

    The bytes are for this process only and are never stored.
    """

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def append(self, record: Cleaned) -> None:
        """Add one reference at the end."""
        parts = list(_PARTS(record))
        parts[_LETTERS] = None
        if record.pages:
            parts[_PAGES] = _PAGE_PARTS(record.pages)
        self._bytes += marshal.dumps(parts, _PLAIN)
        self._ends.append(len(self._bytes))

    def __getitem__(self, place: int) -> Cleaned:
        start, end = self._ends[place], self._ends[place + 1]
        parts = marshal.loads(self._bytes[start:end])  # noqa: S302 (own bytes)
        parts[_LETTERS] = without_spaces(parts[_TITLE])
        if parts[_PAGES]:
            parts[_PAGES] = Pages(*parts[_PAGES])
        return Cleaned(*parts)
