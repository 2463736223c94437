"""Screening status of an exported record: columns, keywords and a note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from reviewapp.core.models import Review
from screening.citations.citation import Citation
from screening.citations.writing.status_note import REASON, Row, ScreeningStatus
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


def rows(review: Review, wanted: ExportFilters, *, says: bool = True) -> Iterator[Row]:
    """Yield the selected records as rows for a writer; `says`: with their status.

    Fields are merged from all duplicates; a duplicate itself is exported as imported.
    """
    for piece in export_selection.chunks(review, wanted):
        known = record_status.of(review, piece) if says else {}
        shown = merged_fields.displayed_records(piece)
        for record in piece:
            fate = known.get(record.pk)
            told = _told(fate) if fate else ScreeningStatus(code=record.code)
            yield citation(shown[record.pk]), told


def citation(record: RecordView) -> Citation:
    """Return the record as a citation, without its file's decisions."""
    return Citation(**{name: getattr(record, name) for name in SHARED})


def _told(fate: RecordStatus) -> ScreeningStatus:
    words = [*fate.record_stages, *fate.report_stages]
    words += [f"{REASON}{reason}" for reason in fate.reasons]
    if fate.final != PENDING:
        words.append(f"Outcome: {fate.final}")
    further = {
        "Found in": fate.source,
        "Record code": fate.code,
        "Duplicate of": fate.duplicate_of,
        "Study": fate.study,
    }
    return ScreeningStatus(
        code=fate.code,
        facts={
            "Found in": fate.source,
            "Arm": fate.arm,
            "Record code": fate.code,
            "Duplicate of": fate.duplicate_of,
            "Title and abstract": fate.record_stages,
            "Retrieval": fate.retrieval,
            "Full text": fate.report_stages,
            "Reasons": fate.reasons,
            "Study": fate.study,
            "Final outcome": fate.final,
        },
        words=tuple(words),
        further=tuple(f"{name}: {text}" for name, text in further.items() if text),
    )
