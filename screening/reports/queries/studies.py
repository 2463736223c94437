"""Studies and their reports."""

from __future__ import annotations

from dataclasses import dataclass

from reviewapp.core.models import Member
from screening.reports.queries.reports import ReportView, report_rows, report_views


@dataclass(frozen=True, slots=True)
class StudyLine:
    """A study with its reports, oldest first."""

    code: str
    label: str
    reports: tuple[ReportView, ...]


def study_list(
    viewer: Member, *, words: str = "", only_groups: bool = False
) -> list[StudyLine]:
    """Return studies that have a report that counts, by name."""
    found = report_rows(viewer.review).order_by("study__label", "study_id", "pk")
    if words:
        found = found.filter(study__label__icontains=words)
    if only_groups:
        found = found.filter(study_size__gt=1)
    grouped: dict[str, list[ReportView]] = {}
    for line in report_views(found):
        grouped.setdefault(line.study_code, []).append(line)
    return [
        StudyLine(code=code, label=reports[0].study_label, reports=tuple(reports))
        for code, reports in grouped.items()
    ]


def find_study(viewer: Member, code: str) -> StudyLine | None:
    """Return one study of the viewer's review, or None."""
    reports = report_views(
        report_rows(viewer.review).filter(study__code=code).order_by("pk")
    )
    if not reports:
        return None
    return StudyLine(code=code, label=reports[0].study_label, reports=tuple(reports))
