"""Active merge edges as a forest: clusters and their kept records.

The kept record of a cluster is its root (``queries.keep_order``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from reviewapp.core.models import Review
from screening.duplicates.models import PossibleDuplicate
from screening.records.models import Duplicate

_LOCK_CLASS = 7001


def lock_edges(review: Review) -> None:
    """Lock the review's edges for this transaction; one writer at a time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, review.pk % 2**31]
        )


class MergeForest:
    """The clusters of some records by primary key, with pairs marked as different."""

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
        """Return the kept record of the cluster of ``pk``, perhaps itself."""
        while pk in self.of:
            pk = self.of[pk]
        return pk

    def members(self, pk: int) -> list[int]:
        """Return all records of the cluster of ``pk``, the kept one first."""
        found = [self.root(pk)]
        for member in found:
            found.extend(sorted(self.copies.get(member, ())))
        return found

    def together(self, a: int, b: int) -> bool:
        """Return True if both records are in the same cluster."""
        return self.root(a) == self.root(b)

    def contradiction(self, a: int, b: int) -> tuple[int, int] | None:
        """Return a pair between the two clusters marked as different, or None."""
        if not self.different:
            return None
        right = set(self.members(b))
        for member in self.members(a):
            clash = self.different.get(member, set()) & right
            if clash:
                return member, min(clash)
        return None

    def unite(self, kept: int, other: int) -> None:
        """Make the root ``other`` a duplicate of the root ``kept``."""
        self.of[other] = kept
        self.copies[kept].add(other)


def active_edges(review: Review) -> MergeForest:
    """Return the forest of a whole review, with pairs marked as different."""
    edges = list(
        Duplicate.objects.filter(review=review, undone_at=None).values_list(
            "record_id", "of_id"
        )
    )
    return MergeForest(edges, marked_different(review))


def marked_different(review: Review) -> list[tuple[int, int]]:
    """Return the pairs marked as different; undoing a merge marks one too."""
    answered = PossibleDuplicate.objects.filter(
        review=review, answer=PossibleDuplicate.Answer.DIFFERENT
    )
    return list(answered.values_list("first_id", "second_id"))


def undone_merges(review: Review) -> list[tuple[int, int]]:
    """Return merges that members undid; runs never make them again automatically.

    Edges suspended with an import or withdrawn by a run are left out.
    """
    edges = Duplicate.objects.filter(
        review=review,
        undone_at__isnull=False,
        aside_for=None,
        stands_in_for=None,
        parted_by=None,
    )
    return list(edges.values_list("record_id", "of_id"))
