"""Are two references one? Same, different, or a question for a person.

Evidence is added up as points (natural logarithms of odds, roughly); signs that
two look-alikes are distinct works are vetoes: they turn a merge into a question or
into "different", never the other way round. Losing a study costs far more than
reading one twice, so "same" needs much and "different" little.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import Literal

from screening.records.rules.cleaning import Cleaned
from screening.records.rules.evidence import Evidence, PageMatch, compare

Answer = Literal["same", "different", "ask"]
SAME_FROM = 0.95
"""Score from which two references are one without asking a person."""
ASK_FROM = 0.30
"""Score from which a person is asked."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer, its score from 0 to 1, and what spoke for and against, in words."""

    answer: Answer
    score: float
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]


def judge(a: Cleaned, b: Cleaned) -> Judgement:
    """Judge one pair; the order of the two does not matter."""
    seen = compare(a, b)
    weighed = _weigh(a, b, seen)
    score = 1 / (1 + exp(-max(-30.0, min(30.0, sum(p for p, _ in weighed)))))
    answer: Answer = (
        "same" if score >= SAME_FROM else "ask" if score >= ASK_FROM else "different"
    )
    return Judgement(
        answer,
        score,
        tuple(words for points, words in weighed if points > 0),
        tuple(words for points, words in weighed if points < 0),
    )


def _weigh(a: Cleaned, b: Cleaned, seen: Evidence) -> list[tuple[float, str]]:
    points = [(-4.0, "")]
    if seen.title >= 95:
        points.append((5.0, "title"))
    elif seen.title >= 85:
        points.append((2.0, "title alike"))
    elif 0 <= seen.title < 70:
        points.append((-6.0, "title differs"))
    if seen.pages >= PageMatch.START:
        points.append((3.0, "pages"))
    elif seen.pages == PageMatch.DIFFERENT:
        points.append((-4.0, "pages differ"))
    if seen.doi is not None:
        points.append((4.0, "DOI") if seen.doi else (-1.5, "DOIs differ"))
    if seen.volume is not None:
        points.append((1.5, "volume") if seen.volume else (-2.5, "volumes differ"))
    if seen.first_author is not None:
        points.append(
            (1.5, "author") if seen.first_author else (-2.5, "authors differ")
        )
    if seen.journal is not None:
        points.append((1.5, "journal") if seen.journal else (-1.5, "journals differ"))
    if seen.abstract >= 0:
        points.append(
            (3.0, "abstract") if seen.abstract > 85 else (-3.0, "abstracts differ")
        )
    if seen.year_gap is not None:
        points.append(
            (0.5, "year")
            if not seen.year_gap
            else (-1.5 * min(2, seen.year_gap), "years differ")
        )
    return [p for p in points if p[1]] + [(-4.0, "")]
