"""Which record of a cluster is kept.

A record with a final decision is kept before one without, so that a merge never takes
a decided record out of the counts; of two decided ones, the record that came further
(``records.hooks.decided_records``). Then databases and registers come before other
methods, then the earliest import, then the position in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from screening.records import hooks
from screening.records.models import Record

# Of records that came equally far, the first one in this ascending order is kept.
KEEP_ORDER = ("arm", "added_at", "batch_id", "position", "pk")


def decided_ranks(pks: Collection[int]) -> Counter[int]:
    """Return how far each of the records came by final decisions; 0 for no decision."""
    found: Counter[int] = Counter()
    for ranks in hooks.decided_records.call(pks):
        found.update(ranks)
    return found


def in_keep_order(pks: Collection[int]) -> list[Record]:
    """Return the records, the one that a merge would keep first."""
    decided = decided_ranks(pks)
    rows = Record.objects.filter(pk__in=pks).defer("raw", "abstract")
    return sorted(rows, key=lambda record: keep_order(record, decided[record.pk]))


def keep_order(record: Record, decided: int) -> tuple[Any, ...]:
    """Return the sort key of one record: the lowest of a cluster is kept.

    ``decided``: how far it came (``decided_ranks``).
    """
    by_hand = record.batch_id is None
    batch = record.batch_id or 0
    place = (record.added_at, by_hand, batch, record.position, record.pk)
    return (-decided, record.arm, *place)
