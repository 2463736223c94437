"""Screening status of an exported record: columns, keywords and a note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from reviewapp.core.models import Review
from screening.citations.citation import Citation
from screening.citations.writing.status_note import REASON, ExportRow, ScreeningStatus
from screening.flow.queries import export_selection, record_status
from screening.flow.queries.export_selection import ExportFilters
from screening.flow.queries.record_status import PENDING, RecordStatus
from screening.records.queries import merged_fields
from screening.records.queries.records import RecordView

# Our own reader must not take any of these columns for a field of the citation.
COLUMNS = (
    "Found in",
    "Arm",
    "Record code",
    "Duplicate of",
    "Title and abstract",
    "Retrieval",
    "Full text",
    "Reasons",
    "Study",
    "Final outcome",
)
# Fields that a citation and a record share: all except the position in a file.
SHARED = {one.name for one in fields(Citation)} & {
    one.name for one in fields(RecordView)
}


def export_rows(
    review: Review, filters: ExportFilters, *, with_status: bool = True
) -> Iterator[ExportRow]:
    """Yield the selected records as rows for a writer; `with_status`: with their status.

    Fields are merged from all duplicates; a duplicate itself is exported as imported.
    """
    for chunk in export_selection.record_chunks(review, filters):
        known = record_status.record_statuses(review, chunk) if with_status else {}
        shown = merged_fields.displayed_records(chunk)
        for record in chunk:
            status = known.get(record.pk)
            note = ScreeningStatus(code=record.code)
            if status:
                note = _status_note(status, filters.stage)
            yield as_citation(shown[record.pk]), note


def as_citation(record: RecordView) -> Citation:
    """Return the record as a citation, without its file's decisions."""
    return Citation(**{name: getattr(record, name) for name in SHARED})


def _status_note(status: RecordStatus, stage: str) -> ScreeningStatus:
    words = [*status.record_stages, *status.report_stages]
    words += [f"{REASON}{reason}" for reason in status.reasons]
    if status.final != PENDING:
        words.append(f"Outcome: {status.final}")
    further = {
        "Found in": status.source,
        "Record code": status.code,
        "Duplicate of": status.duplicate_of,
        "Study": status.study,
    }
    return ScreeningStatus(
        code=status.code,
        facts={
            "Found in": status.source,
            "Arm": status.arm,
            "Record code": status.code,
            "Duplicate of": status.duplicate_of,
            "Title and abstract": status.record_stages,
            "Retrieval": status.retrieval,
            "Full text": status.report_stages,
            "Reasons": status.reasons,
            "Study": status.study,
            "Final outcome": status.final,
        },
        words=tuple(words),
        further=tuple(f"{name}: {text}" for name, text in further.items() if text),
        is_included=record_status.is_included(status, stage),
    )
