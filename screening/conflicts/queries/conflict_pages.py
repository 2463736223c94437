"""Conflicts with their discussion and resolution, for adjudicators only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewapp.core.models import Member
from reviewapp.core.nav import Todo
from reviewapp.core.permissions import Action, can
from screening.conflicts.models import Adjudication, Comment, Reopening
from screening.decisions.queries import conflicts, reopening
from screening.decisions.queries.conflicts import Conflict
from screening.decisions.queries.reopening import ReopeningView
from screening.records.models import Record

PAGE = 50


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment on a conflict."""

    author: str
    is_own: bool
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ConflictResolution:
    """The resolution of a conflict."""

    code: str
    verdict: str
    reason: str
    rationale: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EarlierResolution:
    """A resolution that was taken back, and why."""

    resolution: ConflictResolution
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ResolvedLine:
    """A resolved conflict in the list."""

    resolution: ConflictResolution
    round_code: str
    stage_name: str
    title: str


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """A conflict with its discussion and, if there is one, its resolution."""

    conflict: Conflict
    comments: tuple[CommentView, ...]
    resolution: ConflictResolution | None
    earlier: tuple[EarlierResolution, ...]
    reopening: ReopeningView | None
    next_code: str
    pending: int


def conflict_page(viewer: Member, round_code: str) -> ConflictPage | None:
    """Return one conflict, or None if the viewer cannot see its votes."""
    if not can(viewer, Action.ADJUDICATE):
        return None
    found = conflicts.find_conflict(viewer, round_code)
    if found is None:
        return None
    made = (
        Adjudication.objects.filter(round_id=found.round_id)
        .select_related("by", "decision__reason")
        .first()
    )
    codes = conflicts.open_conflict_codes(viewer)
    return ConflictPage(
        conflict=found,
        comments=tuple(
            CommentView(
                author=comment.author.name,
                is_own=comment.author_id == viewer.pk,
                text=comment.text,
                at=comment.created_at,
            )
            for comment in Comment.objects.filter(round_id=found.round_id)
            .select_related("author")
            .order_by("created_at", "pk")
        ),
        resolution=_resolution(made) if made else None,
        earlier=_earlier(found.round_id),
        reopening=reopening.find_reopening(viewer, round_code) if made else None,
        next_code=conflicts.code_after(codes, round_code),
        pending=len(codes),
    )


def _earlier(round_id: int) -> tuple[EarlierResolution, ...]:
    rows = Reopening.objects.filter(round_id=round_id)
    return tuple(
        EarlierResolution(
            resolution=ConflictResolution(
                code=row.code,
                verdict=row.verdict,
                reason=row.reason.text if row.reason else "",
                rationale=row.rationale,
                by=row.resolved_by.name,
                at=row.resolved_at,
            ),
            why=row.why,
            by=row.by.name,
            at=row.created_at,
        )
        for row in rows.select_related("by", "resolved_by", "reason").order_by("pk")
    )


def resolved_conflicts(
    viewer: Member, after: str = ""
) -> tuple[list[ResolvedLine], str]:
    """Return resolved conflicts, newest first, and the cursor of the next page."""
    if not can(viewer, Action.ADJUDICATE):
        return [], ""
    rows = Adjudication.objects.filter(review=viewer.review_id).order_by("-pk")
    last = rows.filter(code=after).first() if after else None
    if last:
        rows = rows.filter(pk__lt=last.pk)
    found = list(
        rows.select_related("by", "decision__reason", "decision__stage")[: PAGE + 1]
    )
    codes = conflicts.round_codes(viewer, [row.round_id for row in found[:PAGE]])
    titles = _titles(found[:PAGE])
    lines = [
        ResolvedLine(
            resolution=_resolution(row),
            round_code=codes.get(row.round_id, ""),
            stage_name=row.decision.stage.name,
            title=titles[row.pk] or _("(no title)"),
        )
        for row in found[:PAGE]
    ]
    return lines, lines[-1].resolution.code if len(found) > PAGE else ""


def _titles(rows: list[Adjudication]) -> dict[int, str]:
    direct = {row.pk: row.decision.record_id for row in rows if row.decision.record_id}
    by_report = {
        row.decision.report_id: row.pk for row in rows if row.decision.report_id
    }
    found = dict(
        Record.objects.filter(pk__in=direct.values()).values_list("pk", "title")
    )
    titles = {pk: found[record] for pk, record in direct.items() if record}
    for report, title in Record.objects.filter(report__in=by_report).values_list(
        "report", "title"
    ):
        titles[by_report[report]] = title
    return titles


def _resolution(row: Adjudication) -> ConflictResolution:
    return ConflictResolution(
        code=row.code,
        verdict=row.decision.verdict,
        reason=row.decision.reason.text if row.decision.reason else "",
        rationale=row.rationale,
        by=row.by.name,
        at=row.created_at,
    )


def todos(viewer: Member) -> list[Todo]:
    """Return the number of open conflicts as a to-do, for adjudicators only."""
    if not can(viewer, Action.ADJUDICATE):
        return []
    n = conflicts.count_conflicts(viewer)
    if not n:
        return []
    sentence = ngettext("{n} conflict to resolve.", "{n} conflicts to resolve.", n)
    return [
        Todo(
            text=sentence.format(n=f"{n:,}"),
            url=reverse("conflicts:conflicts", args=[viewer.review.code]),
            n=n,
            button=_("Resolve conflicts"),
            order=13,
        )
    ]
