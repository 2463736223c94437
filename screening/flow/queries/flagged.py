"""Included studies that carry a flag, such as a retraction."""

from __future__ import annotations

from dataclasses import dataclass

from reviewapp.core.models import Member
from screening.flow.queries import lists
from screening.records.queries import merged_fields
from screening.records.queries.flags import with_listed_flags
from screening.records.queries.records import RecordView
from screening.records.rules.flags import Flag

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class FlaggedReport:
    """An included report whose record has flags."""

    code: str
    title: str
    study: str
    flags: tuple[Flag, ...]


def flagged_reports(viewer: Member) -> tuple[FlaggedReport, ...]:
    """Return the included reports with flags. A flag changes nothing by itself."""
    found = lists.box_rows(viewer.review, "new_reports", "")
    reports = list(found.select_related("record__source", "study").order_by("pk"))
    flagged: list[FlaggedReport] = []
    for start in range(0, len(reports), CHUNK):
        chunk = reports[start : start + CHUNK]
        shown = merged_fields.displayed_records([report.record for report in chunk])
        views: dict[int, RecordView] = with_listed_flags(shown)
        flagged += [
            FlaggedReport(report.code, view.title, report.study.label, view.flags)
            for report in chunk
            if (view := views[report.record_id]).flags
        ]
    return tuple(flagged)
