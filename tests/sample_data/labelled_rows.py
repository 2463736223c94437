"""Records of the labelled set, in the forms in which databases print a work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.source_variants import (
    family_and_given,
    initials,
    title_case,
    without_accents,
)
from reviewapp.demo.work import Work

ABSTRACT_LETTERS = 260


@dataclass(frozen=True, slots=True)
class Row:
    """A record of the set; records of a group with the same ``one`` are one work."""

    one: int
    title: str
    authors: str
    year: int
    journal: str
    volume: str
    issue: str
    pages: str
    doi: str
    abstract: str
    pmid: str
    issn: str


Group = list[Row]


def printed(work: Work, chance: SeededRandom, one: int = 0, **changes: Any) -> Row:
    """Return the work in a random form that a database could print."""
    row = Row(
        one=one,
        title=_title(work, chance),
        authors=_authors(work, chance),
        year=work.year,
        journal=_journal(work, chance),
        volume=work.volume,
        issue="" if chance.hit(0.15) else work.issue,
        pages=_pages(work, chance),
        doi=_doi(work.doi, chance),
        abstract=work.abstract[:ABSTRACT_LETTERS] if chance.hit(0.5) else "",
        pmid=work.pmid if chance.hit(0.4) else "",
        issn=work.issn if chance.hit(0.6) else "",
    )
    return replace(row, **changes)


def _title(work: Work, chance: SeededRandom) -> str:
    forms: tuple[Callable[[str], str], ...] = (
        lambda t: t,
        lambda t: t if t.endswith("?") else f"{t}.",
        title_case,
        str.upper,
        without_accents,
        lambda t: t.replace(": ", " : ", 1),
        lambda t: t.replace(": ", " - ", 1),
        lambda t: t.replace(" and ", " &amp; ", 1),
    )
    return chance.weighted(forms, (30, 20, 10, 6, 10, 5, 4, 3))(work.title)


def _authors(work: Work, chance: SeededRandom) -> str:
    people = [family_and_given(name) for name in work.authors]
    forms: tuple[Callable[[], str], ...] = (
        lambda: " and ".join(f"{f}, {initials(g)}" for f, g in people),
        lambda: " and ".join(f"{f}, {g}" for f, g in people),
        lambda: "; ".join(f"{f} {initials(g, '')}" for f, g in people),
        lambda: ", ".join(f"{without_accents(f)} {initials(g, '')}" for f, g in people),
        # Without separators.
        lambda: "".join(f"{f} {initials(g)}" for f, g in people),
    )
    return chance.weighted(forms, (40, 20, 15, 15, 10))()


def _journal(work: Work, chance: SeededRandom) -> str:
    forms = (
        work.journal,
        work.abbreviation,
        work.journal.upper(),
        work.journal.replace(" and ", " & "),
        " ".join(f"{w}." for w in work.abbreviation.split()),
    )
    return chance.weighted(forms, (50, 20, 10, 10, 10))


def _pages(work: Work, chance: SeededRandom) -> str:
    first, last = work.first_page, work.last_page
    if not last:
        return first
    forms = (
        f"{first}-{last}",
        f"{first}-{_short(first, last)}",
        first,
        f"{first}–{last}",
    )
    return chance.weighted(forms, (60, 25, 8, 7))


def _short(first: str, last: str) -> str:
    """Return the last page without the digits it shares with the first."""
    if len(first) != len(last):
        return last
    same = next(i for i in range(len(first)) if first[i] != last[i])
    return last[same:]


def _doi(doi: str, chance: SeededRandom) -> str:
    if not doi or chance.hit(0.3):
        return ""
    forms = (doi, doi.upper(), f"https://doi.org/{doi}", f"doi:{doi}")
    return chance.weighted(forms, (70, 10, 12, 8))


def some(work: Work, chance: SeededRandom, most: int = 4) -> Group:
    """Return two records or more of one work."""
    number = chance.weighted(range(2, most + 1), (60, 30, 10)[: most - 1])
    return [printed(work, chance) for _ in range(number)]


def with_pages(work: Work) -> Work:
    """Give pages to a work that has an article number."""
    if work.last_page:
        return work
    first = 100 + work.number % 800
    return replace(work, first_page=str(first), last_page=str(first + 9))
