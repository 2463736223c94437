"""One bibliographic reference as deduplication reads it."""

from __future__ import annotations

from dataclasses import dataclass

RecordId = int | str
"""The identity of a record: a database key or the text id of a file."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The fields of a record as exported. All except ``id`` can be empty.

    ``authors`` is a tuple of "Family, Given" (our importers) or one string in any form
    that exports use. ``arm`` separates databases and registers from other methods.
    ``priority`` decides which record of a cluster is kept: the lowest.
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
    """Return a sort key for ids: numbers by value, then texts by letters."""
    if isinstance(identity, int):
        return (0, identity, "")
    return (1, 0, identity)
