"""Citations made quickly, for the readers of large files.

A frozen dataclass sets each of its fields with a call of its own; making one takes
longer than most of the reading before it. A `Draft` has the same slots, is filled by
plain assignment, and `done` hands it over as the `Citation` it then is.
"""

from __future__ import annotations

from typing import cast

from .citation import Citation


class Draft:
    """A citation that is being filled; all values as `Citation` promises them."""

    __slots__ = Citation.__slots__

    title: str
    authors: tuple[str, ...]
    year: int | None
    journal: str
    volume: str
    issue: str
    pages: str
    doi: str
    pmid: str
    accession: str
    abstract: str
    keywords: tuple[str, ...]
    type: str
    url: str
    language: str
    issn: str
    notes: str
    raw: str
    line: int
    member: str
    prior_decisions: tuple[tuple[str, str], ...]
    prior_labels: tuple[str, ...]
    prior_reasons: tuple[str, ...]

    def __init__(self, raw: str, line: int) -> None:
        self.raw = raw
        self.line = line
        self.member = ""
        self.prior_decisions = self.prior_labels = self.prior_reasons = ()

    def done(self) -> Citation:
        """The citation; every field must have been set, and none is after this."""
        self.__class__ = Citation  # type: ignore[assignment]
        return cast(Citation, self)
