"""The text that is judged: a record, or a report with its record's text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reviewapp.core.models import Member
from screening.records.models import Record
from screening.records.queries import records
from screening.records.queries.records import RecordView
from screening.reports.models import Report
from screening.reports.queries import reports

# Primary keys of a round's record and report, one of them None.
Subject = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Paper:
    """What a screener reads. The report's fields are empty at record stages."""

    record: RecordView
    report_code: str = ""
    study_label: str = ""
    file_code: str = ""
    file_name: str = ""

    @property
    def record_code(self) -> str:
        """The code of the record, at report stages too."""
        return self.record.code

    @property
    def title(self) -> str:
        """The title, or words for none."""
        return self.record.title or "(no title)"


def of_record(viewer: Member, code: str) -> Paper | None:
    """The record called ``code`` of the viewer's review."""
    record = (
        Record.objects.select_related("source")
        .filter(review=viewer.review_id, code=code)
        .first()
    )
    return Paper(records.view(record)) if record else None


def of_report(viewer: Member, code: str) -> Paper | None:
    """The report called ``code`` with its newest file.

    None also when its record became a duplicate: it has left the stage.
    """
    report = reports.rows(viewer.review).filter(code=code).first()
    return _with_report(report) if report else None


def of_subjects(viewer: Member, rows: Iterable[Subject]) -> dict[Subject, Paper]:
    """Papers by (record pk, report pk), in at most two queries."""
    wanted = list(rows)
    found: dict[Subject, Paper] = {}
    record_pks = [record for record, _ in wanted if record]
    if record_pks:
        for record in Record.objects.select_related("source").filter(
            review=viewer.review_id, pk__in=record_pks
        ):
            found[record.pk, None] = Paper(records.view(record))
    report_pks = [report for _, report in wanted if report]
    if report_pks:
        for report in reports.rows(viewer.review).filter(pk__in=report_pks):
            found[None, report.pk] = _with_report(report)
    return found


def _with_report(report: Report) -> Paper:
    seen = reports.view(report)
    return Paper(
        records.view(report.record),
        report_code=seen.code,
        study_label=seen.study_label,
        file_code=seen.file_code,
        file_name=seen.file_name,
    )
