"""The text that a reviewer screens: a record, or a report with its record's text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from screening.records.models import Record, has_copies
from screening.records.queries import merged_fields, records
from screening.records.queries.corrections import apply_corrections
from screening.records.queries.flags import with_listed_flags
from screening.records.queries.merged_fields import MergedRecord
from screening.records.queries.records import RecordView
from screening.reports.models import Report
from screening.reports.queries import reports

# Fields that no list shows.
_NOT_LISTED = ("raw", "prior", "abstract", "keywords", "notes", "notices")

# Primary keys of a round's record and report, one of them None.
Subject = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class ScreeningItem:
    """A record or report to screen. At record stages the report's fields are empty.

    ``copies``: primary keys of the record's duplicates, for queries only.
    """

    record: RecordView
    report_code: str = ""
    study_label: str = ""
    file_code: str = ""
    file_name: str = ""
    copies: tuple[int, ...] = ()

    @property
    def record_code(self) -> str:
        """Return the code of the record, at report stages too."""
        return self.record.code

    @property
    def title(self) -> str:
        """Return the title, or a placeholder if there is none."""
        return self.record.title or _("(no title)")


def record_item(viewer: Member, code: str) -> ScreeningItem | None:
    """Return the record ``code`` of the viewer's review, or None."""
    record = _records(viewer).filter(code=code).first()
    return _shown([record])[record.pk] if record else None


def report_item(viewer: Member, code: str) -> ScreeningItem | None:
    """Return the report ``code`` with its newest file, or None.

    Also None if its record has become a duplicate, which has left the stage.
    """
    report = reports.report_rows(viewer.review).filter(code=code).first()
    if report is None:
        return None
    return _with_report(
        report, _with_flags(merged_fields.displayed_record(report.record))
    )


def items_of(viewer: Member, rows: Iterable[Subject]) -> dict[Subject, ScreeningItem]:
    """Return papers by (record pk, report pk), in at most ten queries."""
    wanted = list(rows)
    found: dict[Subject, ScreeningItem] = {}
    record_pks = [record for record, _ in wanted if record]
    if record_pks:
        of_records = _shown(list(_records(viewer).filter(pk__in=record_pks)))
        found |= {(pk, None): paper for pk, paper in of_records.items()}
    report_pks = [report for _, report in wanted if report]
    if report_pks:
        found_reports = list(
            reports.report_rows(viewer.review).filter(pk__in=report_pks)
        )
        shown = merged_fields.merge_fields([report.record for report in found_reports])
        views = with_listed_flags({pk: one.record for pk, one in shown.items()})
        shown = {pk: replace(one, record=views[pk]) for pk, one in shown.items()}
        for report in found_reports:
            paper = _with_report(report, shown[report.record_id])
            found[None, report.pk] = paper
    return found


def listed_records(viewer: Member, pks: Iterable[int]) -> dict[int, RecordView]:
    """Return the records of a list by primary key, without abstracts and long fields.

    With merged fields and corrections, in at most seven queries.
    """
    found = (
        Record.objects.filter(pk__in=set(pks), review=viewer.review_id)
        .select_related("source")
        .defer(*_NOT_LISTED)
    )
    return merged_fields.displayed_records(list(found))


def _records(viewer: Member) -> QuerySet[Any]:
    return (
        Record.objects.filter(review=viewer.review_id)
        .select_related("source")
        .annotate(is_copied=has_copies())
    )


def _shown(found: list[Any]) -> dict[int, ScreeningItem]:
    """Return records with their merged fields, corrections and flags."""
    apply_corrections(found)
    views = {record.pk: records.record_view(record) for record in found}
    copies: dict[int, tuple[int, ...]] = {}
    copied = [record for record in found if record.is_copied]
    if copied:
        for pk, one in merged_fields.merge_fields(copied).items():
            views[pk], copies[pk] = one.record, one.copies
    return {
        pk: ScreeningItem(view, copies=copies.get(pk, ()))
        for pk, view in with_listed_flags(views).items()
    }


def _with_flags(shown: MergedRecord) -> MergedRecord:
    return replace(shown, record=with_listed_flags({0: shown.record})[0])


def _with_report(report: Report, shown: MergedRecord) -> ScreeningItem:
    seen = reports.report_view(report, shown.record)
    return ScreeningItem(
        shown.record,
        copies=shown.copies,
        report_code=seen.code,
        study_label=seen.study_label,
        file_code=seen.file_code,
        file_name=seen.file_name,
    )
