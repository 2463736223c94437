"""Checks of a pair that several vetoes and match rules share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from screening.citations.deduplication.cleaning import Cleaned
from screening.citations.deduplication.evidence import Evidence, PageMatch

Doubt = Literal["ask", "different", "never"]


@dataclass(frozen=True, slots=True)
class Veto:
    """The best answer that remains possible, and the reason."""

    doubt: Doubt
    words: str


def same_review(a: Cleaned, b: Cleaned) -> bool:
    """Return True if both are versions of one living review, by number or by title."""
    if a.cochrane and b.cochrane:
        return a.cochrane == b.cochrane
    both = a.flags & b.flags
    return a.title == b.title and ("cochrane" in both or "living" in both)


def only_one_has(a: Cleaned, b: Cleaned, *flags: str) -> bool:
    return any((flag in a.flags) != (flag in b.flags) for flag in flags)


def same_print_place(evidence: Evidence) -> bool:
    """Return True if journal, volume and first page agree as far as they are known.

    Two forms of a journal's name need not be similar: pages, volume and first author
    hardly ever agree by chance.
    """
    if evidence.pages < PageMatch.START or evidence.volume is False:
        return False
    all_else = (
        evidence.pages == PageMatch.SAME and evidence.volume and evidence.first_author
    )
    return evidence.journal is not False or bool(all_else)


def same_own_doi(a: Cleaned, b: Cleaned, evidence: Evidence) -> bool:
    """Return True if an equal DOI is the item's own.

    A supplement's DOI may be the issue's.
    """
    issue_wide = "supplement" in a.flags & b.flags and evidence.title < 100
    return bool(evidence.doi) and not issue_wide


SAME_ABSTRACT = 92
"""Abstracts at least so similar are one text."""


def one_text_in_one_volume(a: Cleaned, b: Cleaned, evidence: Evidence) -> bool:
    """Return True if title, abstract, authors and volume agree, whatever the pages.

    A page is then mistyped. A congress may print one abstract twice in a volume.
    """
    return (
        evidence.title == 100
        and evidence.abstract >= 95
        and bool(evidence.first_author and evidence.journal and evidence.volume)
        and evidence.authors >= 0.9
        and False not in (evidence.issue, evidence.doi, evidence.pmid)
        and (evidence.year_gap or 0) <= 1
        and "supplement" not in a.flags | b.flags
    )
