"""Columns of a table by field, from their names or from a person's mapping."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from screening.citations.reading.tables.column_names import (
    ABSTRACKR,
    BESIDE_TITLE,
    OVID_MARK,
    OVID_PLACE,
    PLACE,
    PLATFORMS,
    WOS_MARK,
    WOS_PLACE,
)
from screening.citations.translation import gettext as _
from screening.citations.translation import gettext_noop

IGNORE = "ignore"
# Fields that a person can choose for a column, with their labels in English.
FIELDS: dict[str, str] = {
    "title": gettext_noop("Title"),
    "authors": gettext_noop("Authors"),
    "year": gettext_noop("Year or date"),
    "journal": gettext_noop("Journal or source"),
    "abstract": gettext_noop("Abstract"),
    "doi": "DOI",
    "pmid": gettext_noop("PubMed ID"),
    "accession": gettext_noop("Identifier in the source"),
    "volume": gettext_noop("Volume"),
    "issue": gettext_noop("Issue"),
    "pages": gettext_noop("Pages"),
    "first_page": gettext_noop("First page"),
    "last_page": gettext_noop("Last page"),
    "article_number": gettext_noop("Article number"),
    "keywords": gettext_noop("Keywords"),
    "type": gettext_noop("Publication type"),
    "url": gettext_noop("Link"),
    "language": gettext_noop("Language"),
    "issn": gettext_noop("ISSN or ISBN"),
    "notes": gettext_noop("Notes"),
    "decision": gettext_noop(
        "Earlier decision (of the person or tool named in the header)"
    ),
    "decision_reason": gettext_noop("Earlier reason for exclusion"),
    "label": gettext_noop("Earlier label"),
    IGNORE: gettext_noop("Leave out"),
}

Mapping = Sequence[tuple[str, str]]


def field_labels() -> dict[str, str]:
    """Return the label of each field of ``FIELDS`` in the user's language."""
    return {field: _(label) for field, label in FIELDS.items()}


@dataclass(frozen=True, slots=True)
class TableColumns:
    """The columns of a table: column numbers by field, in order of preference.

    `headers` are the names of all columns. They are all different (`names_of_columns`).
    """

    headers: tuple[str, ...]
    places: dict[str, tuple[int, ...]]
    platform: str

    @property
    def width(self) -> int:
        """Return the number of columns in the header."""
        return len(self.headers)

    def first(self, row: Sequence[str], field: str) -> str:
        """Return the first non-empty cell of a field, else ""."""
        for column in self.places.get(field, ()):
            if row[column]:
                return row[column]
        return ""

    def all(self, row: Sequence[str], field: str) -> list[str]:
        """Return every non-empty cell of a field."""
        return [row[column] for column in self.places.get(field, ()) if row[column]]

    def named(self, row: Sequence[str], field: str) -> list[tuple[str, str]]:
        """Return header and cell of every non-empty cell of a field."""
        return [
            (self.headers[column], row[column])
            for column in self.places.get(field, ())
            if row[column]
        ]

    def mapping(self) -> tuple[tuple[str, str], ...]:
        """Return header and field of every column, in their order."""
        field_of = {
            column: field for field, places in self.places.items() for column in places
        }
        return tuple(
            (header, field_of.get(column, IGNORE))
            for column, header in enumerate(self.headers)
        )


def plain_header(header: str) -> str:
    """Return a header in lower case without spaces, punctuation and accents."""
    return re.sub(r"[\W_]+", "", header.lower().replace("å", "a").replace("ä", "a"))


def names_of_columns(header: Sequence[str]) -> tuple[str, ...]:
    """Return a different name for each column: "Name", "Name (2)", "Column 3" if empty."""
    names: dict[str, None] = {}
    counts: Counter[str] = Counter()
    for number, cell in enumerate(header, 1):
        name = unique = " ".join(cell.split()) or f"Column {number}"
        while unique in names:
            counts[name] += 1
            unique = f"{name} ({counts[name] + 1})"
        names[unique] = None
    return tuple(names)


def columns_of(header: Sequence[str]) -> TableColumns | None:
    """Return the columns of a reference table's header row, None for other rows."""
    names = [plain_header(cell) for cell in header]
    found: dict[str, list[tuple[int, int]]] = {}
    present = frozenset(names)
    known = _known(present)
    platform = _platform(present)
    people = _people(names) if platform == ABSTRACKR else frozenset[int]()
    for column, name in enumerate(names):
        if column in people:
            found.setdefault("decision", []).append((0, column))
        elif name in known:
            field, rank = known[name]
            found.setdefault(field, []).append((rank, column))
    if "title" not in found or not any(field in found for field in BESIDE_TITLE):
        return None
    return TableColumns(names_of_columns(header), _in_order(found), platform)


def _platform(present: frozenset[str]) -> str:
    return next((name for name, mark in PLATFORMS if mark <= present), "")


def _people(names: Sequence[str]) -> frozenset[int]:
    """Return the columns with Abstrackr's labels: each is before a "labeled_at".

    Their names are people's names, so "an" or "note" has no other meaning here.
    """
    after = enumerate(names[1:])
    return frozenset(column for column, name in after if name == "labeledat")


def _known(present: frozenset[str]) -> dict[str, tuple[str, int]]:
    """Return field and rank by name: of the platforms with two-letter names, or of all."""
    if present >= WOS_MARK:
        return WOS_PLACE
    return OVID_PLACE if present >= OVID_MARK else PLACE


def _in_order(ranked: dict[str, list[tuple[int, int]]]) -> dict[str, tuple[int, ...]]:
    return {
        field: tuple(column for rank, column in sorted(places))
        for field, places in ranked.items()
    }


def mapped_columns(header: Sequence[str], mapping: Mapping) -> TableColumns | None:
    """Return the columns of a person's mapping, None if a mapped header is missing.

    Columns without a mapping are left out. If several columns have the same field, the
    order of preference is that of `columns_of`, after names that it does not know. The
    platform is still read from the header.
    """
    names = names_of_columns(header)
    known = _known(frozenset(map(plain_header, header)))
    column_of = {name.casefold(): column for column, name in enumerate(names)}
    places: dict[str, list[tuple[int, int]]] = {}
    for wanted, field in mapping:
        if field == IGNORE:
            continue
        column = column_of.get(" ".join(wanted.split()).casefold())
        if column is None:
            return None
        own, rank = known.get(plain_header(header[column]), ("", 0))
        rank = rank + 1 if own == field else 0
        places.setdefault(field, []).append((rank, column))
    present = frozenset(map(plain_header, header))
    platform = _platform(present)
    return TableColumns(names, _in_order(places), platform)
