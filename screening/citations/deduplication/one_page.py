"""Vetoes for items on one page: meeting abstracts and letters of one journal."""

from __future__ import annotations

from screening.citations.deduplication.cleaning import Cleaned
from screening.citations.deduplication.evidence import Evidence, PageMatch
from screening.citations.deduplication.identifiers import doi_journal
from screening.citations.deduplication.item_numbers import other_item
from screening.citations.deduplication.pair_checks import (
    SAME_ABSTRACT,
    Veto,
    same_review,
)
from screening.citations.deduplication.replaced_words import replaced_words
from screening.citations.translation import gettext_noop


def other_items(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for the numbers of two meeting abstracts in the titles."""
    if not other_item(a.item, b.item) or evidence.abstract >= SAME_ABSTRACT:
        return None
    if _own_pages(a, b, evidence):
        return None
    return Veto("ask", gettext_noop("the numbers of the items differ"))


def replaced_word(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for a word that replaces another, even on one page.

    One page has several meeting abstracts, and their DOI is often that of the
    supplement. A paper of several pages has them to itself: there the words are two
    translations, or a slip.
    """
    if not 60 <= evidence.title < 100 or evidence.abstract >= SAME_ABSTRACT:
        return None
    on_one_page = evidence.pages >= PageMatch.START
    nowhere = evidence.pages == PageMatch.MISSING and (evidence.doi or evidence.pmid)
    if not (on_one_page or nowhere) or _own_pages(a, b, evidence) or same_review(a, b):
        return None
    if replaced_words(a.title, b.title):
        return Veto("ask", gettext_noop("a word in the titles differs"))
    return None


def _own_pages(a: Cleaned, b: Cleaned, evidence: Evidence) -> bool:
    """Return True if both have the same pages, and no other item can be on them.

    These are three pages or more, or an electronic number.
    """
    pages = a.pages
    if pages is None or evidence.pages != PageMatch.SAME or evidence.volume is False:
        return False
    return pages.last - pages.first >= 2 or (pages.letters == "e" and pages.article)


def _same_range(a: Cleaned, evidence: Evidence) -> bool:
    """Return True if both have the same two pages or more of one volume."""
    pages = a.pages
    several = pages is not None and pages.last > pages.first
    return several and evidence.pages == PageMatch.SAME and bool(evidence.volume)


def two_dois(a: Cleaned, b: Cleaned, evidence: Evidence) -> Veto | None:
    """Return a veto for two DOIs that one journal gave.

    The DOI of an archive has another prefix than that of the publisher. A DOI is
    mistyped or given again if the two have one title and author, and a range of pages
    or an abstract in common.
    """
    if evidence.doi is not False or evidence.journal is False:
        return None
    if doi_journal(a.doi) != doi_journal(b.doi):
        return None
    one_text = evidence.abstract >= SAME_ABSTRACT and evidence.pages >= PageMatch.START
    one_range = evidence.title == 100 and _same_range(a, evidence)
    if (
        evidence.title >= 95
        and evidence.first_author is not False
        and not other_item(a.item, b.item)
        and (_own_pages(a, b, evidence) or one_range or one_text)
    ):
        return None
    return Veto("ask", gettext_noop("two DOIs of one journal"))
