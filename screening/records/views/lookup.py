"""What the pages of this app share: 404 for what the viewer's review does not have."""

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
    """The thing, or 404."""
    if thing is None:
        raise Http404("Nothing here.")
    return thing


def may(request: MemberRequest, action: Action) -> bool:
    """Whether the viewer may do ``action``: what the page offers, not a guard."""
    return bool(can(request.member, action))


def source_of(request: MemberRequest, code: str) -> Source:
    """The source of the review, or 404."""
    return found(sources.find(request.member, code))


def import_of(request: MemberRequest, code: str) -> Import:
    """The import of the review, or 404."""
    return found(imports.find(request.member, code))


def pair_of(request: MemberRequest, code: str) -> DoubtfulPair:
    """The doubtful pair of the review, or 404."""
    return found(duplicates.find_pair(request.member, code))


def merge_of(request: MemberRequest, code: str) -> Duplicate:
    """The merge of the review, or 404."""
    return found(duplicates.find_merge(request.member, code))


def record_of(request: MemberRequest, code: str) -> Record:
    """The record of the review, or 404."""
    return found(records.find(request.member, code))


def run_of(request: MemberRequest, code: str) -> Job:
    """The search for duplicates of the review, or 404."""
    return found(runs.find(request.member, code))
