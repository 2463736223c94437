"""The text that is judged: a record, or a report with its record's text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reviewapp.core.models import Member
from screening.records.models import Record
from screening.reports.models import Report
from screening.reports.queries import reports


@dataclass(frozen=True, slots=True)
class Paper:
    """What a screener reads. The report's fields are empty at record stages."""

    record_code: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    journal: str
    volume: str
    issue: str
    pages: str
    doi: str
    pmid: str
    url: str
    abstract: str
    keywords: tuple[str, ...]
    language: str
    source_name: str
    report_code: str = ""
    study_label: str = ""
    study_code: str = ""
    retrieval_label: str = ""
    file_code: str = ""
    file_name: str = ""


def of_record(viewer: Member, code: str) -> Paper | None:
    """The record called ``code`` of the viewer's review."""
    record = (
        Record.objects.select_related("source")
        .filter(review=viewer.review_id, code=code)
        .first()
    )
    return _paper(record) if record else None


def of_report(viewer: Member, code: str) -> Paper | None:
    """The report called ``code`` with its newest file.

    None also when its record became a duplicate: it has left the stage.
    """
    report = reports.rows(viewer.review).filter(code=code).first()
    return _with_report(report) if report else None


def of_subjects(
    viewer: Member, rows: Iterable[tuple[int | None, int | None]]
) -> dict[tuple[int | None, int | None], Paper]:
    """Papers by (record pk, report pk), in two queries."""
    wanted = list(rows)
    records = Record.objects.select_related("source").filter(
        review=viewer.review_id, pk__in=[record for record, _ in wanted if record]
    )
    found: dict[tuple[int | None, int | None], Paper] = {
        (record.pk, None): _paper(record) for record in records
    }
    pks = [report for _, report in wanted if report]
    if pks:
        for report in reports.rows(viewer.review).filter(pk__in=pks):
            found[None, report.pk] = _with_report(report)
    return found


def _paper(record: Record, **report: Any) -> Paper:
    return Paper(
        record_code=record.code,
        title=record.title,
        authors=tuple(record.authors),
        year=record.year,
        journal=record.journal,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        doi=record.doi,
        pmid=record.pmid,
        url=record.url,
        abstract=record.abstract,
        keywords=tuple(record.keywords),
        language=record.language,
        source_name=record.source.name,
        **report,
    )


def _with_report(report: Report) -> Paper:
    seen = reports.view(report)
    return _paper(
        report.record,
        report_code=seen.code,
        study_label=seen.study_label,
        study_code=seen.study_code,
        retrieval_label=seen.retrieval_label,
        file_code=seen.file_code,
        file_name=seen.file_name,
    )
