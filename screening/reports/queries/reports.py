"""Reports for lists and pages. Retrieval is public, so nothing here is blinded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from reviewapp.core.lib.load_once import load_once
from reviewapp.core.models import Member, Review
from screening.records.models import Arm, Record, in_review
from screening.records.queries import merged_fields
from screening.records.queries.records import RecordView
from screening.reports.models import NotSought, Report, ReportFile

PAGE = 50


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report with its record, study, retrieval and file."""

    code: str
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
    source_name: str
    arm: str
    study_code: str
    study_label: str
    study_size: int
    retrieval: str
    retrieval_label: str
    not_retrieved_reason: str
    retrieval_at: datetime | None
    retrieval_by: str
    file_code: str
    file_name: str


@dataclass(frozen=True, slots=True)
class RetrievalCounts:
    """The number of reports in each retrieval status."""

    sought: int
    retrieved: int
    not_retrieved: int

    @property
    def total(self) -> int:
        """Return the number of all reports."""
        return self.sought + self.retrieved + self.not_retrieved


@dataclass(frozen=True, slots=True)
class OtherMethodsLine:
    """A record from other methods, and the decision on its retrieval."""

    code: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    source_name: str
    provenance: str
    state: str  # "pending", "sought", "not_sought"
    reason: str
    report_code: str


def active_reports(review: Review) -> QuerySet[Report]:
    """Return reports that count, without late duplicates and those set aside."""
    return Report.objects.filter(in_review("record"), review=review, is_aside=False)


def report_rows(review: Review) -> QuerySet[Any]:
    """Return reports that count with record, study and newest file, for ``view``."""
    newest = ReportFile.objects.filter(report=OuterRef("pk"), removed_at=None).order_by(
        "-created_at", "-pk"
    )
    siblings = (
        Report.objects.filter(study=OuterRef("study"))
        .order_by()
        .values("study")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        active_reports(review)
        .select_related("record__source", "study", "retrieval_by")
        .annotate(
            file_code=Coalesce(Subquery(newest.values("code")[:1]), Value("")),
            file_name=Coalesce(Subquery(newest.values("file_name")[:1]), Value("")),
            study_size=Subquery(siblings),
        )
    )


def find_report(viewer: Member, code: str) -> ReportView | None:
    """Return one report of the viewer's review, or None."""
    found = report_views(report_rows(viewer.review).filter(code=code)[:1])
    return found[0] if found else None


def find_file(viewer: Member, report_code: str, file_code: str) -> ReportFile | None:
    """Return a file of a report of the viewer's review, or None."""
    return ReportFile.objects.filter(
        review=viewer.review_id,
        report__code=report_code,
        code=file_code,
        removed_at=None,
    ).first()


def report_page(
    viewer: Member,
    *,
    state: str = "",
    words: str = "",
    after: str = "",
    size: int = PAGE,
) -> tuple[list[ReportView], str]:
    """Return reports in the order in which they were made, and the next page's cursor.

    The cursor is "" on the last page.
    """
    wanted = report_rows(viewer.review).order_by("pk")
    if state in Report.Retrieval.values:
        wanted = wanted.filter(retrieval=state)
    if words:
        wanted = wanted.filter(
            Q(record__title__icontains=words) | Q(study__label__icontains=words)
        )
    if after:
        last = Report.objects.filter(code=after, review=viewer.review_id)
        wanted = wanted.filter(pk__gt=Coalesce(Subquery(last.values("pk")[:1]), 0))
    found = report_views(wanted[: size + 1])
    return found[:size], found[size - 1].code if len(found) > size else ""


@load_once
def retrieval_counts(viewer: Member) -> RetrievalCounts:
    """Return the number of reports in each retrieval status."""
    found = dict(
        active_reports(viewer.review)
        .order_by()
        .values_list("retrieval")
        .annotate(n=Count("pk"))
        .values_list("retrieval", "n")
    )
    return RetrievalCounts(
        sought=found.get(Report.Retrieval.SOUGHT, 0),
        retrieved=found.get(Report.Retrieval.RETRIEVED, 0),
        not_retrieved=found.get(Report.Retrieval.NOT_RETRIEVED, 0),
    )


def other_methods(viewer: Member) -> list[OtherMethodsLine]:
    """Return unique records from other methods, pending ones first."""
    refused = NotSought.objects.filter(record=OuterRef("pk"), undone_at=None)
    report = Report.objects.filter(record=OuterRef("pk"))
    found = (
        Record.objects.filter(review=viewer.review_id, arm=Arm.OTHER)
        .identified()
        .unique()
        .select_related("source")
        .annotate(
            report_code=Coalesce(Subquery(report.values("code")[:1]), Value("")),
            why_not=Coalesce(Subquery(refused.values("reason")[:1]), Value("")),
        )
        .order_by("pk")
    )
    records = list(found)
    shown = merged_fields.displayed_records(records)
    lines = [_other(record, shown[record.pk]) for record in records]
    return sorted(lines, key=lambda line: line.state != "pending")


def _other(record: Record, shown: RecordView) -> OtherMethodsLine:
    report_code = getattr(record, "report_code", "")
    why_not = getattr(record, "why_not", "")
    state = "sought" if report_code else "not_sought" if why_not else "pending"
    return OtherMethodsLine(
        code=record.code,
        title=shown.title,
        authors=shown.authors,
        year=shown.year,
        source_name=shown.source_name,
        provenance=record.source.provenance,
        state=state,
        reason=why_not,
        report_code=report_code,
    )


def report_views(found: Iterable[Report]) -> list[ReportView]:
    """Return reports from ``rows`` as values. At most four more queries."""
    reports = list(found)
    shown = merged_fields.displayed_records([report.record for report in reports])
    return [report_view(report, shown[report.record_id]) for report in reports]


def report_view(report: Report, record: RecordView) -> ReportView:
    """Return a report from ``rows`` as a value.

    ``record`` is its record with merged fields.
    """
    return ReportView(
        code=report.code,
        record_code=record.code,
        title=record.title,
        authors=record.authors,
        year=record.year,
        journal=record.journal,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        doi=record.doi,
        pmid=record.pmid,
        url=record.url,
        abstract=record.abstract,
        source_name=record.source_name,
        arm=record.arm,
        study_code=report.study.code,
        study_label=report.study.label,
        study_size=getattr(report, "study_size", 1),
        retrieval=report.retrieval,
        retrieval_label=str(Report.Retrieval(report.retrieval).label),
        not_retrieved_reason=report.not_retrieved_reason,
        retrieval_at=report.retrieval_at,
        retrieval_by=report.retrieval_by.name if report.retrieval_by else "",
        file_code=getattr(report, "file_code", ""),
        file_name=getattr(report, "file_name", ""),
    )
