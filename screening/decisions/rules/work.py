"""What a member has screened at a stage, as values for pages and the methods report."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Work taken over from the member ``name``: ``screened`` of ``assigned``."""

    name: str
    assigned: int
    screened: int


@dataclass(frozen=True, slots=True)
class ReviewerWork:
    """What one member was assigned and has screened.

    ``assigned``: by the rules, without what they took over; ``screened`` of these have
    their vote. ``reassigned`` of them went to others, ``left`` to no one. ``total``:
    all their votes, ``imported`` of them from another tool. While the votes are hidden,
    ``screened``, ``total`` and ``imported`` are 0.
    """

    code: str
    name: str
    assigned: int
    screened: int
    taken_over: tuple[TakenOver, ...] = ()
    reassigned: int = 0
    left: int = 0
    total: int = 0
    imported: int = 0
