"""Evidence: what two references have in common, field by field."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from screening.citations.deduplication.cleaning import Cleaned
from screening.citations.deduplication.identifiers import doi_work
from screening.citations.deduplication.journals import same_journal
from screening.citations.deduplication.locators import Pages


class PageMatch(IntEnum):
    """Agreement of two page fields. MISSING: no evidence. FORMS: not comparable."""

    DIFFERENT = 0
    MISSING = 1
    FORMS = 2
    OVERLAP = 3
    START = 4
    SAME = 5


class Evidence(NamedTuple):
    """Agreement of each field: True, False, or None if one reference lacks it.

    ``title`` and ``abstract`` are similarities from 0 to 100 (-1: missing in one).
    ``authors`` is the share of the shorter surname list that is in the other (-1:
    missing). ``only_a`` and ``only_b`` are title words without an equal word in the
    other title.
    """

    title: float
    year_gap: int | None
    volume: bool | None
    issue: bool | None
    pages: PageMatch
    doi: bool | None
    pmid: bool | None
    contained: bool
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    first_author: bool | None
    authors: float
    journal: bool | None
    abstract: float


def compare_references(a: Cleaned, b: Cleaned) -> Evidence:
    """Compare two cleaned references field by field."""
    one, other = a.letters, b.letters
    title = title_likeness(one, other)
    differs = 0 <= title < 100
    only_a, only_b = _unmatched_words(a, b, one, other) if differs else ((), ())
    abstracts = a.abstract and b.abstract
    as_issue = _page_as_issue(a, b) or _page_as_issue(b, a)
    return Evidence(
        title=title,
        year_gap=abs(a.year - b.year) if a.year and b.year else None,
        volume=_volume(a, b),
        issue=None if as_issue else _meet(a.issues, b.issues),
        pages=PageMatch.START if as_issue else page_match(a.pages, b.pages),
        doi=same_doi(a, b),
        pmid=a.pmid == b.pmid if a.pmid and b.pmid else None,
        contained=differs and _contained(one, other),
        only_a=only_a,
        only_b=only_b,
        first_author=_first_author(a.surnames, b.surnames),
        authors=_shared_authors(a.surnames, b.surnames),
        journal=_journal(a, b),
        abstract=fuzz.ratio(a.abstract, b.abstract) if abstracts else -1,
    )


def same_doi(a: Cleaned, b: Cleaned) -> bool | None:
    """Return True if the DOIs name one work, None if either is missing."""
    return doi_work(a.doi) == doi_work(b.doi) if a.doi and b.doi else None


def same_place(a: Cleaned, b: Cleaned) -> bool:
    """Return True if volume and first page are known and equal."""
    return bool(_volume(a, b)) and page_match(a.pages, b.pages) >= PageMatch.START


def title_likeness(a: str, b: str) -> float:
    """Return the similarity of two titles from 0 to 100, -1 if one is missing."""
    if not a or not b:
        return -1
    return 100 if a == b else min(99.9, fuzz.ratio(a, b))


def _contained(a: str, b: str) -> bool:
    """Return True if the shorter title is part of the longer one."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    return len(short) >= 15 and (
        short in long or fuzz.partial_ratio(short, long, score_cutoff=95) > 0
    )


def _unmatched_words(
    a: Cleaned, b: Cleaned, a_letters: str, b_letters: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    only_a = [w for w in a.words if w not in b_letters]
    only_b = [w for w in b.words if w not in a_letters]
    if not only_a or not only_b:
        return tuple(only_a), tuple(only_b)
    rest_b = list(only_b)
    rest_a = []
    for word in only_a:
        partner = next((w for w in rest_b if same_word(word, w)), None)
        if partner is None:
            rest_a.append(word)
        else:
            rest_b.remove(partner)
    return tuple(rest_a), tuple(rest_b)


OPPOSITES = (
    ("hyper", "hypo"),
    ("pre", "post"),
    ("intra", "inter"),
    ("in", "ex"),
    ("macro", "micro"),
)
"""Prefixes with opposite meanings."""


_DIGIT = re.compile(r"\d")


def has_digit(words: tuple[str, ...]) -> bool:
    """Return True if any of the words has a digit."""
    return bool(words) and _DIGIT.search("".join(words)) is not None


def same_word(a: str, b: str) -> bool:
    """Return True if two words differ only in spelling or by one wrong letter."""
    if a[0] != b[0] or abs(len(a) - len(b)) > 3:
        return False
    if a.isdecimal() or b.isdecimal() or len(a) < 4 or len(b) < 4:
        return a == b
    if not (a.startswith(b) or b.startswith(a) or fuzz.ratio(a, b) >= 83):
        return False
    return not any(
        (a.startswith(x) and b.startswith(y)) or (a.startswith(y) and b.startswith(x))
        for x, y in OPPOSITES
    )


def same_name(a: str, b: str) -> bool:
    """Return True if two folded surnames may be the same: equal, cut, or nearly equal."""
    if a == b:
        return True
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if len(short) >= 4 and (long.startswith(short) or long.endswith(short)):
        return True
    return a[0] == b[0] and JaroWinkler.similarity(a, b) >= 0.92


def _first_author(a: tuple[str, ...], b: tuple[str, ...]) -> bool | None:
    if not a or not b:
        return None
    return same_name(a[0], b[0])


def _shared_authors(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    if not a or not b:
        return -1
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    others = set(long)
    rest = [name for name in short if name not in others]
    if len(rest) <= 0.4 * len(short):
        return 1 - len(rest) / len(short)
    unmet = sum(not any(same_name(name, other) for other in long) for name in rest)
    return 1 - unmet / len(short)


def _journal(a: Cleaned, b: Cleaned) -> bool | None:
    if a.issns & b.issns or a.isbns & b.isbns:
        return True
    return same_journal(a.journal, b.journal)


def _meet(a: frozenset[int], b: frozenset[int]) -> bool | None:
    return bool(a & b) if a and b else None


def _page_as_issue(a: Cleaned, b: Cleaned) -> bool:
    """Return True if the article number is the page of one and the issue of the other."""
    return bool(
        a.pages and not b.pages and a.pages.first > 31 and a.pages.first in b.issues
    )


def _volume(a: Cleaned, b: Cleaned) -> bool | None:
    met = _meet(a.volumes, b.volumes)
    if met is not False:
        return met
    # "64 (Suppl 1)" is also exported as volume 1. The volume is then unknown.
    swapped = a.volumes & b.issues or b.volumes & a.issues
    return None if swapped or _in_press(a) != _in_press(b) else False


def _in_press(r: Cleaned) -> bool:
    """Return True if the volume may be the day of publication ahead of print.

    "(2019) 13 Sep" of an article in press is exported as volume 13 without issue and
    pages.
    """
    return not r.issues and not r.pages and len(r.volumes) == 1 and max(r.volumes) <= 31


def page_match(a: Pages | None, b: Pages | None) -> PageMatch:
    """Return the agreement of two page fields."""
    if a is None or b is None:
        return PageMatch.MISSING
    if a.first == b.first:
        if a.last == b.last:
            return PageMatch.SAME
        # Every electronic paper starts at its own page 1.
        return PageMatch.FORMS if a.first == 1 else PageMatch.START
    if a.firsts & b.firsts:
        return PageMatch.START
    if a.article != b.article or 1 in (a.first, b.first) or a.last == b.last:
        return PageMatch.FORMS
    if a.first == b.last or b.first == a.last:
        # The next item begins on the page on which this one ends.
        return PageMatch.DIFFERENT
    if a.first <= b.last and b.first <= a.last:
        return PageMatch.OVERLAP
    return PageMatch.DIFFERENT
