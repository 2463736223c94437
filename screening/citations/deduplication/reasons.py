"""Reasons: the evidence for and against a match, in words.

The trees give the score. Here the same comparisons are described in words, the
strongest first. Weights are natural logarithms of odds from a logistic regression on
these levels over the labelled sets, rounded. They only order the reasons.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from screening.citations.deduplication.cleaning import Cleaned
from screening.citations.deduplication.evidence import Evidence, PageMatch, has_digit
from screening.citations.translation import gettext_noop

LOOSE_TITLE = 60
"""Less similar titles differ."""


class AgreementLevel(NamedTuple):
    """Weight of one level of agreement, and its description."""

    weight: float
    words: str


LEVELS: dict[str, AgreementLevel] = {
    "title equal": AgreementLevel(3.0, gettext_noop("the titles are identical")),
    "title nearly": AgreementLevel(
        1.8, gettext_noop("the titles are almost identical")
    ),
    "title close": AgreementLevel(0.7, gettext_noop("the titles are very similar")),
    "title similar": AgreementLevel(0.4, gettext_noop("the titles are similar")),
    "title loose": AgreementLevel(0.0, gettext_noop("the titles are somewhat similar")),
    "title other": AgreementLevel(-3.4, gettext_noop("the titles differ")),
    "title generic": AgreementLevel(
        -2.0, gettext_noop("the title is too general to identify an item")
    ),
    "title missing": AgreementLevel(-0.5, gettext_noop("a title is missing")),
    "title contained": AgreementLevel(
        1.3, gettext_noop("one title is part of the other")
    ),
    "words swapped": AgreementLevel(
        -1.1, gettext_noop("each title has words that the other does not have")
    ),
    "numbers differ": AgreementLevel(
        -1.5, gettext_noop("a number in the titles differs")
    ),
    "authors same": AgreementLevel(1.6, gettext_noop("the authors are the same")),
    "authors first": AgreementLevel(0.9, gettext_noop("the first author is the same")),
    "authors shared": AgreementLevel(-0.5, gettext_noop("the first authors differ")),
    "authors other": AgreementLevel(-1.6, gettext_noop("the authors differ")),
    "authors missing": AgreementLevel(0.0, gettext_noop("authors are missing")),
    "year 0": AgreementLevel(0.6, gettext_noop("the years are the same")),
    "year 1": AgreementLevel(-1.0, gettext_noop("the years differ by one")),
    "year 2": AgreementLevel(-1.2, gettext_noop("the years differ by two")),
    "year 3": AgreementLevel(-1.5, gettext_noop("the years differ by three or more")),
    "year missing": AgreementLevel(0.0, gettext_noop("a year is missing")),
    "journal same": AgreementLevel(1.6, gettext_noop("the journals are the same")),
    "journal other": AgreementLevel(-1.0, gettext_noop("the journals differ")),
    "journal missing": AgreementLevel(-0.4, gettext_noop("a journal is missing")),
    "volume same": AgreementLevel(0.4, gettext_noop("the volumes are the same")),
    "volume other": AgreementLevel(-2.8, gettext_noop("the volumes differ")),
    "volume missing": AgreementLevel(0.0, gettext_noop("a volume is missing")),
    "issue same": AgreementLevel(0.3, gettext_noop("the issues are the same")),
    "issue other": AgreementLevel(-1.2, gettext_noop("the issues differ")),
    "issue missing": AgreementLevel(0.0, gettext_noop("an issue is missing")),
    "pages same": AgreementLevel(2.6, gettext_noop("the pages are the same")),
    "pages single": AgreementLevel(
        1.6, gettext_noop("the first page or article number is the same")
    ),
    "pages from one": AgreementLevel(
        1.0, gettext_noop("both start at page 1 and end on the same page")
    ),
    "pages start": AgreementLevel(0.8, gettext_noop("the first pages are the same")),
    "pages overlap": AgreementLevel(-2.0, gettext_noop("the pages overlap but differ")),
    "pages forms": AgreementLevel(
        -1.5, gettext_noop("the page numbers have different forms")
    ),
    "pages different": AgreementLevel(-2.6, gettext_noop("the pages differ")),
    "pages missing": AgreementLevel(0.0, gettext_noop("pages are missing")),
    "place": AgreementLevel(0.5, gettext_noop("journal, volume and page are the same")),
    "doi same": AgreementLevel(2.3, gettext_noop("the DOIs are the same")),
    "doi other": AgreementLevel(-1.7, gettext_noop("the DOIs differ")),
    "doi missing": AgreementLevel(0.0, gettext_noop("a DOI is missing")),
    "pmid same": AgreementLevel(4.0, gettext_noop("the PubMed IDs are the same")),
    "pmid other": AgreementLevel(-2.5, gettext_noop("the PubMed IDs differ")),
    "pmid missing": AgreementLevel(0.0, gettext_noop("a PubMed ID is missing")),
    "abstract equal": AgreementLevel(1.0, gettext_noop("the abstracts are the same")),
    "abstract similar": AgreementLevel(0.0, gettext_noop("the abstracts are similar")),
    "abstract other": AgreementLevel(-1.1, gettext_noop("the abstracts differ")),
    "abstract missing": AgreementLevel(0.0, gettext_noop("an abstract is missing")),
}


def match_reasons(
    a: Cleaned, b: Cleaned, evidence: Evidence
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the reasons for and against a match."""
    found = sorted(
        (LEVELS[name] for name in agreement_levels(a, b, evidence)),
        key=lambda v: -abs(v.weight),
    )
    return (
        tuple(level.words for level in found if level.weight > 0),
        tuple(level.words for level in found if level.weight < 0),
    )


