"""Related records, as a higher app finds them."""

from __future__ import annotations

from dataclasses import dataclass

from reviewapp.core.models import Member
from screening.records import hooks
from screening.records.models import Record
from screening.records.queries.record_views import RecordView


@dataclass(frozen=True, slots=True)
class Related:
    """Another record, and its relation to this one in words."""

    record: RecordView
    how: str


def related_records(viewer: Member, record: Record) -> tuple[Related, ...]:
    """Return the records that are related to ``record`` but not its duplicates."""
    found = hooks.related_records.call(viewer, record)
    return tuple(line for some in found for line in some)
