"""Look-ups shared by the pages; they raise 404 for unknown codes."""

from __future__ import annotations

from typing import TypeVar

from reviewapp.core.web import MemberRequest, found
from screening.records.models import Record, Source
from screening.records.queries import records, sources

T = TypeVar("T")


def source_of(request: MemberRequest, code: str) -> Source:
    """Return the source of the review, or raise 404."""
    return found(sources.find_source(request.member, code))


def record_of(request: MemberRequest, code: str) -> Record:
    """Return the record of the review, or raise 404."""
    return found(records.find_record(request.member, code))
