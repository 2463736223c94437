"""The job ``records.duplicates``: merge certain duplicates, list possible ones.

A review has one run at a time. Results are written in chunks, each checked against the
edges and decisions of that moment. So decisions made in the meantime, a kill, or a
second run do not change the result. ``comparing`` and ``merging`` hold the two steps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.jobs import RunningJob
from reviewapp.core.models import Job, Review
from screening.citations.deduplication.clustering import Merge, UndecidedPair
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries import dedup_settings, keep_order
from screening.duplicates.queries.duplicates import last_run
from screening.duplicates.services import comparing, merge_graph, merging
from screening.duplicates.services.comparing import ComparedSet
from screening.duplicates.services.duplicates import close_merged_pairs
from screening.duplicates.services.merge_graph import MergeForest
from screening.duplicates.services.merge_undo import reopen_separated_pairs
from screening.duplicates.services.merging import ClusterChanges
from screening.records import hooks
from screening.records.models import Duplicate, Import, Record

CHUNK = 2000
_LOCK_CLASS = 7002


def run_deduplication(*, running: RunningJob, now: datetime) -> dict[str, Any]:
    """Compare the records that no run has compared, or all; return the counts."""
    review = running.job.review
    with _one_at_a_time(review):
        seen, batches = _batches_seen(review), _batches_committed(review)
        found, changes = _compare(running, now)
        counts = {
            "parted": _undo_contradicted(running, changes, now),
            "merges": 0,
            "questions": 0,
            "records": len(found.pks),
            "new": len(found.fresh),
        }
        merges = changes.merges
        for done, chunk in _chunks(merges):
            with transaction.atomic():
                running.advance(done, len(merges), _("Merges saved"))
                counts["merges"] += _merge(running.job, chunk, changes.rank, now)
        counts["questions"] = _store_open_pairs(running, changes, now)
        has_news = bool(set(batches) - seen or counts["parted"])
        return _finish(running, counts, has_news, now) | {"batches": batches}


def _compare(running: RunningJob, now: datetime) -> tuple[ComparedSet, ClusterChanges]:
    review = running.job.review
    running.advance(0, 0, _("Reading the records"))
    policy = dedup_settings.get_settings(review)
    found = comparing.compare_records(running=running, policy=policy, now=now)
    # Without new records, members may have decided or restored an import.
    whole = bool(running.params.get("everything")) or not len(found.fresh)
    return found, merging.find_cluster_changes(review, found, policy, whole=whole)


@contextmanager
def _one_at_a_time(review: Review) -> Iterator[None]:
    """Hold a session lock; if the worker dies, the lock ends with its connection."""
    key = [_LOCK_CLASS, review.pk % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", key)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def _batches_committed(review: Review) -> list[str]:
    batches = Import.objects.filter(review=review, state=Import.State.COMMITTED)
    return list(batches.order_by("pk").values_list("code", flat=True))


def _batches_seen(review: Review) -> set[str]:
    """Return the imports that the last finished run compared.

    Records added manually are not listed: they are compared when they are added.
    """
    done = last_run(review.pk)
    return set(done.result.get("batches", ())) if done else set()


@transaction.atomic
def _undo_contradicted(
    running: RunningJob, changes: ClusterChanges, now: datetime
) -> int:
    """Undo automatic merges that later records contradict; return how many."""
    merge_graph.lock_edges(running.job.review)
    edges = Duplicate.objects.filter(pk__in=changes.parted, undone_at=None)
    parted = edges.update(
        undone_at=now, undone_by=running.job.created_by, parted_by=running.job
    )
    if parted:
        reopen_separated_pairs(running.job.review)
    return parted


def _chunks(merges: Sequence[Merge]) -> Iterator[tuple[int, Sequence[Merge]]]:
    """Yield chunks of the merges, each with the number of merges done after it."""
    for start in range(0, len(merges), CHUNK):
        chunk = merges[start : start + CHUNK]
        yield start + len(chunk), chunk


def _merge(
    job: Job, merges: Sequence[Merge], rank: dict[Any, int], now: datetime
) -> int:
    """Write one chunk of edges; decisions made in the meantime take precedence."""
    merge_graph.lock_edges(job.review)
    standing = merge_graph.active_edges(job.review)
    gone = _in_undone_imports(merges)
    ends = {standing.root(int(end)) for m in merges for end in (m.record, m.of)}
    # Decisions may have been made since the run read the records.
    decided = keep_order.decided_ranks(ends)
    order = {pk: (-decided[pk], rank[pk]) for pk in ends if pk in rank}
    edges = [
        edge
        for m in merges
        if not gone & {int(m.record), int(m.of)}
        and (edge := _edge(job, standing, m, order, now)) is not None
    ]
    Duplicate.objects.bulk_create(edges, batch_size=CHUNK)
    return len(edges)


def _in_undone_imports(merges: Sequence[Merge]) -> set[int]:
    """Return the records in these merges whose import was undone during the run."""
    ends = {int(end) for m in merges for end in (m.record, m.of)}
    rows = Record.objects.filter(pk__in=ends, batch__state=Import.State.UNDONE)
    return set(rows.values_list("pk", flat=True))


def _edge(
    job: Job,
    standing: MergeForest,
    merge: Merge,
    order: dict[int, tuple[int, int]],
    now: datetime,
) -> Duplicate | None:
    a, b = standing.root(int(merge.record)), standing.root(int(merge.of))
    if not (a in order and b in order):
        return None  # merged with others in the meantime; the next run handles it
    if a == b or standing.contradiction(a, b):
        return None
    kept, other = (a, b) if order[a] < order[b] else (b, a)
    standing.unite(kept, other)
    return Duplicate(
        review=job.review,
        record_id=other,
        of_id=kept,
        how=Duplicate.How.CERTAIN,
        score=merge.score,
        reasons=list(merge.reasons),
        job=job,
        created_at=now,
        created_by=job.created_by,
    )


@transaction.atomic
def _store_open_pairs(
    running: RunningJob, changes: ClusterChanges, now: datetime
) -> int:
    """Store one open pair for each two clusters, the most similar; return the new ones.

    An open pair between the same clusters keeps its code for anyone who has it open.
    Its records are replaced by the most similar ones.
    """
    review = running.job.review
    merge_graph.lock_edges(review)
    standing = merge_graph.active_edges(review)
    close_merged_pairs(standing, review_id=review.pk, now=now)
    mine, others = _open(review, changes, standing)
    new = []
    for question in changes.questions:
        a, b = sorted((int(question.a), int(question.b)))
        clusters = _clusters(standing, a, b)
        is_settled = standing.together(a, b) or standing.contradiction(a, b)
        if is_settled or clusters in others:
            continue
        if rows := mine.pop(clusters, None):
            _update_open_pair(rows, question)
        else:
            new.append(_pair(review, question, now))
    left = [row.pk for rows in mine.values() for row in rows]
    PossibleDuplicate.objects.filter(pk__in=left).delete()
    made = PossibleDuplicate.objects.bulk_create(new, CHUNK, ignore_conflicts=True)
    return len(made)


PairsByClusters = dict[frozenset[int], list[PossibleDuplicate]]


def _open(
    review: Review, changes: ClusterChanges, standing: MergeForest
) -> tuple[PairsByClusters, PairsByClusters]:
    """Return open pairs by their two clusters: those of runs, and all others.

    The others were reopened by members after a separation, or come from records added
    manually.
    """
    again = {frozenset(pair) for pair in merge_graph.undone_merges(review)}
    mine: PairsByClusters = defaultdict(list)
    others: PairsByClusters = defaultdict(list)
    rows = PossibleDuplicate.objects.filter(
        review=review, answer=PossibleDuplicate.Answer.OPEN
    )
    for row in rows.order_by("pk"):
        a, b = row.first_id, row.second_id
        is_mine = (a, b) in changes.likely and frozenset((a, b)) not in again
        kind = mine if is_mine else others
        kind[_clusters(standing, a, b)].append(row)
    return mine, others


def _update_open_pair(rows: list[PossibleDuplicate], question: UndecidedPair) -> None:
    """Keep one open pair between two clusters, with the most similar records."""
    first, second = sorted((int(question.a), int(question.b)))
    same = [row for row in rows if (row.first_id, row.second_id) == (first, second)]
    kept = same[0] if same else rows[0]
    for row in rows:
        if row.pk != kept.pk:
            row.delete()
    if not same and not PossibleDuplicate.objects.filter(
        first_id=first, second_id=second
    ):
        kept.first_id, kept.second_id, kept.score = first, second, question.score
        kept.reasons_for = list(question.reasons_for)
        kept.reasons_against = list(question.reasons_against)
        kept.save()


def _clusters(standing: MergeForest, a: int, b: int) -> frozenset[int]:
    return frozenset((standing.root(a), standing.root(b)))


def _pair(review: Review, question: UndecidedPair, now: datetime) -> PossibleDuplicate:
    first, second = sorted((int(question.a), int(question.b)))
    return PossibleDuplicate(
        review=review,
        first_id=first,
        second_id=second,
        score=question.score,
        reasons_for=list(question.reasons_for),
        reasons_against=list(question.reasons_against),
        created_at=now,
    )


@transaction.atomic
def _finish(
    running: RunningJob, counts: dict[str, Any], has_news: bool, now: datetime
) -> dict[str, Any]:
    job = running.job
    running.advance(counts["records"], counts["records"])
    events.record(
        review=job.review,
        actor=job.created_by,
        kind="duplicates:searched",
        now=now,
        subject=job.code,
        **counts,
    )
    if has_news:
        # Also without merges, because the imported records are ready now. Merges alone
        # create no assignments (see services/duplicates.py).
        hooks.records_changed.call(review=job.review, actor=job.created_by, now=now)
    return counts
