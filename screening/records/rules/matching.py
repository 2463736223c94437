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

from rapidfuzz import fuzz

from screening.records.rules.cleaning import Cleaned
from screening.records.rules.evidence import Evidence, PageMatch, compare
from screening.records.rules.points import BASE, POINTS
from screening.records.rules.reference import id_order
from screening.records.rules.vetoes import Veto, veto

Answer = Literal["same", "different", "ask"]
SAME_FROM = 0.90
"""Score from which two references are one without asking a person."""
ASK_FROM = 0.30
"""Score from which a person is asked."""
HOPELESS_TITLE = 60
"""Titles less alike than this need an equal DOI, page or abstract to be looked at."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer, its score from 0 to 1, and what spoke for and against, in words."""

    answer: Answer
    score: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


HOPELESS = Judgement("different", 0.0, (), ("the titles have little in common",))


def judge(a: Cleaned, b: Cleaned) -> Judgement:
    """Judge one pair; the order of the two does not matter."""
    if id_order(b.id) < id_order(a.id):
        a, b = b, a
    if _hopeless(a, b):
        return HOPELESS
    seen = compare(a, b)
    found = tuple(levels(a, b, seen))
    score = _probability(BASE + sum(POINTS[level].points for level in found))
    refusal = veto(a, b, seen)
    return Judgement(
        _answer(score, refusal),
        min(score, refusal.most) if refusal else score,
        tuple(POINTS[k].words for k in found if POINTS[k].points > 0),
        (*(POINTS[k].words for k in found if POINTS[k].points < 0),
         *((refusal.words,) if refusal else ())),
    )  # fmt: skip


def _answer(score: float, refusal: Veto | None) -> Answer:
    if refusal:
        score = min(score, refusal.most)
    if score >= SAME_FROM:
        return "same"
    return "ask" if score >= ASK_FROM else "different"


def _probability(points: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, points))))


def _hopeless(a: Cleaned, b: Cleaned) -> bool:
    """A cheap look that spares the costly comparison: nothing in common but a block."""
    if not a.letters or not b.letters:
        return False
    if fuzz.ratio(a.letters, b.letters, score_cutoff=HOPELESS_TITLE):
        return False
    if (a.doi and a.doi == b.doi) or (a.pmid and a.pmid == b.pmid):
        return False
    if a.pages and b.pages and a.pages.first == b.pages.first and a.volumes & b.volumes:
        return False
    if a.abstract and a.abstract[:40] == b.abstract[:40]:
        return False
    return a.letters not in b.letters and b.letters not in a.letters


def levels(a: Cleaned, b: Cleaned, seen: Evidence) -> Iterator[str]:
    """The levels of agreement, one for each field, as keys into ``POINTS``."""
    yield from _title_levels(a, b, seen)
    yield _author_level(seen)
    yield _year_level(seen.year_gap)
    yield _three("journal", seen.journal)
    yield _three("volume", seen.volume)
    yield _three("issue", seen.issue)
    yield _page_level(a, b, seen)
    if (
        seen.pages >= PageMatch.START
        and seen.volume
        and seen.journal is not False
        and a.pages
        and a.pages.first > 1
    ):
        yield "place"
    yield _three("doi", seen.doi)
    yield _three("pmid", seen.pmid)
    yield _abstract_level(seen.abstract)


def _title_levels(a: Cleaned, b: Cleaned, seen: Evidence) -> Iterator[str]:
    if seen.title == 100:
        generic = "generic" in a.flags or "generic" in b.flags
        yield "title generic" if generic else "title equal"
        return
    steps = (
        ("nearly", 95),
        ("close", 88),
        ("similar", 75),
        ("loose", 60),
        ("other", 0),
    )
    name = next((step for step, least in steps if seen.title >= least), "missing")
    yield f"title {name}"
    if seen.contained and seen.title < 95:
        yield "title contained"
    if seen.title >= 60:
        if seen.only_a and seen.only_b:
            yield "words swapped"
        if _numbers(seen.only_a) or _numbers(seen.only_b):
            yield "numbers differ"


def _numbers(words: tuple[str, ...]) -> bool:
    return any(c.isdigit() for word in words for c in word)


def _author_level(seen: Evidence) -> str:
    if seen.first_author is None:
        return "authors missing"
    if seen.first_author:
        return "authors same" if seen.authors >= 0.6 else "authors first"
    return "authors shared" if seen.authors >= 0.6 else "authors other"


def _page_level(a: Cleaned, b: Cleaned, seen: Evidence) -> str:
    single = a.pages and b.pages and a.pages.first == a.pages.last
    if seen.pages == PageMatch.SAME and a.pages and a.pages.first == 1:
        return "pages from one"
    if seen.pages == PageMatch.SAME and single:
        return "pages single"
    return f"pages {seen.pages.name.lower()}"


def _year_level(gap: int | None) -> str:
    return "year missing" if gap is None else f"year {min(gap, 3)}"


def _three(name: str, agree: bool | None) -> str:
    if agree is None:
        return f"{name} missing"
    return f"{name} same" if agree else f"{name} other"


def _abstract_level(likeness: float) -> str:
    steps = (("equal", 92), ("similar", 70), ("other", 0))
    return "abstract " + next((s for s, least in steps if likeness >= least), "missing")
