"""One bibliographic reference as deduplication reads it."""

from __future__ import annotations

from dataclasses import dataclass

RecordId = int | str
"""A record's identity: a database key or the text id of a file."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A record's fields as exported; every one but ``id`` may be empty.

    ``authors`` is a tuple of "Family, Given" (our importers) or one string in any
    of the forms exports use. ``arm`` tells databases and registers from other
    methods. ``priority`` decides which record of a cluster is kept: lower first.
    """

    id: RecordId
    title: str = ""
    authors: tuple[str, ...] | str = ()
    year: int | str | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    abstract: str = ""
    isbn: str = ""
    issn: str = ""
    pmid: str = ""
    source: str = ""
    arm: str = ""
    priority: int = 0


def id_order(identity: RecordId) -> tuple[int, int, str]:
    """Sort key for ids: numbers by value, then texts by letters."""
    if isinstance(identity, int):
        return (0, identity, "")
    return (1, 0, identity)