def agreement_levels(a: Cleaned, b: Cleaned, evidence: Evidence) -> Iterator[str]:
    """Yield levels of agreement, as keys of ``LEVELS``."""
    yield _title_level(a, b, evidence.title)
    gap = evidence.year_gap
    yield "year missing" if gap is None else f"year {min(gap, 3)}"
    yield _three("volume", evidence.volume)
    yield _three("issue", evidence.issue)
    yield _page_level(a, evidence)
    yield _three("doi", evidence.doi)
    yield _three("pmid", evidence.pmid)
    if evidence.contained and evidence.title < 95:
        yield "title contained"
    if 60 <= evidence.title < 100:
        if evidence.only_a and evidence.only_b:
            yield "words swapped"
        if has_digit(evidence.only_a + evidence.only_b):
            yield "numbers differ"
    yield _author_level(evidence)
    yield _three("journal", evidence.journal)
    placed = evidence.pages >= PageMatch.START and evidence.volume
    pages = a.pages or b.pages
    if placed and evidence.journal is not False and pages and pages.first > 1:
        yield "place"
    yield _abstract_level(evidence.abstract)


_TITLE_STEPS = (
    ("nearly", 95), ("close", 88), ("similar", 75), ("loose", LOOSE_TITLE), ("other", 0),
)  # fmt: skip


def _title_level(a: Cleaned, b: Cleaned, likeness: float) -> str:
    if likeness == 100:
        generic = "generic" in a.flags or "generic" in b.flags
        return "title generic" if generic else "title equal"
    found = (step for step, least in _TITLE_STEPS if likeness >= least)
    return "title " + next(found, "missing")


def _author_level(evidence: Evidence) -> str:
    if evidence.first_author is None:
        return "authors missing"
    if evidence.first_author:
        return "authors same" if evidence.authors >= 0.6 else "authors first"
    return "authors shared" if evidence.authors >= 0.6 else "authors other"


def _page_level(a: Cleaned, evidence: Evidence) -> str:
    if evidence.pages == PageMatch.SAME and a.pages:
        if a.pages.first == 1:
            return "pages from one"
        if a.pages.first == a.pages.last:
            return "pages single"
    return f"pages {evidence.pages.name.lower()}"


def _three(name: str, agree: bool | None) -> str:
    if agree is None:
        return f"{name} missing"
    return f"{name} same" if agree else f"{name} other"


def _abstract_level(likeness: float) -> str:
    steps = (("equal", 92), ("similar", 70), ("other", 0))
    return "abstract " + next((s for s, least in steps if likeness >= least), "missing")
