"""Are two references one? Same, different, or a question for a person.

Evidence is added up as points (natural logarithms of odds): each field says for or
against, by how much stands in ``points``. Signs that two look-alikes are distinct
works are vetoes: they turn a merge into a question or into "different", never the
other way round. Losing a study costs far more than reading one twice, so "same"
needs much.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp
from typing import Literal

from screening.records.rules.cleaning import Cleaned
from screening.records.rules.evidence import (
    Evidence,
    Outline,
    PageMatch,
    compare,
    outline,
)
from screening.records.rules.points import BASE, BEST_DETAIL, POINTS
from screening.records.rules.reference import id_order
from screening.records.rules.vetoes import Veto, veto

Answer = Literal["same", "different", "ask"]
SAME_FROM = 0.90
"""Score from which two references are one without asking a person."""
ASK_FROM = 0.30
"""Score from which a person is asked."""
CONTRADICTED = 0.05
"""Two references with a lower score never end in one cluster by way of others."""
NOTHING_IN_COMMON = 0.2
"""Highest score of two references that only share a block."""
HOPELESS_TITLE = 60
"""Titles less alike than this need an equal DOI, page or abstract to be looked at."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer, its score from 0 to 1, and what spoke for and against, in words."""

    answer: Answer
    score: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


def judge(a: Cleaned, b: Cleaned) -> Judgement:
    """Judge one pair; the order of the two does not matter."""
    if id_order(b.id) < id_order(a.id):
        a, b = b, a
    brief = outline(a, b)
    found = outline_levels(a, b, brief)
    at_best = _probability(BASE + _sum(found) + BEST_DETAIL)
    if at_best < CONTRADICTED or _hopeless(a, b, brief):
        return _judgement(min(at_best, NOTHING_IN_COMMON), found, None)
    seen = compare(a, b, brief)
    found += tuple(detail_levels(a, b, seen))
    return _judgement(_probability(BASE + _sum(found)), found, veto(a, b, seen))


def _judgement(score: float, found: tuple[str, ...], refusal: Veto | None) -> Judgement:
    """The answer with its reasons, the weightiest first."""
    if refusal:
        score = min(score, refusal.most)
    weighed = sorted((POINTS[level] for level in found), key=lambda p: -abs(p.points))
    against = tuple(level.words for level in weighed if level.points < 0)
    return Judgement(
        "same" if score >= SAME_FROM else "ask" if score >= ASK_FROM else "different",
        score,
        tuple(level.words for level in weighed if level.points > 0),
        (refusal.words, *against) if refusal else against,
    )


def _sum(found: tuple[str, ...]) -> float:
    return sum(POINTS[level].points for level in found)


def _probability(points: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, points))))


def _hopeless(a: Cleaned, b: Cleaned, seen: Outline) -> bool:
    """Other titles and no shared DOI, place or abstract: they only share a block."""
    if not 0 <= seen.title < HOPELESS_TITLE or seen.doi or seen.pmid:
        return False
    if seen.pages >= PageMatch.START and seen.volume:
        return False
    if a.abstract and a.abstract[:40] == b.abstract[:40]:
        return False
    return a.letters not in b.letters and b.letters not in a.letters


def outline_levels(a: Cleaned, b: Cleaned, seen: Outline) -> tuple[str, ...]:
    """Levels of agreement of the short fields, as keys into ``POINTS``."""
    return (
        _title_level(a, b, seen.title),
        "year missing" if seen.year_gap is None else f"year {min(seen.year_gap, 3)}",
        _three("volume", seen.volume),
        _three("issue", seen.issue),
        _page_level(a, seen),
        _three("doi", seen.doi),
        _three("pmid", seen.pmid),
    )


def detail_levels(a: Cleaned, b: Cleaned, seen: Evidence) -> Iterator[str]:
    """Levels of what costs more to compare."""
    if seen.contained and seen.title < 95:
        yield "title contained"
    if 60 <= seen.title < 100:
        if seen.only_a and seen.only_b:
            yield "words swapped"
        if _numbers(seen.only_a) or _numbers(seen.only_b):
            yield "numbers differ"
    yield _author_level(seen)
    yield _three("journal", seen.journal)
    placed = seen.pages >= PageMatch.START and seen.volume
    if placed and seen.journal is not False and a.pages and a.pages.first > 1:
        yield "place"
    yield _abstract_level(seen.abstract)


_TITLE_STEPS = (
    ("nearly", 95), ("close", 88), ("similar", 75), ("loose", HOPELESS_TITLE), ("other", 0),
)  # fmt: skip


def _title_level(a: Cleaned, b: Cleaned, likeness: float) -> str:
    if likeness == 100:
        generic = "generic" in a.flags or "generic" in b.flags
        return "title generic" if generic else "title equal"
    found = (step for step, least in _TITLE_STEPS if likeness >= least)
    return "title " + next(found, "missing")


def _numbers(words: tuple[str, ...]) -> bool:
    return any(c.isdigit() for word in words for c in word)


def _author_level(seen: Evidence) -> str:
    if seen.first_author is None:
        return "authors missing"
    if seen.first_author:
        return "authors same" if seen.authors >= 0.6 else "authors first"
    return "authors shared" if seen.authors >= 0.6 else "authors other"


def _page_level(a: Cleaned, seen: Outline) -> str:
    if seen.pages == PageMatch.SAME and a.pages:
        if a.pages.first == 1:
            return "pages from one"
        if a.pages.first == a.pages.last:
            return "pages single"
    return f"pages {seen.pages.name.lower()}"


def _three(name: str, agree: bool | None) -> str:
    if agree is None:
        return f"{name} missing"
    return f"{name} same" if agree else f"{name} other"


def _abstract_level(likeness: float) -> str:
    steps = (("equal", 92), ("similar", 70), ("other", 0))
    return "abstract " + next((s for s, least in steps if likeness >= least), "missing")
