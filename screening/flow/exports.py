"""Records with what became of them, as files. Settled outcomes only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Protocol, TypeVar

from reviewapp.core.models import Member
from screening.decisions.queries.outcomes import included_reports
from screening.flow.queries import fates
from screening.records.formats.citation import Citation
from screening.records.formats.writing import csv_lines, ris_lines
from screening.records.models import Record

CHUNK = 1000
COLUMNS = (
    "Source",
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
T = TypeVar("T")


class Writer(Protocol):
    """Writes the export of ``which`` records for a viewer, piece by piece."""

    def __call__(self, viewer: Member, *, which: str) -> Iterator[str]: ...


def records_csv(viewer: Member, *, which: str = "all") -> Iterator[str]:
    """CSV: the citation, its source and what became of it."""
    return csv_lines(_rows(viewer, which), extra=COLUMNS)


def records_ris(viewer: Member, *, which: str = "all") -> Iterator[str]:
    """RIS: what became of a record stands in its notes (N1)."""
    return ris_lines(_rows(viewer, which))


def _rows(viewer: Member, which: str) -> Iterator[tuple[Citation, dict[str, Any]]]:
    records = _chosen(viewer, which).select_related("source").order_by("pk")
    for chunk in _chunks(records.iterator(chunk_size=CHUNK)):
        known = fates.of(viewer.review, chunk)
        for record in chunk:
            yield _citation(record), known[record.pk].fields()


def _chosen(viewer: Member, which: str) -> Any:
    """``all`` records, the ``unique`` ones, or those of ``included`` studies."""
    records = Record.objects.filter(review=viewer.review_id).identified()
    if which == "unique":
        return records.unique()
    if which == "included":
        reports = included_reports(viewer.review)
        return records.filter(pk__in=reports.values("record"))
    return records


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _citation(record: Record) -> Citation:
    return Citation(
        title=record.title,
        authors=tuple(record.authors),
        year=record.year,
        journal=record.journal,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        doi=record.doi,
        pmid=record.pmid,
        accession=record.accession,
        abstract=record.abstract,
        keywords=tuple(record.keywords),
        type=record.type,
        url=record.url,
        language=record.language,
        issn=record.issn,
        notes=record.notes,
    )
