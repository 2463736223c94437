"""Consensus rule: when votes decide a round, and when an adjudicator must decide.

The rule (docs/screening.md): if two or more reviewers all include, or all exclude
(for the same reason if the stage needs one), the round is decided. An "unsure" or
any difference goes to the adjudicators. A single include or exclude decides nothing
until the stage closes: its author can change it and the lead can add a second
reviewer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

INCLUDE = "include"
EXCLUDE = "exclude"
UNSURE = "unsure"
WITHDRAWN = "withdrawn"

# The vote of one active assignment: its verdict (None while it is open) and the primary
# key of its reason, if any.
Ballot = tuple[str | None, int | None]


class About(StrEnum):
    """The subject of a disagreement."""

    VERDICT = "verdict"
    REASON = "reason"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A round with ``assignments`` missing votes (0: it has no assignment at all)."""

    assignments: int


@dataclass(frozen=True, slots=True)
class SingleVote:
    """A round with one assignment and its vote; final when the stage closes."""

    verdict: str
    reason: int | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """A round in which all of two or more assignments agree."""

    verdict: str
    reason: int | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A round that needs an adjudicator."""

    about: About


Consensus = Incomplete | SingleVote | Agreed | Disagreement


def consensus_of(
    verdicts: Sequence[Ballot], *, needs_reason: bool = False
) -> Consensus:
    """Return the result of the ballots of all active assignments of a round.

    If the stage needs no reason, reasons never make a disagreement. The result then
    has a reason only if all gave the same one.
    """
    open_assignments = sum(verdict in (None, WITHDRAWN) for verdict, _ in verdicts)
    if open_assignments or not verdicts:
        return Incomplete(open_assignments)
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
        return SingleVote(verdict, reason)
    return Agreed(verdict, reason)
