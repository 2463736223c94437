"""How much each agreement or difference counts, in one table.

Points are natural logarithms of odds. They come from a logistic regression of
"one reference" on these levels over the labelled sets (weighted so that no set
rules), then evened out by hand: rounded, a missing field counts nothing, and more
agreement never counts less. docs/methods/deduplication.md tells more.
"""

from __future__ import annotations

from typing import NamedTuple


class Level(NamedTuple):
    """Points for one level of agreement, and how to say it to a person."""

    points: float
    words: str


BASE = -1.7
"""Odds before any field is looked at: most pairs that share a block are distinct."""

POINTS: dict[str, Level] = {
    "title equal": Level(3.0, "the titles are equal"),
    "title nearly": Level(1.8, "the titles are nearly equal"),
    "title close": Level(0.7, "the titles are much alike"),
    "title similar": Level(0.4, "the titles are alike"),
    "title loose": Level(0.0, "the titles are loosely alike"),
    "title other": Level(-3.4, "the titles differ"),
    "title generic": Level(-2.0, "the title is one that many items carry"),
    "title missing": Level(-0.5, "a title is missing"),
    "title contained": Level(1.3, "one title is a part of the other"),
    "words swapped": Level(-1.1, "each title has words that the other lacks"),
    "numbers differ": Level(-1.5, "the titles differ in a number"),
    "authors same": Level(1.6, "the authors are the same"),
    "authors first": Level(0.9, "the first author is the same"),
    "authors shared": Level(-0.5, "the first authors differ"),
    "authors other": Level(-1.6, "the authors differ"),
    "authors missing": Level(0.0, "authors are missing"),
    "year 0": Level(0.6, "the years are the same"),
    "year 1": Level(-1.0, "the years are one apart"),
    "year 2": Level(-1.2, "the years are two apart"),
    "year 3": Level(-1.5, "the years are three or more apart"),
    "year missing": Level(0.0, "a year is missing"),
    "journal same": Level(1.6, "the journals are the same"),
    "journal other": Level(-1.0, "the journals differ"),
    "journal missing": Level(-0.4, "a journal is missing"),
    "volume same": Level(0.4, "the volumes are the same"),
    "volume other": Level(-2.8, "the volumes differ"),
    "volume missing": Level(0.0, "a volume is missing"),
    "issue same": Level(0.3, "the issues are the same"),
    "issue other": Level(-1.2, "the issues differ"),
    "issue missing": Level(0.0, "an issue is missing"),
    "pages same": Level(2.6, "the pages are the same"),
    "pages single": Level(1.6, "the first page or article number is the same"),
    "pages from one": Level(1.0, "both begin at page 1 and end alike"),
    "pages start": Level(0.8, "the first pages are the same"),
    "pages overlap": Level(-2.0, "the pages overlap but differ"),
    "pages forms": Level(-1.5, "the pages differ in kind"),
    "pages different": Level(-2.6, "the pages differ"),
    "pages missing": Level(0.0, "pages are missing"),
    "place": Level(0.5, "journal, volume and page name one place"),
    "doi same": Level(2.3, "the DOIs are the same"),
    "doi other": Level(-1.7, "the DOIs differ"),
    "doi missing": Level(0.0, "a DOI is missing"),
    "pmid same": Level(4.0, "the PubMed numbers are the same"),
    "pmid other": Level(-2.5, "the PubMed numbers differ"),
    "pmid missing": Level(0.0, "a PubMed number is missing"),
    "abstract equal": Level(1.0, "the abstracts are the same"),
    "abstract similar": Level(0.0, "the abstracts are alike"),
    "abstract other": Level(-1.1, "the abstracts differ"),
    "abstract missing": Level(0.0, "an abstract is missing"),
}

BEST_DETAIL = sum(
    POINTS[level].points
    for level in (
        "title contained",
        "authors same",
        "journal same",
        "place",
        "abstract equal",
    )
)
"""The most that the fields which cost more to compare can add."""
