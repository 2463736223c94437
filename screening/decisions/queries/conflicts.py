"""Rounds that wait for an adjudicator: only those the viewer may read whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member
from screening.decisions.models import Outcome
from screening.decisions.models.rounds import Round
from screening.decisions.queries import papers, screen, subjects, votes
from screening.decisions.queries.papers import Paper
from screening.decisions.queries.screen import ReasonView
from screening.decisions.queries.votes import VoteView

PAGE = 50


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A round that waits for an adjudicator."""

    round_code: str
    stage_code: str
    stage_name: str
    paper: Paper
    revealed_at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """A round opened to adjudicators, whole. ``round_id`` is for foreign keys only.

    ``outcome``: how it was settled, None while it waits. ``is_reader``: the viewer
    has judged it themselves and the page says so.
    """

    round_id: int
    round_code: str
    stage_code: str
    stage_name: str
    needs_reason: bool
    hides_names: bool
    paper: Paper
    reasons: tuple[ReasonView, ...]
    votes: tuple[VoteView, ...]
    about: str
    is_reader: bool
    outcome: Outcome | None


def rounds_in_conflict(viewer: Member) -> Any:
    """Rounds open to adjudicators that are not settled, in the order of reading.

    Empty for members who do not adjudicate. The rounds of duplicates are left out.
    """
    return (
        Round.objects.revealed_to(viewer)
        .filter(
            ~Exists(Outcome.objects.filter(round=OuterRef("pk"))),
            subjects.in_review(),
            audience=Audience.ADJUDICATORS,
        )
        .order_by("stage__position", "order", "pk")
    )


def count(viewer: Member) -> int:
    """How many conflicts wait; 0 for those who do not adjudicate."""
    return int(rounds_in_conflict(viewer).count())


def waiting(viewer: Member) -> list[ConflictLine]:
    """The conflicts that wait, in the order of stages and reading."""
    rows = list(rounds_in_conflict(viewer).select_related("stage"))
    shown = papers.of_subjects(viewer, [(r.record_id, r.report_id) for r in rows])
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


def codes(viewer: Member) -> list[str]:
    """The round codes of all conflicts that wait, in order."""
    return list(rounds_in_conflict(viewer).values_list("code", flat=True))


def behind(waiting: list[str], code: str) -> str:
    """The code behind ``code``, from the end back to the first; "" if none other."""
    if code not in waiting:
        return waiting[0] if waiting else ""
    following = waiting[(waiting.index(code) + 1) % len(waiting)]
    return following if following != code else ""


def round_codes(viewer: Member, pks: list[int]) -> dict[int, str]:
    """Codes of rounds that the viewer may read whole, by primary key."""
    rows = Round.objects.revealed_to(viewer).filter(pk__in=pks)
    return dict(rows.values_list("pk", "code"))


def one(viewer: Member, round_code: str) -> Conflict | None:
    """One round with all votes, for those its audience reaches; None for others."""
    row = (
        Round.objects.revealed_to(viewer)
        .filter(code=round_code)
        .select_related("stage", "record", "report")
        .first()
    )
    if row is None:
        return None
    shown = papers.of_subjects(viewer, [(row.record_id, row.report_id)])
    paper = shown.get((row.record_id, row.report_id))
    if paper is None:
        return None
    said = votes.of_round(viewer, round_code)
    return Conflict(
        round_id=row.pk,
        round_code=row.code,
        stage_code=row.stage.code,
        stage_name=row.stage.name,
        needs_reason=row.stage.needs_reason,
        hides_names=row.stage.hides_names,
        paper=paper,
        reasons=screen.reasons(row.stage),
        votes=said,
        about=_about(said),
        is_reader=any(vote.is_own for vote in said),
        outcome=Outcome.objects.filter(round_id=row.pk)
        .select_related("reason")
        .first(),
    )


def _about(said: tuple[VoteView, ...]) -> str:
    verdicts = {vote.verdict for vote in said}
    if "unsure" in verdicts:
        return "unsure"
    if len(verdicts) > 1:
        return "verdict"
    if len({vote.reason for vote in said}) > 1:
        return "reason"
    return "unblinded"
