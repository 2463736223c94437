"""Possible duplicates in context: their clusters, and groups with equal evidence."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries.duplicates import (
    ComparedField,
    PairView,
    compare_fields,
    open_pairs,
)
from screening.records.models import Record
from screening.records.queries import clusters
from screening.records.queries.records import RecordView, record_view

# The most pairs that one page shows; the others follow after these are decided.
SHOWN = 200

Evidence = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class OtherPair:
    """Another possible duplicate that involves a record of the same two clusters."""

    pair_code: str
    first: RecordView
    second: RecordView


@dataclass(frozen=True, slots=True)
class PairSurroundings:
    """The other records of both clusters of a pair, and further possible duplicates."""

    first_copies: tuple[RecordView, ...]
    second_copies: tuple[RecordView, ...]
    links: tuple[OtherPair, ...]

    @property
    def is_empty(self) -> bool:
        """Return True if nothing else is connected with the pair."""
        return not (self.first_copies or self.second_copies or self.links)


@dataclass(frozen=True, slots=True)
class PairGroup:
    """A group of open pairs with the same evidence."""

    key: str
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]
    n: int


@dataclass(frozen=True, slots=True)
class GroupedPair:
    """A pair of a group with the fields that differ."""

    code: str
    first: RecordView
    second: RecordView
    fields: tuple[ComparedField, ...]


@dataclass(frozen=True, slots=True)
class PairGroupDetail:
    """A group with its pairs, most similar first; at most ``SHOWN`` of them."""

    kind: PairGroup
    pairs: tuple[GroupedPair, ...]


def pair_surroundings(viewer: Member, pair: PairView) -> PairSurroundings:
    """Return both clusters of a pair and other open pairs; five queries."""
    ends = dict(
        Record.objects.filter(
            review=viewer.review_id, code__in=[pair.first.code, pair.second.code]
        ).values_list("code", "pk")
    )
    kept = clusters.kept_of(list(ends.values()))
    members = clusters.cluster_members(set(kept.values()))
    first = members[kept[ends[pair.first.code]]]
    second = members[kept[ends[pair.second.code]]]
    if first == second:
        second = []
    every = [*first, *second]
    links = _links(viewer, pair, every)
    records = {
        record.pk: record_view(record)
        for record in Record.objects.filter(pk__in=every)
        .select_related("source")
        .defer("raw", "abstract")
    }
    shown = set(ends.values())
    return PairSurroundings(
        tuple(records[pk] for pk in first if pk not in shown),
        tuple(records[pk] for pk in second if pk not in shown),
        links,
    )


def _links(
    viewer: Member, pair: PairView, every: Sequence[int]
) -> tuple[OtherPair, ...]:
    touching = open_pairs(viewer).exclude(code=pair.code)
    touching = touching.filter(first__in=every) | touching.filter(second__in=every)
    rows = (
        touching.select_related("first__source", "second__source")
        .defer("first__raw", "second__raw", "first__abstract", "second__abstract")
        .order_by("-score", "pk")
    )
    return tuple(
        OtherPair(row.code, record_view(row.first), record_view(row.second))
        for row in rows
    )


def open_pair_groups(viewer: Member) -> list[PairGroup]:
    """Return the groups of open pairs, largest first; one query."""
    counted: dict[Evidence, int] = defaultdict(int)
    for row in open_pairs(viewer).only("reasons_for", "reasons_against"):
        counted[_evidence(row)] += 1
    found = [_kind(_key(viewer, e), e, n) for e, n in counted.items()]
    return sorted(found, key=lambda kind: (-kind.n, kind.key))


def pair_group_detail(viewer: Member, key: str) -> PairGroupDetail | None:
    """Return one group with its pairs, or None if it has no open pairs left."""
    waiting = open_pairs(viewer).order_by("-score", "pk")
    same = [
        (row.pk, _evidence(row))
        for row in waiting.only("reasons_for", "reasons_against", "score")
        if _key(viewer, _evidence(row)) == key
    ]
    if not same:
        return None
    rows = (
        PossibleDuplicate.objects.filter(pk__in=[pk for pk, _ in same[:SHOWN]])
        .select_related("first__source", "second__source")
        .defer("first__raw", "second__raw")
        .order_by("-score", "pk")
    )
    return PairGroupDetail(
        _kind(key, same[0][1], len(same)), tuple(_kind_pair(row) for row in rows)
    )


def _kind(key: str, evidence: Evidence, n: int) -> PairGroup:
    """Return a group with its evidence in the reader's language."""
    reasons_for, reasons_against = (tuple(_(r) for r in side) for side in evidence)
    return PairGroup(key, reasons_for, reasons_against, n)


def _kind_pair(row: PossibleDuplicate) -> GroupedPair:
    first, second = record_view(row.first), record_view(row.second)
    differing = tuple(
        field
        for field in compare_fields(first, second)
        if field.differs and field.name != "abstract"
    )
    return GroupedPair(row.code, first, second, differing)


def _evidence(row: PossibleDuplicate) -> Evidence:
    return tuple(row.reasons_for), tuple(row.reasons_against)


def _key(viewer: Member, evidence: Evidence) -> str:
    """Return a stable key for this evidence in the viewer's review."""
    sides = [sorted(side) for side in evidence]
    return blake2b(
        json.dumps([viewer.review.code, sides]).encode(), digest_size=7
    ).hexdigest()
