"""Duplicate edges of an undone import: suspended, then restored.

Undoing takes a file's records out of their clusters. The rest of a cluster stays
together: if the kept record leaves, the next in rank is kept instead. Restoring
activates the same edges, unless members or later runs have decided differently since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from reviewapp.core.models import Job, Member
from screening.duplicates.queries import keep_order
from screening.duplicates.services import merge_graph
from screening.duplicates.services.merge_graph import MergeForest
from screening.records.models import Duplicate, Import, Record

CHUNK = 2000
# Stored in English like all evidence, and translated when it is shown.
_LOST_KEPT = gettext_noop("both were duplicates of a record whose import was undone")


@dataclass(frozen=True, slots=True)
class RemovalEffect:
    """The effect of removing records from a forest.

    ``lost`` are records whose edge ends. ``heads`` has, for each cluster that would
    fall apart, the roots of its parts.
    """

    lost: tuple[int, ...]
    heads: tuple[tuple[int, ...], ...]


def removal_effect(standing: MergeForest, leaving: set[int]) -> RemovalEffect:
    """Return the edges that end when ``leaving`` leave, and the parts to join."""
    lost: list[int] = []
    heads: list[tuple[int, ...]] = []
    roots = {
        standing.root(pk)
        for pk in leaving
        if pk in standing.of or standing.copies.get(pk)
    }
    for root in sorted(roots):
        members = standing.members(root)
        above = {pk: standing.of.get(pk) for pk in members}
        lost += [
            pk for pk, of in above.items() if of and (pk in leaving or of in leaving)
        ]
        pieces = tuple(
            pk
            for pk, of in above.items()
            if pk not in leaving and (of is None or of in leaving)
        )
        if len(pieces) > 1:
            heads.append(pieces)
    return RemovalEffect(tuple(lost), tuple(heads))


def suspend_edges(*, actor: Member, batch: Import, now: datetime) -> int:
    """Take the import's records out of their clusters; return how many edges ended.

    The caller holds ``merge_graph.lock_edges``.
    """
    standing = merge_graph.active_edges(actor.review)
    leaving = set(Record.objects.filter(batch=batch).values_list("pk", flat=True))
    found = removal_effect(standing, leaving)
    edges = {
        edge.record_id: edge
        for edge in Duplicate.objects.filter(record__in=found.lost, undone_at=None)
    }
    Duplicate.objects.filter(pk__in=[edge.pk for edge in edges.values()]).update(
        undone_at=now, undone_by=actor, aside_for=batch
    )
    ranks = _ranks(pk for heads in found.heads for pk in heads)
    Duplicate.objects.bulk_create(
        (
            _like(edges.get(other), other, kept, actor, now, stands_in_for=batch)
            for heads in found.heads
            for kept, *others in [sorted(heads, key=ranks.__getitem__)]
            for other in others
        ),
        batch_size=CHUNK,
    )
    return len(edges)


def restore_edges(*, actor: Member, batch: Import, now: datetime) -> int:
    """Restore the suspended edges of an import; return how many are active.

    The caller holds ``merge_graph.lock_edges`` and has made the import count again.
    """
    stand_ins = Duplicate.objects.filter(stands_in_for=batch)
    stand_ins.filter(undone_at=None).update(undone_at=now, undone_by=actor)
    stand_ins.update(aside_for=None)
    aside = list(
        Duplicate.objects.filter(aside_for=batch, undone_at__isnull=False)
        .select_related("record__batch", "of__batch")
        .defer("record__raw", "record__abstract", "of__raw", "of__abstract")
        .order_by("pk")
    )
    here = _hand_on(aside)
    standing = merge_graph.active_edges(actor.review)
    again, new = _reunited(here, standing, actor, now)
    Duplicate.objects.filter(pk__in=again).update(
        undone_at=None, undone_by=None, aside_for=None
    )
    Duplicate.objects.bulk_create(new, batch_size=CHUNK)
    return len(again) + len(new)


def restore_run_edges(*, actor: Member, job: Job, now: datetime) -> int:
    """Restore the merges that were undone with a run; return how many are active.

    Those of an undone import wait for it. The caller holds ``merge_graph.lock_edges``.
    """
    undone = list(
        Duplicate.objects.filter(undone_with=job, undone_at__isnull=False)
        .select_related("record__batch", "of__batch")
        .defer("record__raw", "record__abstract", "of__raw", "of__abstract")
        .order_by("pk")
    )
    here = _hand_on(undone)
    standing = merge_graph.active_edges(actor.review)
    again, new = _reunited(here, standing, actor, now)
    Duplicate.objects.filter(pk__in=again).update(undone_at=None, undone_by=None)
    Duplicate.objects.filter(undone_with=job).update(undone_with=None)
    Duplicate.objects.bulk_create(new, batch_size=CHUNK)
    return len(again) + len(new)


def _hand_on(aside: Sequence[Duplicate]) -> list[Duplicate]:
    """Pass edges of other undone imports on to those imports; return the rest."""
    here: list[Duplicate] = []
    waiting: dict[int, list[int]] = defaultdict(list)
    for edge in aside:
        ends = (edge.record.batch, edge.of.batch)
        gone = [end.pk for end in ends if end and end.state == Import.State.UNDONE]
        if gone:
            waiting[gone[0]].append(edge.pk)
        else:
            here.append(edge)
    for batch, edges in waiting.items():
        Duplicate.objects.filter(pk__in=edges).update(aside_for=batch)
    return here


def _reunited(
    aside: Sequence[Duplicate], standing: MergeForest, actor: Member, now: datetime
) -> tuple[list[int], list[Duplicate]]:
    """Return edges to restore as they were, and new ones where the forest has grown."""
    again: list[int] = []
    new: list[Duplicate] = []
    ends = {pk for edge in aside for pk in (edge.record_id, edge.of_id)}
    ranks = _ranks(ends | {standing.root(pk) for pk in ends})
    for edge in aside:
        a, b = standing.root(edge.record_id), standing.root(edge.of_id)
        if a == b or standing.contradiction(a, b):
            continue
        if a == edge.record_id and ranks[b] < ranks[a]:
            standing.unite(edge.of_id, a)
            again.append(edge.pk)
            continue
        kept, other = sorted((a, b), key=ranks.__getitem__)
        standing.unite(kept, other)
        new.append(_like(edge, other, kept, actor, now))
    return again, new


def _ranks(pks: Iterable[int]) -> dict[int, Any]:
    some = set(pks)
    decided = keep_order.decided_ranks(some)
    rows = Record.objects.filter(pk__in=some).only(*keep_order.KEEP_ORDER)
    return {
        record.pk: keep_order.keep_order(record, decided[record.pk]) for record in rows
    }


def _like(
    edge: Duplicate | None,
    record: int,
    of: int,
    actor: Member,
    now: datetime,
    stands_in_for: Import | None = None,
) -> Duplicate:
    """Return a new edge with the reasons of another one."""
    return Duplicate(
        review=actor.review,
        record_id=record,
        of_id=of,
        how=edge.how if edge else Duplicate.How.CERTAIN,
        score=edge.score if edge else None,
        reasons=edge.reasons if edge else [_LOST_KEPT],
        job=edge.job if edge else None,
        created_at=now,
        created_by=edge.created_by if edge else actor,
        stands_in_for=stands_in_for,
    )
