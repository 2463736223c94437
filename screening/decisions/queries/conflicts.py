"""Conflicts: rounds that adjudicators can see and have not resolved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from reviewapp.core.blinding import Audience
from reviewapp.core.lib.load_once import load_once
from reviewapp.core.models import Member
from screening.decisions.models import Decision
from screening.decisions.models.rounds import Round, Verdict, Vote
from screening.decisions.queries import screen, screening_items, stage_items, votes
from screening.decisions.queries.screen import ReasonView
from screening.decisions.queries.screening_items import ScreeningItem
from screening.decisions.queries.votes import VoteView

PAGE = 50


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A conflict in the list."""

    round_code: str
    stage_code: str
    stage_name: str
    paper: ScreeningItem
    revealed_at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """A round that adjudicators can see, with all votes.

    ``round_id`` is for foreign keys only. ``decision``: the final decision, None while
    the conflict is open. ``has_own_vote``: the viewer has voted, and the page says so.
    """

    round_id: int
    round_code: str
    stage_code: str
    stage_name: str
    needs_reason: bool
    hides_names: bool
    paper: ScreeningItem
    reasons: tuple[ReasonView, ...]
    votes: tuple[VoteView, ...]
    about: str
    has_own_vote: bool
    decision: Decision | None


def in_conflict(votes: QuerySet[Vote]) -> Q:
    """Return the filter for rounds that an adjudicator must resolve.

    A single reviewer who was unsure can still change their vote. Then it is a single
    vote like any other. ``votes``: those that the caller may read.
    """
    counted = votes.filter(round=OuterRef("round"), is_late=False)
    newer = counted.filter(author=OuterRef("author"), version__gt=OuterRef("version"))
    unsure = votes.filter(
        ~Exists(newer), round=OuterRef("pk"), is_late=False, verdict=Verdict.UNSURE
    )
    return (
        Q(audience=Audience.ADJUDICATORS)
        & ~Q(Exists(Decision.objects.filter(round=OuterRef("pk"))))
        & stage_items.subject_in_review()
        & (Q(sealed_at__isnull=False) | Q(Exists(unsure)))
    )


def rounds_in_conflict(viewer: Member) -> Any:
    """Return rounds that adjudicators can see and must resolve, in order.

    Empty for members who cannot adjudicate. Rounds of duplicates are left out.
    """
    return (
        Round.objects.revealed_to(viewer)
        .filter(in_conflict(Vote.objects.visible_to(viewer)))
        .order_by("stage__position", "order", "pk")
    )


@load_once
def conflicts_by_stage(viewer: Member) -> dict[int, int]:
    """Return the numbers of open conflicts by stage (primary key); one query."""
    rows = rounds_in_conflict(viewer).order_by().values_list("stage")
    return dict(rows.annotate(n=Count("pk")))


def count_conflicts(viewer: Member) -> int:
    """Return the number of open conflicts; 0 for members who cannot adjudicate."""
    return sum(conflicts_by_stage(viewer).values())


def open_conflicts(viewer: Member) -> list[ConflictLine]:
    """Return the open conflicts by stage and screening order."""
    rows = list(rounds_in_conflict(viewer).select_related("stage"))
    shown = screening_items.items_of(viewer, [(r.record_id, r.report_id) for r in rows])
    return [
        ConflictLine(
            round_code=row.code,
            stage_code=row.stage.code,
            stage_name=row.stage.name,
            paper=shown[row.record_id, row.report_id],
            revealed_at=row.revealed_at,
        )
        for row in rows
    ]


def open_conflict_codes(viewer: Member) -> list[str]:
    """Return the round codes of all open conflicts, in order."""
    return list(rounds_in_conflict(viewer).values_list("code", flat=True))


def code_after(codes: list[str], code: str) -> str:
    """Return the code after ``code``, from the end back to the first.

    "" if there is no other conflict.
    """
    if code not in codes:
        return codes[0] if codes else ""
    following = codes[(codes.index(code) + 1) % len(codes)]
    return following if following != code else ""


def round_codes(viewer: Member, pks: list[int]) -> dict[int, str]:
    """Return codes by primary key of rounds whose votes the viewer can see."""
    rows = Round.objects.revealed_to(viewer).filter(pk__in=pks)
    return dict(rows.values_list("pk", "code"))


def find_conflict(viewer: Member, round_code: str) -> Conflict | None:
    """Return one round with all votes, or None if the viewer cannot see them."""
    row = (
        Round.objects.revealed_to(viewer)
        .filter(code=round_code)
        .select_related("stage", "record", "report")
        .first()
    )
    if row is None:
        return None
    shown = screening_items.items_of(viewer, [(row.record_id, row.report_id)])
    paper = shown.get((row.record_id, row.report_id))
    if paper is None:
        return None
    said = votes.visible_votes(viewer, round_code)
    return Conflict(
        round_id=row.pk,
        round_code=row.code,
        stage_code=row.stage.code,
        stage_name=row.stage.name,
        needs_reason=row.stage.needs_reason,
        hides_names=row.stage.hides_names,
        paper=paper,
        reasons=screen.offered_reasons(row.stage),
        votes=said,
        about=_about(said),
        has_own_vote=any(vote.is_own for vote in said),
        decision=Decision.objects.filter(round_id=row.pk)
        .select_related("reason")
        .first(),
    )


def _about(said: tuple[VoteView, ...]) -> str:
    said = tuple(vote for vote in said if not vote.is_late)
    verdicts = {vote.verdict for vote in said}
    if "unsure" in verdicts:
        return "unsure"
    if len(verdicts) > 1:
        return "verdict"
    if len({vote.reason for vote in said}) > 1:
        return "reason"
    return "unblinded"
