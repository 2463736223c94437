"""When the judgements of a round settle it, and when they need an adjudicator.

The rule (docs/screening.md): two or more seats that all say include, or all say
exclude (for the same reason where the stage asks for one), settle the round. Any
"unsure", and any difference, goes to the adjudicators. A single include or exclude
settles nothing yet: its author may change it and the lead may add a second screener
until the stage closes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

INCLUDE = "include"
EXCLUDE = "exclude"
UNSURE = "unsure"
WITHDRAWN = "withdrawn"

# What one standing seat says: its verdict (None while it is open) and the key of
# the reason it gives, if any.
Ballot = tuple[str | None, int | None]


class About(StrEnum):
    """What the judgements differ in."""

    VERDICT = "verdict"
    REASON = "reason"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Open:
    """``seats`` of the round have not been voted yet (0: it has no seat at all)."""

    seats: int


@dataclass(frozen=True, slots=True)
class Single:
    """One seat, voted: settles when the stage closes."""

    verdict: str
    reason: int | None


@dataclass(frozen=True, slots=True)
class Settled:
    """All of two or more seats agree."""

    verdict: str
    reason: int | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An adjudicator is needed."""

    about: About


Result = Open | Single | Settled | Disagreement


def outcome(verdicts: Sequence[Ballot], *, needs_reason: bool = False) -> Result:
    """What the ballots of all standing seats of a round amount to.

    Where the stage asks for no reason, reasons never make a disagreement; the
    outcome then carries a reason only if all gave the same one.
    """
    open_seats = sum(verdict in (None, WITHDRAWN) for verdict, _ in verdicts)
    if open_seats or not verdicts:
        return Open(open_seats)
    said = {verdict for verdict, _ in verdicts}
    if UNSURE in said:
        return Disagreement(About.UNSURE)
    if len(said) > 1:
        return Disagreement(About.VERDICT)
    verdict = str(verdicts[0][0])
    reasons = {reason for _, reason in verdicts} if verdict == EXCLUDE else {None}
    if needs_reason and len(reasons) > 1:
        return Disagreement(About.REASON)
    reason = reasons.pop() if len(reasons) == 1 else None
    if len(verdicts) == 1:
        return Single(verdict, reason)
    return Settled(verdict, reason)
