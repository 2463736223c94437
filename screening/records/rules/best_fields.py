"""Which copy's value is shown for each field of a record that was found several times.

Own rules, made for reading: the kept record speaks unless another copy plainly says
more. Values are taken over whole, never joined or changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reviewapp.core.lib.translation import gettext_noop

FIELDS: dict[str, str] = {
    "title": gettext_noop("Title"),
    "authors": gettext_noop("Authors"),
    "year": gettext_noop("Year"),
    "journal": gettext_noop("Journal"),
    "volume": gettext_noop("Volume"),
    "issue": gettext_noop("Issue"),
    "pages": gettext_noop("Pages"),
    "doi": gettext_noop("DOI"),
    "pmid": gettext_noop("PMID"),
    "issn": gettext_noop("ISSN, ISBN"),
    "type": gettext_noop("Type"),
    "language": gettext_noop("Language"),
    "url": gettext_noop("Web address"),
    "keywords": gettext_noop("Keywords"),
    "abstract": gettext_noop("Abstract"),
}
"""The fields that may be taken from a copy, with their names, in reading order."""

RULES: dict[str, str] = {
    "title": gettext_noop(
        "the title of the kept record, unless it is empty or in capitals"
    ),
    "authors": gettext_noop("the longest list, then the list with the fullest names"),
    "journal": gettext_noop("the longest name"),
    "volume": gettext_noop(
        "together with issue and pages, from the most complete record"
    ),
    "issue": gettext_noop(
        "together with volume and pages, from the most complete record"
    ),
    "pages": gettext_noop(
        "together with volume and issue, from the most complete record"
    ),
    "keywords": gettext_noop("the longest list"),
    "abstract": gettext_noop("the longest abstract"),
}
"""The rule of each field in words; the others take the first that is not empty."""
FIRST = gettext_noop("the value of the kept record, or else the first value found")

PLACE = ("volume", "issue", "pages")
Values = Mapping[str, Any]


def best_values(copies: Sequence[Values]) -> dict[str, int]:
    """For each field the place of the copy whose value is shown; the kept one is 0.

    A field that no copy gives is the kept record's. Of equals the earlier wins.
    """
    chosen = {field: _first(copies, field) for field in FIELDS}
    chosen["title"] = _title(copies)
    chosen["authors"] = _most(
        copies, lambda c: (len(c["authors"]), sum(map(len, c["authors"])))
    )
    chosen["journal"] = _most(copies, lambda c: len(c["journal"]))
    chosen["keywords"] = _most(copies, lambda c: len(c["keywords"]))
    chosen["abstract"] = _most(copies, lambda c: len(c["abstract"]))
    place = _most(copies, lambda c: sum(bool(c[field]) for field in PLACE))
    return chosen | dict.fromkeys(PLACE, place)


def _first(copies: Sequence[Values], field: str) -> int:
    return next((n for n, copy in enumerate(copies) if copy[field]), 0)


def _title(copies: Sequence[Values]) -> int:
    plain = (n for n, copy in enumerate(copies) if copy["title"] and not _shouts(copy))
    return next(plain, _first(copies, "title"))


def _shouts(copy: Values) -> bool:
    title: str = copy["title"]
    return title.isupper() and len(title.split()) > 1


def _most(copies: Sequence[Values], weight: Any) -> int:
    return max(range(len(copies)), key=lambda n: (weight(copies[n]), -n))
