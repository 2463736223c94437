"""Screening status of records: duplicates, decisions, retrieval, study."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewapp.core.models import Review
from screening.decisions.models import Decision, Stage
from screening.decisions.queries.decisions import last_stage
from screening.records.models import Duplicate, Record
from screening.reports.models import NotSought, Report

PENDING = "pending"
SAID = {Decision.Verdict.INCLUDE: "included", Decision.Verdict.EXCLUDE: "excluded"}


@dataclass(slots=True)
class RecordStatus:
    """The status of one record, as texts for a file.

    `verdicts` are its final decisions by the code of the stage.
    """

    source: str
    arm: str
    code: str
    duplicate_of: str = ""
    record_stages: list[str] = field(default_factory=list)
    retrieval: str = ""
    report_stages: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    study: str = ""
    final: str = PENDING
    verdicts: dict[str, str] = field(default_factory=dict)


def record_statuses(
    review: Review, records: Sequence[Record]
) -> dict[int, RecordStatus]:
    """Return the status of each record by primary key (five queries).

    It holds final decisions only and is the same for all members.
    """
    statuses = {
        r.pk: RecordStatus(source=r.source.name, arm=r.arm, code=r.code)
        for r in records
    }
    _duplicates(statuses)
    reports = {
        report.pk: report
        for report in Report.objects.filter(
            record__in=statuses, is_aside=False
        ).select_related("study")
    }
    for report in reports.values():
        _retrieval(statuses[report.record_id], report)
    last = last_stage(review, Stage.Subject.REPORT)
    _outcomes(statuses, reports, last.pk if last else None)
    not_sought = NotSought.objects.filter(record__in=statuses, undone_at=None)
    for row in not_sought:
        statuses[row.record_id].final = "not sought"
        statuses[row.record_id].reasons.append(row.reason)
    for status in statuses.values():
        if status.duplicate_of:
            status.final = "duplicate"
    return statuses


def is_included(status: RecordStatus, stage: str = "") -> bool | None:
    """Return the decision at a stage, by its code, or after all stages; None if open."""
    if stage:
        verdict = status.verdicts.get(stage)
        return verdict == Decision.Verdict.INCLUDE if verdict else None
    if status.final == "included":
        return True
    return False if status.final.startswith("excluded") else None


def _duplicates(statuses: dict[int, RecordStatus]) -> None:
    edges = Duplicate.objects.filter(record__in=statuses, undone_at=None)
    for edge in edges.values_list("record_id", "of__code"):
        statuses[edge[0]].duplicate_of = edge[1]


def _retrieval(status: RecordStatus, report: Report) -> None:
    status.retrieval = report.retrieval.replace("_", " ")
    status.study = report.study.label
    if report.retrieval == Report.Retrieval.NOT_RETRIEVED:
        status.final = "not retrieved"
        status.reasons.append(report.not_retrieved_reason)


def _outcomes(
    statuses: dict[int, RecordStatus], reports: dict[int, Report], last: int | None
) -> None:
    by_record: dict[int, list[Decision]] = defaultdict(list)
    rows = Decision.objects.filter(record__in=statuses) | Decision.objects.filter(
        report__in=reports
    )
    for outcome in rows.select_related("stage", "reason").order_by("stage__position"):
        pk = outcome.record_id or reports[outcome.report_id or 0].record_id
        by_record[pk].append(outcome)
    for pk, outcomes in by_record.items():
        for outcome in outcomes:
            _outcome(statuses[pk], outcome, last)


def _outcome(status: RecordStatus, outcome: Decision, last: int | None) -> None:
    status.verdicts[outcome.stage.code] = outcome.verdict
    text = f"{outcome.stage.name}: {SAID[Decision.Verdict(outcome.verdict)]}"
    if outcome.report_id:
        status.report_stages.append(text)
    else:
        status.record_stages.append(text)
    if outcome.reason:
        status.reasons.append(outcome.reason.text)
    if outcome.verdict == Decision.Verdict.EXCLUDE:
        status.final = f"excluded at {outcome.stage.name.lower()}"
    elif outcome.stage_id == last:
        status.final = "included"
