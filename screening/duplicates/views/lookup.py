"""Look-up of pairs, merges and runs for views: 404 outside the viewer's review."""

from __future__ import annotations

from reviewapp.core.models import Job
from reviewapp.core.web import MemberRequest, found
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries import duplicates, runs
from screening.records.models import Duplicate


def pair_of(request: MemberRequest, code: str) -> PossibleDuplicate:
    """Return the pair of the review, or raise 404."""
    return found(duplicates.find_pair(request.member, code))


def merge_of(request: MemberRequest, code: str) -> Duplicate:
    """Return the merge of the review, or raise 404."""
    return found(duplicates.find_merge(request.member, code))


def run_of(request: MemberRequest, code: str) -> Job:
    """Return the deduplication run of the review, or raise 404."""
    return found(runs.find_run(request.member, code))
