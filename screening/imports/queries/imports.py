"""Imports: the files of a source, and one import with its progress and report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from reviewapp.core.models import Job, Member
from reviewapp.core.permissions import Action, can
from reviewapp.core.queries.jobs import JobView, job_view
from screening.citations.reading.reading_report import WARNING_KINDS
from screening.imports.queries import prior
from screening.imports.queries.prior import PriorCounts
from screening.records.models import Import
from screening.records.queries.source_files import (
    JOB_KINDS,
    ImportLine,
    import_line,
)

# Refusals that another platform, encoding or column mapping may resolve.
MENDABLE = frozenset({"columns-unknown", "no-records-found", "unknown-format"})


@dataclass(frozen=True, slots=True)
class WarningKind:
    """Warnings of one type: their number, and where the first ones are.

    ``places`` are lines, or entries of a file without lines.
    """

    kind: str
    n: int
    message: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import with its report; ``report`` has JSON values as stored.

    ``is_open``: the viewer may see the file's contents. Members who do not import see
    counts only, because a file of another tool contains colleagues' decisions.
    """

    line: ImportLine
    encoding: str
    sha256: str
    refusal: str
    hits_reported: int | None
    in_source: int
    report: dict[str, Any]
    job: JobView | None
    is_open: bool
    options: dict[str, Any]
    prior: PriorCounts | None
    open_entries: int
    undone_at: datetime | None
    undone_by: str

    @property
    def may_be_corrected(self) -> bool:
        """Return True if the import settings can be changed."""
        if self.line.state == Import.State.REFUSED:
            return self.report.get("refusal_kind") in MENDABLE
        return self.line.is_waiting

    @property
    def wants_columns(self) -> bool:
        """Return True if the file is a table whose columns a member has to map."""
        return bool(self.report.get("refusal_kind") == "columns-unknown")

    @property
    def corrections(self) -> list[tuple[str, str]]:
        """Return the changed settings as pairs of label and value."""
        words = [
            (label, str(self.options[name]))
            for name, label in (
                ("encoding", _("Encoding")),
                ("platform", _("Exported from")),
            )
            if name in self.options
        ]
        if self.options.get("columns"):
            words.append((_("Columns"), _("mapped manually")))
        return words

    @property
    def in_source_after(self) -> int:
        """Return the number of records that the source has with this file."""
        counted = self.line.state == Import.State.COMMITTED
        return self.in_source if counted else self.in_source + self.line.kept

    @property
    def is_clean(self) -> bool:
        """Return True if the file was read without warnings or other remarks."""
        said = (self.warning_kinds, self.skipped, self.outside, self.prior)
        return bool(self.line.found) and not any(said)

    @property
    def preview(self) -> list[dict[str, Any]]:
        """Return the fields of the first records."""
        return list(self.report.get("preview", ()))

    @property
    def skipped(self) -> list[dict[str, Any]]:
        """Return the skipped entries: line, reason, raw."""
        return list(self.report.get("skipped", ()))

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """Return the listed warnings: kind, line, message."""
        return list(self.report.get("warnings", ()))

    @property
    def outside(self) -> list[dict[str, Any]]:
        """Return text outside records: line, text (often the search strategy)."""
        return list(self.report.get("outside", ()))

    @property
    def warning_kinds(self) -> list[WarningKind]:
        """Return the warnings by type, the most frequent first."""
        counts: dict[str, int] = self.report.get("warning_counts", {})
        firsts: dict[str, list[dict[str, Any]]] = {kind: [] for kind in counts}
        for warning in self.warnings:
            firsts.setdefault(warning["kind"], []).append(warning)
        return [
            WarningKind(
                kind=kind,
                n=n,
                message=firsts[kind][0]["message"]
                if firsts[kind]
                else _warning_kind(kind),
                places=tuple(filter(None, map(_place, firsts[kind][:10]))),
            )
            for kind, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        ]


def _warning_kind(kind: str) -> str:
    """Return what a kind of warning means; an unknown kind is returned as it is."""
    return _(WARNING_KINDS[kind]) if kind in WARNING_KINDS else kind


def _place(warning: dict[str, Any]) -> str:
    if entry := warning.get("entry"):
        return _("entry {number}").format(number=entry)
    return str(warning["line"] or "")


def import_of_job(job: Job) -> Import:
    """Return the import that a job works on."""
    return Import.objects.select_related("review", "source", "created_by__review").get(
        review=job.review_id, code=job.params["import"]
    )


def find_import(viewer: Member, code: str) -> Import | None:
    """Return the import with this code in the viewer's review, or None."""
    return (
        Import.objects.defer("report")
        .select_related("source")
        .filter(review=viewer.review_id, code=code)
        .first()
    )


def import_detail(viewer: Member, code: str) -> ImportView | None:
    """Return one import with its report and job, or None; four queries."""
    # Read the job first: one that ends in between is shown as running and polled again.
    job = _job(viewer, code)
    batch = (
        Import.objects.select_related("source", "created_by", "undone_by")
        .annotate(
            waiting=Count("skipped_entries", filter=Q(skipped_entries__state="open"))
        )
        .filter(review=viewer.review_id, code=code)
        .first()
    )
    if batch is None:
        return None
    is_open = bool(can(viewer, Action.IMPORT))
    return ImportView(
        line=import_line(batch),
        encoding=batch.encoding,
        sha256=batch.sha256,
        refusal=batch.refusal,
        hits_reported=batch.source.hits_reported,
        in_source=batch.source.records.identified().count(),
        report=batch.report if is_open else _counts_only(batch.report),
        job=job,
        is_open=is_open,
        options=batch.options,
        prior=prior.prior_counts(batch) if is_open else None,
        open_entries=batch.waiting,
        undone_at=batch.undone_at,
        undone_by=batch.undone_by.name if batch.undone_by else "",
    )


def _counts_only(report: dict[str, Any]) -> dict[str, Any]:
    """Return the number of warnings of each type, without any text of the file."""
    kept = ("warning_counts", "refusal_kind")
    return {name: report[name] for name in kept if name in report}


def _job(viewer: Member, code: str) -> JobView | None:
    """Return the latest job of this import, or None; reading comes before importing."""
    found = (
        Job.objects.filter(
            review=viewer.review_id, kind__in=JOB_KINDS, key__startswith=code
        )
        .order_by("-pk")
        .first()
    )
    return job_view(found) if found else None
