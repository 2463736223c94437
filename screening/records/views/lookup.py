"""Look-ups shared by the pages; they raise 404 for unknown codes."""

from __future__ import annotations

from typing import TypeVar

from django.http import Http404

from reviewapp.core.models import Job
from reviewapp.core.permissions import Action, can
from reviewapp.core.web import MemberRequest
from screening.records.models import DoubtfulPair, Duplicate, Import, Record, Source
from screening.records.queries import duplicates, imports, records, runs, sources

T = TypeVar("T")


def found(thing: T | None) -> T:
    """Return ``thing``, or raise 404 if it is None."""
    if thing is None:
        raise Http404("Nothing here.")
    return thing


def may(request: MemberRequest, action: Action) -> bool:
    """Return True if the viewer may do ``action``; for display, not a guard."""
    return bool(can(request.member, action))


def source_of(request: MemberRequest, code: str) -> Source:
    """Return the source of the review, or raise 404."""
    return found(sources.find(request.member, code))


def import_of(request: MemberRequest, code: str) -> Import:
    """Return the import of the review, or raise 404."""
    return found(imports.find(request.member, code))


def pair_of(request: MemberRequest, code: str) -> DoubtfulPair:
    """Return the pair of the review, or raise 404."""
    return found(duplicates.find_pair(request.member, code))


def merge_of(request: MemberRequest, code: str) -> Duplicate:
    """Return the merge of the review, or raise 404."""
    return found(duplicates.find_merge(request.member, code))


def record_of(request: MemberRequest, code: str) -> Record:
    """Return the record of the review, or raise 404."""
    return found(records.find(request.member, code))


def run_of(request: MemberRequest, code: str) -> Job:
    """Return the deduplication run of the review, or raise 404."""
    return found(runs.find(request.member, code))
