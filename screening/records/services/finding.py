"""The job ``records.duplicates``: compare, merge what is certain, ask the rest.

One search of a review runs at a time. What it finds is written in chunks against
the edges and answers that stand at that moment, so a person who answers meanwhile,
a kill, or a second run changes nothing in the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from reviewapp.core import events, hooks
from reviewapp.core.jobs import Running
from reviewapp.core.models import Job, Review
from screening.records.models import DoubtfulPair, Duplicate, Import, Record
from screening.records.queries import customs
from screening.records.rules.clustering import (
    DuplicateResult,
    Merge,
    Question,
    find_duplicates,
    match_new,
)
from screening.records.rules.reference import Reference
from screening.records.services import forest
from screening.records.services.duplicates import FIND_JOB, close_joined
from screening.records.services.forest import RANK, Forest

CHUNK = 2000
_LOCK_CLASS = 7002
_FIELDS = (
    "pk", "title", "authors", "year", "journal", "volume", "issue", "pages", "doi",
    "pmid", "issn", "abstract", "arm", "batch_id",
)  # fmt: skip


@dataclass(slots=True)
class _Found:
    seen: set[str]
    merges: int = 0
    questions: int = 0


def run(*, running: Running, now: datetime) -> dict[str, Any]:
    """Search the whole review, or what no search has seen; returns the counts."""
    review = running.job.review
    with _one_at_a_time(review):
        before = _batches_seen(review)
        seen = None if running.params.get("everything") else before
        batches = _batches_committed(review)
        references, is_new = _references(review, seen, batches)
        result = _compare(review, references, is_new, running)
        rank = {reference.id: reference.priority for reference in references}
        found = _Found(before)
        for done, merges in _chunks(result.merges):
            with transaction.atomic():
                running.advance(done, len(result.merges), "merges stored")
                found.merges += _merge(running.job, merges, rank, now)
        found.questions = _ask(running, result.questions, now)
        return _finish(running, found, len(references), batches, now)


@contextmanager
def _one_at_a_time(review: Review) -> Iterator[None]:
    """A lock of the session: a worker that dies gives it back with its connection."""
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
    """Imports that the last finished search has compared (entries compare at once)."""
    done = Job.objects.filter(review=review, kind=FIND_JOB, state=Job.State.DONE)
    result = done.order_by("-finished_at").values_list("result", flat=True).first()
    return set((result or {}).get("batches", ()))


def _references(
    review: Review, seen: set[str] | None, batches: Sequence[str]
) -> tuple[list[Reference], set[int]]:
    """All records that count, the one to be kept first; and which of them are new.

    ``seen`` None: all of them are.
    """
    codes = dict(
        Import.objects.filter(review=review, code__in=batches).values_list("pk", "code")
    )
    rows = (
        Record.objects.identified()
        .filter(review=review)
        .order_by(*RANK)
        .values_list(*_FIELDS)
    )
    references: list[Reference] = []
    new: set[int] = set()
    for priority, row in enumerate(rows.iterator(chunk_size=CHUNK)):
        batch = codes.get(row[-1]) if row[-1] else None
        if row[-1] and batch is None:
            continue  # committed after this search began: the next one takes it
        references.append(_reference(row, priority))
        if seen is None or (batch and batch not in seen):
            new.add(row[0])
    return references, new


def _reference(row: Sequence[Any], priority: int) -> Reference:
    pk, title, authors, year, journal, volume, issue, pages = row[:8]
    doi, pmid, issn, abstract, arm, _batch = row[8:]
    return Reference(
        id=pk, title=title, authors=tuple(authors), year=year, journal=journal,
        volume=volume, issue=issue, pages=pages, doi=doi, pmid=pmid, issn=issn,
        isbn=issn, abstract=abstract, arm=arm, priority=priority,
    )  # fmt: skip


def reference_of(record: Record, priority: int) -> Reference:
    """The record as deduplication reads it; ``priority`` lower is kept first."""
    return _reference([getattr(record, name) for name in _FIELDS], priority)


def _compare(
    review: Review, references: list[Reference], new: set[int], running: Running
) -> DuplicateResult:
    standing = forest.standing(review)
    apart = [
        pair
        for pair in {*forest.said_different(review), *forest.undone(review)}
        if not standing.together(*pair)
    ]

    def progress(done: int, total: int) -> None:
        running.advance(done, total, "pairs compared")

    running.advance(0, 0, "Reading the records")
    policy = customs.of(review)
    if len(new) == len(references):
        return find_duplicates(
            references,
            known_different=apart,
            known_same=list(standing.of.items()),
            progress=progress,
            policy=policy,
        )
    return match_new(
        [r for r in references if r.id in new],
        [r for r in references if r.id not in new],
        known_different=apart,
        known_same=list(standing.of.items()),
        progress=progress,
        policy=policy,
    )


def _chunks(merges: Sequence[Merge]) -> Iterator[tuple[int, Sequence[Merge]]]:
    """Pieces of the merges, each with how many are done after it."""
    for start in range(0, len(merges), CHUNK):
        chunk = merges[start : start + CHUNK]
        yield start + len(chunk), chunk


def _merge(
    job: Job, merges: Sequence[Merge], rank: dict[Any, int], now: datetime
) -> int:
    """Write one chunk of edges; what a person has said meanwhile goes first."""
    forest.lock(job.review)
    standing = forest.standing(job.review)
    gone = _gone(merges)
    edges = [
        edge
        for m in merges
        if not gone & {int(m.record), int(m.of)}
        and (edge := _edge(job, standing, m, rank, now)) is not None
    ]
    Duplicate.objects.bulk_create(edges, batch_size=CHUNK)
    return len(edges)


def _gone(merges: Sequence[Merge]) -> set[int]:
    """Records of these whose import was undone while the search went on."""
    ends = {int(end) for m in merges for end in (m.record, m.of)}
    rows = Record.objects.filter(pk__in=ends, batch__state=Import.State.UNDONE)
    return set(rows.values_list("pk", flat=True))


def _edge(
    job: Job, standing: Forest, merge: Merge, rank: dict[Any, int], now: datetime
) -> Duplicate | None:
    a, b = standing.root(int(merge.record)), standing.root(int(merge.of))
    if a == b or standing.contradiction(a, b):
        return None
    kept, other = (a, b) if rank[a] < rank[b] else (b, a)
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
def _ask(running: Running, questions: Sequence[Question], now: datetime) -> int:
    """Store open questions, one for each two clusters: the likeliest."""
    review = running.job.review
    forest.lock(review)
    standing = forest.standing(review)
    close_joined(standing, review_id=review.pk, now=now)
    asked = {
        _clusters(standing, a, b)
        for a, b in DoubtfulPair.objects.filter(
            review=review, answer=DoubtfulPair.Answer.OPEN
        ).values_list("first_id", "second_id")
    }
    pairs = []
    for question in sorted(questions, key=lambda q: -q.score):
        a, b = int(question.a), int(question.b)
        clusters = _clusters(standing, a, b)
        if standing.together(a, b) or clusters in asked:
            continue
        if standing.contradiction(a, b) is None:
            asked.add(clusters)
            pairs.append(_pair(review, question, now))
    made = DoubtfulPair.objects.bulk_create(pairs, CHUNK, ignore_conflicts=True)
    return len(made)


def _clusters(standing: Forest, a: int, b: int) -> frozenset[int]:
    return frozenset((standing.root(a), standing.root(b)))


def _pair(review: Review, question: Question, now: datetime) -> DoubtfulPair:
    first, second = sorted((int(question.a), int(question.b)))
    return DoubtfulPair(
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
    running: Running, found: _Found, compared: int, batches: list[str], now: datetime
) -> dict[str, Any]:
    job = running.job
    running.advance(compared, compared)
    counts: dict[str, Any] = {"merges": found.merges, "questions": found.questions}
    events.record(
        review=job.review,
        actor=job.created_by,
        kind="duplicates:searched",
        now=now,
        subject=job.code,
        records=compared,
        **counts,
    )
    if set(batches) - found.seen:
        # Also when nothing was merged: the records imported are ready now. Without
        # new ones, merges alone deal no places (see services/duplicates.py).
        hooks.fire("records:changed", review=job.review, actor=job.created_by, now=now)
    return counts | {"records": compared, "batches": batches}
