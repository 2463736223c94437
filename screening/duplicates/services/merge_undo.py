"""Undoing merges of a whole cluster or a whole run.

Records, votes, reports and files stay as they are; only edges change.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import combinations

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Job, Member, Review
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries.runs import FIND_JOB
from screening.duplicates.services import merge_graph, suspended_merges
from screening.duplicates.services.merge_graph import MergeForest
from screening.records import hooks
from screening.records.models import Duplicate, Record

CHUNK = 2000


@transaction.atomic
def undo_cluster(*, actor: Member, record_code: str, now: datetime) -> int:
    """Separate all records of a cluster; return how many merges were undone.

    Later runs will not merge any two of them. Each merge is listed among the decisions
    and can be reopened. Undoing twice changes nothing.
    """
    require(actor, Action.DECIDE_DUPLICATES)
    merge_graph.lock_edges(actor.review)
    record = Record.objects.filter(review=actor.review, code=record_code).first()
    if record is None:
        raise Missing(_("This review has no such record."))
    cluster = merge_graph.active_edges(actor.review).members(record.pk)
    edges = list(Duplicate.objects.filter(record__in=cluster, undone_at=None))
    if not edges:
        return 0
    Duplicate.objects.filter(pk__in=[edge.pk for edge in edges]).update(
        undone_at=now, undone_by=actor
    )
    _keep_apart(actor, cluster, edges, now)
    events.record(
        review=actor.review,
        actor=actor,
        kind="cluster:undone",
        now=now,
        subject=record.code,
        merges=len(edges),
    )
    hooks.records_changed.call(review=actor.review, actor=actor, now=now)
    return len(edges)


def _keep_apart(
    actor: Member, cluster: list[int], edges: Iterable[Duplicate], now: datetime
) -> None:
    """Mark all pairs as different; merged pairs count as this member's decisions."""
    merged = {frozenset((edge.record_id, edge.of_id)): edge for edge in edges}
    pairs = []
    for first, second in combinations(sorted(cluster), 2):
        edge = merged.get(frozenset((first, second)))
        pairs.append(
            PossibleDuplicate(
                review=actor.review,
                first_id=first,
                second_id=second,
                score=(edge.score if edge else None) or 1.0,
                reasons_for=edge.reasons if edge else [],
                answer=PossibleDuplicate.Answer.DIFFERENT,
                created_at=now,
                answered_at=now,
                answered_by=actor if edge else None,
            )
        )
    PossibleDuplicate.objects.bulk_create(
        pairs,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["answer", "answered_at", "answered_by"],
    )


@transaction.atomic
def undo_run(*, actor: Member, run_code: str, now: datetime) -> int:
    """Undo all active merges of one run; return how many.

    The run's open pairs stay open. Later runs will not make these merges automatically,
    and ``restore_run`` restores them. Undoing twice changes nothing.
    """
    require(actor, Action.DECIDE_DUPLICATES)
    merge_graph.lock_edges(actor.review)
    job = _finished_run(actor, run_code)
    undone = Duplicate.objects.filter(job=job, undone_at=None).update(
        undone_at=now, undone_by=actor, undone_with=job
    )
    if undone:
        reopen_separated_pairs(actor.review)
        _tell(actor, job, "duplicates:run_undone", now, undone)
    return undone


@transaction.atomic
def restore_run(*, actor: Member, run_code: str, now: datetime) -> int:
    """Restore the merges of a run that were undone together; return how many.

    Merges that members have decided differently since are not restored.
    """
    require(actor, Action.DECIDE_DUPLICATES)
    merge_graph.lock_edges(actor.review)
    job = _finished_run(actor, run_code)
    restored = suspended_merges.restore_run_edges(actor=actor, job=job, now=now)
    if restored:
        _tell(actor, job, "duplicates:run_restored", now, restored)
    return restored


def _finished_run(actor: Member, code: str) -> Job:
    runs = Job.objects.filter(review=actor.review, kind=FIND_JOB, code=code)
    job = runs.first()
    if job is None:
        raise Missing(_("This is not a deduplication run of this review."))
    if job.state in {Job.State.QUEUED, Job.State.RUNNING}:
        raise Refused(
            _("This run has not finished. Nothing was changed. Try again later.")
        )
    return job


def reopen_separated_pairs(review: Review) -> None:
    """Reopen pairs that were closed only because their records were merged."""
    standing: MergeForest = merge_graph.active_edges(review)
    closed = PossibleDuplicate.objects.filter(
        review=review, answer=PossibleDuplicate.Answer.SAME, answered_by=None
    ).values_list("pk", "first_id", "second_id")
    parted = [pk for pk, a, b in closed if not standing.together(a, b)]
    PossibleDuplicate.objects.filter(pk__in=parted).update(
        answer=PossibleDuplicate.Answer.OPEN, answered_at=None
    )


def _tell(actor: Member, job: Job, kind: str, now: datetime, merges: int) -> None:
    events.record(
        review=actor.review,
        actor=actor,
        kind=kind,
        now=now,
        subject=job.code,
        merges=merges,
    )
    hooks.records_changed.call(review=actor.review, actor=actor, now=now)
