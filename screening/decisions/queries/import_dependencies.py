"""Decisions and assignments that depend on an import: a provider of its hook."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from reviewapp.core.models import Member
from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Round
from screening.decisions.queries import stage_items
from screening.imports.queries.import_dependencies import (
    SHOWN,
    DecidedRecord,
    ImportDependencies,
    InProgress,
)
from screening.records.models import Import


def screening_dependencies(viewer: Member, batch: Import) -> ImportDependencies:
    """Return decisions on the import's records, and their number at each stage.

    Both are public. A round in conflict counts as assigned, like any other.
    """
    mine = Q(record__batch=batch) | Q(report__record__batch=batch)
    decided = Decision.objects.filter(
        mine, stage_items.subject_in_review("round__"), review=batch.review_id
    )
    total = decided.count()
    stages = Stage.objects.filter(review=batch.review_id, started_at__isnull=False)
    return ImportDependencies(
        decided_total=total,
        decided=_lines(decided) if total else (),
        dealt=tuple(
            InProgress(_dealt(viewer, batch, stage), stage.name)
            for stage in stages.order_by("position")
        ),
    )


def _lines(decided: QuerySet[Decision]) -> tuple[DecidedRecord, ...]:
    rows = decided.select_related("stage", "record", "report__record").order_by(
        "stage__position", "pk"
    )
    return tuple(_line(row) for row in rows[:SHOWN])


def _line(row: Decision) -> DecidedRecord:
    record = row.report.record if row.report else row.record
    return DecidedRecord(
        record_code=record.code if record else "",
        title=record.title if record else "",
        where=row.stage.name,
        words=f"{row.get_verdict_display()} ({row.get_how_display()})",
    )


def _dealt(viewer: Member, batch: Import, stage: Stage) -> int:
    path = (
        "record__batch"
        if stage.subject == Stage.Subject.RECORD
        else "report__record__batch"
    )
    return int(
        Round.objects.seen_by(viewer)
        .filter(
            stage_items.subject_in_review(),
            stage=stage,
            **{path: batch},
        )
        .count()
    )
