"""Resolved conflicts of a stage, for the methods report: public numbers only."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from reviewapp.core.models import Member
from screening.conflicts.models import Adjudication
from screening.decisions.models import Decision, Stage
from screening.decisions.queries import counted_votes
from screening.decisions.queries.decisions import active_decisions


@dataclass(frozen=True, slots=True)
class ResolverFacts:
    """A member who resolved conflicts; in ``voted`` of them they had a vote."""

    name: str
    resolved: int
    voted: int


@dataclass(frozen=True, slots=True)
class ConflictFacts:
    """Resolved conflicts whose votes all members may see.

    ``about``: number by "verdict", "reason", "unsure" or "" (the votes agree).
    """

    included: int
    excluded: int
    about: dict[str, int]
    resolvers: tuple[ResolverFacts, ...]


def conflict_facts(viewer: Member, stage: Stage) -> ConflictFacts:
    """Return the resolved conflicts of a stage in four queries."""
    decided = dict(
        active_decisions(viewer.review)
        .filter(
            stage=stage,
            how=Decision.How.ADJUDICATION,
            round__wave__closed_at__isnull=False,
        )
        .values_list("round_id", "verdict")
    )
    votes = counted_votes.votes_of_rounds(viewer, stage, decided)
    said: dict[int, list[tuple[str, int | None]]] = defaultdict(list)
    authors: set[tuple[int, int]] = set()
    for round_id, author, verdict, reason in votes:
        said[round_id].append((verdict, reason))
        authors.add((round_id, author))
    verdicts = Counter(decided.values())
    about = Counter(map(_about, said.values()))
    return ConflictFacts(
        included=verdicts[Decision.Verdict.INCLUDE],
        excluded=verdicts[Decision.Verdict.EXCLUDE],
        about=dict(about),
        resolvers=_resolvers(decided, authors),
    )


def _resolvers(
    decided: dict[int, str], authors: set[tuple[int, int]]
) -> tuple[ResolverFacts, ...]:
    resolved: Counter[int] = Counter()
    voted: Counter[int] = Counter()
    names = {}
    for round_id, by, name in (
        Adjudication.objects.filter(decision__round__in=decided)
        .order_by("by")
        .values_list("round_id", "by", "by__name")
    ):
        names[by] = name
        resolved[by] += 1
        voted[by] += (round_id, by) in authors
    return tuple(
        ResolverFacts(names[by], resolved[by], voted[by]) for by in sorted(names)
    )


def _about(votes: list[tuple[str, int | None]]) -> str:
    verdicts = {verdict for verdict, __ in votes}
    if "unsure" in verdicts:
        return "unsure"
    if len(verdicts) > 1:
        return "verdict"
    return "reason" if len({reason for __, reason in votes}) > 1 else ""
