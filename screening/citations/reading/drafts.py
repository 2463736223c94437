"""Fast construction of citations, for the readers of large files.

A frozen dataclass sets each field with a separate call, which takes longer than most of
the reading. A `CitationDraft` has the same slots and is filled by plain assignment.
`done` turns it into a `Citation`.
"""

from __future__ import annotations

from typing import cast

from screening.citations.citation import Citation


class CitationDraft:
    """A citation that is being filled.

    Its values have the form that `Citation` describes.
    """

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
    notices: tuple[tuple[str, str], ...]

    def __init__(self, raw: str, line: int) -> None:
        self.raw = raw
        self.line = line
        self.member = ""
        self.notices = ()
        self.prior_decisions = self.prior_labels = self.prior_reasons = ()

    def done(self) -> Citation:
        """Return the citation.

        Every field must have been set; none may be set afterwards.
        """
        self.__class__ = Citation  # type: ignore[assignment]
        return cast(Citation, self)
