"""Which column of a table holds which field, by its name or by a person's word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .column_names import (
    ABSTRACKR,
    BESIDE_TITLE,
    OVID_MARK,
    OVID_PLACE,
    PLACE,
    PLATFORMS,
    WOS_MARK,
    WOS_PLACE,
)
from .translation import gettext as _
from .translation import gettext_noop

IGNORE = "ignore"
# What a person may say a column holds, and its label on the page in English.
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
class Columns:
    """Where the fields stand: column numbers by field, in the order of trust.

    `headers` are the names of all columns, each different (`names_of_columns`).
    """

    headers: tuple[str, ...]
    places: dict[str, tuple[int, ...]]
    platform: str

    @property
    def width(self) -> int:
        """How many columns the header has."""
        return len(self.headers)

    def first(self, row: Sequence[str], field: str) -> str:
        """The first non-empty cell for a field."""
        for column in self.places.get(field, ()):
            if row[column]:
                return row[column]
        return ""

    def all(self, row: Sequence[str], field: str) -> list[str]:
        """Every non-empty cell for a field."""
        return [row[column] for column in self.places.get(field, ()) if row[column]]

    def named(self, row: Sequence[str], field: str) -> list[tuple[str, str]]:
        """Header and cell of every non-empty cell for a field."""
        return [
            (self.headers[column], row[column])
            for column in self.places.get(field, ())
            if row[column]
        ]

    def mapping(self) -> tuple[tuple[str, str], ...]:
        """Header and field of every column, in their order."""
        field_of = {
            column: field for field, places in self.places.items() for column in places
        }
        return tuple(
            (header, field_of.get(column, IGNORE))
            for column, header in enumerate(self.headers)
        )


def plain_header(header: str) -> str:
    """A header without case, spaces, accents' dots and punctuation."""
    return re.sub(r"[\W_]+", "", header.lower().replace("å", "a").replace("ä", "a"))


def names_of_columns(header: Sequence[str]) -> tuple[str, ...]:
    """A different name for each column: "Name", "Name (2)"; "Column 3" for an empty one."""
    names: dict[str, None] = {}
    counts: Counter[str] = Counter()
    for number, cell in enumerate(header, 1):
        name = unique = " ".join(cell.split()) or f"Column {number}"
        while unique in names:
            counts[name] += 1
            unique = f"{name} ({counts[name] + 1})"
        names[unique] = None
    return tuple(names)


def columns_of(header: Sequence[str]) -> Columns | None:
    """The columns a header row announces, None when it is no header of references."""
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
    return Columns(names_of_columns(header), _in_order(found), platform)


def _platform(present: frozenset[str]) -> str:
    return next((name for name, mark in PLATFORMS if mark <= present), "")


def _people(names: Sequence[str]) -> frozenset[int]:
    """The columns of Abstrackr's labels: each stands before a "labeled_at".

    Their names are people's, so that "an" or "note" is nothing else here.
    """
    after = enumerate(names[1:])
    return frozenset(column for column, name in after if name == "labeledat")


def _known(present: frozenset[str]) -> dict[str, tuple[str, int]]:
    """Field and rank by name, of the platforms that use two letters, or of all."""
    if present >= WOS_MARK:
        return WOS_PLACE
    return OVID_PLACE if present >= OVID_MARK else PLACE


def _in_order(ranked: dict[str, list[tuple[int, int]]]) -> dict[str, tuple[int, ...]]:
    return {
        field: tuple(column for rank, column in sorted(places))
        for field, places in ranked.items()
    }


def mapped_columns(header: Sequence[str], mapping: Mapping) -> Columns | None:
    """The columns as a person named them, None when this row lacks one of the headers.

    Columns that the mapping does not name are left out. Of several columns for one
    field, the order of trust is that of `columns_of`, with names unknown to it first.
    The platform is still told by the header.
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
    return Columns(names, _in_order(places), platform)


def lacking(mapping: Mapping) -> bool:
    """True when a mapping names no column that could identify a reference."""
    telling = {"title", "authors", "doi", "pmid", "accession", "abstract"}
    return not any(field in telling for header, field in mapping)
