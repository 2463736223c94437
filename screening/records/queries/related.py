"""Related records, as a higher app finds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reviewapp.core.models import Member
from screening.records.models import Record
from screening.records.queries.record_views import RecordView


@dataclass(frozen=True, slots=True)
class Related:
    """Another record, and its relation to this one in words."""

    record: RecordView
    how: str


Provider = Callable[[Member, Record], tuple[Related, ...]]
_providers: list[Provider] = []


def add_provider(provider: Provider) -> None:
    """Register a function that finds related records; called from ``ready``."""
    _providers.append(provider)


def related_records(viewer: Member, record: Record) -> tuple[Related, ...]:
    """Return the records that are related to ``record`` but not its duplicates."""
    return tuple(line for find in _providers for line in find(viewer, record))
