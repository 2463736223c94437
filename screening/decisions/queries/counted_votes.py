"""Votes that count for numbers about people: those standing when a round was closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q

from reviewapp.core.models import Member
from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Verdict, Vote
from screening.decisions.queries import stage_items


def counted_votes(viewer: Member, stage: Stage) -> Any:
    """Return one vote for each reviewer of each record or report that all may see.

    It is the newest vote before the result of the round, so a slip corrected before
    that is no disagreement, and a change after it does not count. Withdrawn votes and
    the rounds of duplicates are left out. The same for every viewer.
    """
    newer = Vote.objects.visible_to(viewer).filter(
        round=OuterRef("round"),
        author=OuterRef("author"),
        version__gt=OuterRef("version"),
        is_late=False,
    )
    return (
        Vote.objects.visible_to(viewer)
        .filter(
            ~Exists(newer),
            stage_items.subject_in_review("round__"),
            is_late=False,
            round__stage=stage,
            round__wave__closed_at__isnull=False,
        )
        .exclude(verdict=Verdict.WITHDRAWN)
    )


def imported_votes(viewer: Member, stage: Stage) -> Any:
    """Return all versions of votes that came from another tool, as counted above."""
    return Vote.objects.visible_to(viewer).filter(
        stage_items.subject_in_review("round__"),
        imported_from__isnull=False,
        round__stage=stage,
        round__wave__closed_at__isnull=False,
    )


def complete_votes(viewer: Member, stage: Stage) -> tuple[Any, Any]:
    """Return counted and imported votes of the open wave, for ``open_agreement``.

    Only of rounds that are decided by agreement, so that the votes follow from the
    public decision, or whose votes the viewer can read (conflicts).
    """
    agreed = Decision.objects.filter(
        round=OuterRef("round"), how=Decision.How.AGREEMENT
    )
    every = Vote.objects.unblinded(
        reason="agreement of complete rounds, which the review shows to leads"
    ).filter(
        Exists(agreed) | Q(round__audience__gte=viewer.reach),
        stage_items.subject_in_review("round__"),
        round__stage=stage,
        round__wave__closed_at=None,
    )
    newer = every.filter(
        round=OuterRef("round"),
        author=OuterRef("author"),
        version__gt=OuterRef("version"),
        is_late=False,
    )
    counted = every.filter(~Exists(newer), is_late=False)
    return (
        counted.exclude(verdict=Verdict.WITHDRAWN),
        every.filter(imported_from__isnull=False),
    )


def votes_of_rounds(
    viewer: Member, stage: Stage, rounds: Iterable[int]
) -> list[tuple[int, int, str, int | None]]:
    """Return round, author, verdict and reason of the counted votes of some rounds."""
    found = counted_votes(viewer, stage).filter(round__in=list(rounds))
    return list(found.values_list("round", "author", "verdict", "reason"))
