"""Records or reports that are eligible at a stage."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from reviewapp.core.lib.load_once import load_once
from screening.decisions.models import Decision, Stage, Wave
from screening.records.models import Arm, Import, Record
from screening.reports.models import Report
from screening.reports.queries.reports import active_reports


@load_once
def review_stages(review_id: int) -> tuple[Stage, ...]:
    """Return all stages in order, with ``is_open``: a wave is under way."""
    open_waves = Wave.objects.filter(stage=OuterRef("pk"), closed_at=None)
    stages = Stage.objects.filter(review=review_id).annotate(is_open=Exists(open_waves))
    return tuple(stages.order_by("position"))


def last_stage(review_id: int, subject: str) -> Stage | None:
    """Return the last record or report stage, or None."""
    found = [one for one in review_stages(review_id) if one.subject == subject]
    return found[-1] if found else None


def subject_in_review(prefix: str = "", subject: str = "") -> Q:
    """Return the filter for rounds whose record counts in the review.

    Such a record is not a duplicate and its import is not undone. Triggers keep this
    state (``Round.is_aside``). ``prefix``: the path to the rounds ("round__" for
    assignments, votes and decisions).
    """
    return Q(**{f"{prefix}is_aside": False})


def import_undone() -> Exists:
    """Return SQL for rounds: is the import of their record undone?"""
    record = Coalesce(OuterRef("record"), OuterRef("report__record"))
    undone = Record.objects.filter(pk=record, batch__state=Import.State.UNDONE)
    return Exists(undone)


def stage_before(stage: Stage) -> Stage | None:
    """Return the stage of the same kind before this one, or None."""
    return (
        Stage.objects.filter(
            review=stage.review_id, subject=stage.subject, position__lt=stage.position
        )
        .order_by("-position")
        .first()
    )


def eligible_subjects(stage: Stage) -> QuerySet[Any]:
    """Return the records or reports that belong to ``stage``, with or without a round.

    First record stage: unique records from databases. First report stage: retrieved
    reports. Other stages: what the stage before has included.
    """
    previous = stage_before(stage)
    passed = Decision.objects.filter(stage=previous, verdict=Decision.Verdict.INCLUDE)
    if stage.subject == Stage.Subject.RECORD:
        records: QuerySet[Any] = (
            Record.objects.filter(review=stage.review_id, arm=Arm.DATABASES)
            .identified()
            .unique()
        )
        if previous:
            return records.filter(Exists(passed.filter(record=OuterRef("pk"))))
        return records
    reports: QuerySet[Any] = active_reports(stage.review).filter(
        retrieval=Report.Retrieval.RETRIEVED
    )
    if previous:
        return reports.filter(Exists(passed.filter(report=OuterRef("pk"))))
    return reports
