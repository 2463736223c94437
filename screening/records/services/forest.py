"""Standing duplicate edges as a forest: which records are one, and which is kept.

The kept record of a cluster is its root: databases and registers before other
methods, then the earliest import, then the place in the file (``RANK``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection

from reviewapp.core.models import Review
from screening.records.models import DoubtfulPair, Duplicate, Record

# Ascending: the first of a cluster in this order is kept.
RANK = ("arm", "added_at", "batch_id", "position", "pk")
_LOCK_CLASS = 7001


def lock(review: Review) -> None:
    """One writer of edges per review at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, review.pk % 2**31]
        )


def rank(record: Record) -> tuple[Any, ...]:
    """Sort key of one record: the least of a cluster is kept."""
    by_hand = record.batch_id is None
    batch = record.batch_id or 0
    return (record.arm, record.added_at, by_hand, batch, record.position, record.pk)


class Forest:
    """The clusters of some records, by primary key, with the answers "different"."""

    def __init__(
        self,
        edges: Iterable[tuple[int, int]],
        different: Iterable[tuple[int, int]] = (),
    ) -> None:
        self.of = dict(edges)
        self.copies: dict[int, set[int]] = defaultdict(set)
        for record, of in self.of.items():
            self.copies[of].add(record)
        self.different: dict[int, set[int]] = defaultdict(set)
        for a, b in different:
            self.different[a].add(b)
            self.different[b].add(a)

    def root(self, pk: int) -> int:
        """The kept record of the cluster ``pk`` is in (itself when alone)."""
        while pk in self.of:
            pk = self.of[pk]
        return pk

    def members(self, pk: int) -> list[int]:
        """All records of the cluster ``pk`` is in, the kept one first."""
        found = [self.root(pk)]
        for member in found:
            found.extend(sorted(self.copies.get(member, ())))
        return found

    def together(self, a: int, b: int) -> bool:
        """Whether the two are one already."""
        return self.root(a) == self.root(b)

    def contradiction(self, a: int, b: int) -> tuple[int, int] | None:
        """A pair across the two clusters that a person has said is different."""
        if not self.different:
            return None
        right = set(self.members(b))
        for member in self.members(a):
            clash = self.different.get(member, set()) & right
            if clash:
                return member, min(clash)
        return None

    def unite(self, kept: int, other: int) -> None:
        """Hang the root ``other`` under the root ``kept``."""
        self.of[other] = kept
        self.copies[kept].add(other)


def standing(review: Review) -> Forest:
    """The forest of a whole review, with what people said is different."""
    edges = list(
        Duplicate.objects.filter(review=review, undone_at=None).values_list(
            "record_id", "of_id"
        )
    )
    return Forest(edges, said_different(review))


def said_different(review: Review) -> list[tuple[int, int]]:
    """Pairs people keep apart by their answers (undoing a merge is one, too)."""
    answered = DoubtfulPair.objects.filter(
        review=review, answer=DoubtfulPair.Answer.DIFFERENT
    )
    return list(answered.values_list("first_id", "second_id"))


def undone(review: Review) -> list[tuple[int, int]]:
    """Merges that people took back: the program never makes them again by itself.

    Not those that left and came back with their import (``setting_aside``), nor those
    that a search took back itself.
    """
    edges = Duplicate.objects.filter(
        review=review,
        undone_at__isnull=False,
        aside_for=None,
        stands_in_for=None,
        parted_by=None,
    )
    return list(edges.values_list("record_id", "of_id"))
