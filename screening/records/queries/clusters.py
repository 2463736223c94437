"""Duplicate clusters, read along the active edges with one query each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db import connection

from reviewapp.core.models import Review

# Edges form a forest (models.Duplicate), so following them can't loop.
_KEPT = """
WITH RECURSIVE walk(start, pk) AS (
    SELECT pk, pk FROM unnest(%s::bigint[]) AS given(pk)
    UNION ALL
    SELECT walk.start, edge.of_id
    FROM walk JOIN records_duplicate edge
      ON edge.record_id = walk.pk AND edge.undone_at IS NULL
)
SELECT start, pk FROM walk
WHERE NOT EXISTS (
    SELECT FROM records_duplicate edge
    WHERE edge.record_id = walk.pk AND edge.undone_at IS NULL
)
"""
_MEMBERS = """
WITH RECURSIVE walk(kept, pk, depth) AS (
    SELECT pk, pk, 0 FROM unnest(%s::bigint[]) AS given(pk)
    UNION ALL
    SELECT walk.kept, edge.record_id, walk.depth + 1
    FROM walk JOIN records_duplicate edge
      ON edge.of_id = walk.pk AND edge.undone_at IS NULL
)
SELECT kept, pk FROM walk ORDER BY kept, depth, pk
"""


# Merges of records into a kept record, at any depth. A loop of merges has no kept
# record, so it is never reached.
_MERGED = """
WITH RECURSIVE edge AS (
    SELECT record_id, of_id FROM records_duplicate
    WHERE review_id = %s AND undone_at IS NULL
), walk(pk) AS (
    SELECT record_id FROM edge
    WHERE NOT EXISTS (SELECT FROM edge up WHERE up.record_id = edge.of_id)
    UNION ALL
    SELECT edge.record_id FROM walk JOIN edge ON edge.of_id = walk.pk
)
SELECT count(*) FROM walk JOIN records_record record ON record.id = walk.pk
LEFT JOIN records_import batch ON batch.id = record.batch_id
WHERE batch.id IS NULL OR batch.state = 'committed'
"""


def count_merged(review: Review) -> int:
    """Return the number of records that were merged into a kept record."""
    with connection.cursor() as cursor:
        cursor.execute(_MERGED, [review.pk])
        return int(cursor.fetchone()[0])


def kept_of(pks: Collection[int]) -> dict[int, int]:
    """Return the kept record of each record's cluster (itself for a single record)."""
    return dict(_rows(_KEPT, pks))


def cluster_members(kept: Collection[int]) -> dict[int, list[int]]:
    """Return all records of each kept record's cluster, the kept one first."""
    found: dict[int, list[int]] = defaultdict(list)
    for root, pk in _rows(_MEMBERS, kept):
        found[root].append(pk)
    return dict(found)


def _rows(sql: str, pks: Collection[int]) -> list[tuple[int, int]]:
    if not pks:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, [sorted(set(pks))])
        return [(int(start), int(end)) for start, end in cursor.fetchall()]
