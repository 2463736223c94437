"""Final decisions, the only part of screening that all members can see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from reviewapp.core.models import Member, Review
from screening.decisions.models import Decision, Stage
from screening.decisions.queries import (
    screening_items,
    stage_items,
    stored_counts,
    votes,
)
from screening.decisions.queries.stored_counts import DecisionCounts
from screening.decisions.queries.votes import VoteView
from screening.records.queries.records import HistoryLine
from screening.reports.models import Report, Study
from screening.reports.queries.reports import active_reports

PAGE = 50


@dataclass(frozen=True, slots=True)
class DecisionView:
    """The final decision on one record or report at a stage."""

    code: str
    stage_code: str
    stage_name: str
    record_code: str
    report_code: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    verdict: str
    reason: str
    how: str
    decided_at: datetime


def active_decisions(review: Review) -> QuerySet[Decision]:
    """Return decisions that count, without those on late duplicates."""
    return Decision.objects.filter(
        stage_items.subject_in_review("round__"), review=review
    )


def last_stage(review: Review, subject: str) -> Stage | None:
    """Return the last record or report stage, or None."""
    return stage_items.last_stage(review.pk, subject)


def included_reports(review: Review) -> QuerySet[Report]:
    """Return reports that the last report stage has included and that count."""
    passed = Decision.objects.filter(
        report=OuterRef("pk"),
        stage=last_stage(review, Stage.Subject.REPORT),
        verdict=Decision.Verdict.INCLUDE,
    )
    return active_reports(review).filter(Exists(passed))


def included_studies(review: Review) -> QuerySet[Study]:
    """Return studies with at least one included report."""
    reports = included_reports(review).filter(study=OuterRef("pk"))
    return Study.objects.filter(Exists(reports), review=review)


def decision_counts(review: Review) -> dict[int, DecisionCounts]:
    """Return numbers of decisions by stage (primary key), in one query."""
    counts = stored_counts.counts_by_stage(review.pk)
    return {stage: one.decided for stage, one in counts.items()}


def counts_of_stage(review: Review, stage: Stage) -> DecisionCounts:
    """Return the numbers of decisions at a stage, in one query."""
    return decision_counts(review).get(stage.pk, DecisionCounts(0, 0))


def counts_by_how(review: Review, stage: Stage) -> dict[str, int]:
    """Return numbers of decisions at a stage by the way in which they were made."""
    return stored_counts.counts_by_how(review.pk, stage.pk)


def decision_page(
    viewer: Member, stage: Stage, *, verdict: str = "", how: str = "", after: str = ""
) -> tuple[list[DecisionView], str]:
    """Return decisions of a stage, newest first, and the cursor of the next page.

    The cursor is "" on the last page.
    """
    rows = active_decisions(viewer.review).filter(stage=stage).order_by("-pk")
    if verdict in Decision.Verdict.values:
        rows = rows.filter(verdict=verdict)
    if how in Decision.How.values:
        rows = rows.filter(how=how)
    last = Decision.objects.filter(code=after, stage=stage).first() if after else None
    if last:
        rows = rows.filter(pk__lt=last.pk)
    found = list(rows.select_related("stage", "reason")[: PAGE + 1])
    views = _views(viewer, found[:PAGE])
    return views, views[-1].code if len(found) > PAGE else ""


def decisions_of_record(viewer: Member, record_code: str) -> list[DecisionView]:
    """Return the decisions on a record and its report, in the order of stages."""
    rows = (
        Decision.objects.filter(
            Q(record__code=record_code) | Q(report__record__code=record_code),
            review=viewer.review_id,
        )
        .select_related("stage", "reason")
        .order_by("stage__position", "pk")
    )
    return _views(viewer, list(rows))


def _views(viewer: Member, rows: list[Decision]) -> list[DecisionView]:
    reports = dict(
        Report.objects.filter(
            pk__in=[row.report_id for row in rows if row.report_id]
        ).values_list("pk", "record")
    )
    codes = (
        dict(Report.objects.filter(pk__in=reports).values_list("pk", "code"))
        if reports
        else {}
    )
    records = {row.pk: row.record_id or reports[row.report_id or 0] for row in rows}
    shown = screening_items.listed_records(viewer, records.values())
    views = []
    for row in rows:
        record = shown[records[row.pk]]
        views.append(
            DecisionView(
                code=row.code,
                stage_code=row.stage.code,
                stage_name=row.stage.name,
                record_code=record.code,
                report_code=codes.get(row.report_id or 0, ""),
                title=record.title or _("(no title)"),
                authors=record.authors,
                year=record.year,
                verdict=row.verdict,
                reason=row.reason.text if row.reason else "",
                how=row.get_how_display(),
                decided_at=row.decided_at,
            )
        )
    return views


def record_history(viewer: Member, record_code: str) -> list[HistoryLine]:
    """Return decisions and votes of closed waves, for the page of a record."""
    lines = []
    for one in decisions_of_record(viewer, record_code):
        url = reverse("decisions:decisions", args=[viewer.review.code, one.stage_code])
        lines.append(HistoryLine(at=one.decided_at, text=_decided(one), url=url))
        lines += [
            HistoryLine(at=one.decided_at, text=_said(vote), url="")
            for vote in _opened_votes(viewer, one)
        ]
    return lines


def _decided(one: DecisionView) -> str:
    if one.reason:
        sentence = _("{stage}: {verdict} ({reason}). Decided by: {how}.")
    else:
        sentence = _("{stage}: {verdict}. Decided by: {how}.")
    return sentence.format(
        stage=one.stage_name,
        verdict=Decision.Verdict(one.verdict).label,
        reason=one.reason,
        how=one.how,
    )


def _opened_votes(viewer: Member, one: DecisionView) -> tuple[VoteView, ...]:
    """Return the votes behind a decision if its wave is closed, else none."""
    round_code = (
        Decision.objects.filter(code=one.code, round__wave__closed_at__isnull=False)
        .values_list("round__code", flat=True)
        .first()
    )
    return votes.visible_votes(viewer, round_code) if round_code else ()


def _said(vote: VoteView) -> str:
    if vote.reason and vote.note:
        sentence = _("{author} voted “{verdict}” ({reason}). Note: “{note}”")
    elif vote.reason:
        sentence = _("{author} voted “{verdict}” ({reason}).")
    elif vote.note:
        sentence = _("{author} voted “{verdict}”. Note: “{note}”")
    else:
        sentence = _("{author} voted “{verdict}”.")
    return sentence.format(
        author=vote.author,
        verdict=vote.label,
        reason=vote.reason,
        note=vote.note,
    )
