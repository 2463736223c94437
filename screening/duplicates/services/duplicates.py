"""Deduplication: requesting runs, members' decisions, and undoing a merge.

The run itself is in ``finding``. A merge is an edge from a duplicate to another record;
records are never changed or deleted.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from reviewapp.core import events, jobs
from reviewapp.core.models import Job, Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries import keep_order
from screening.duplicates.queries.runs import FIND_JOB
from screening.duplicates.services import merge_graph
from screening.duplicates.services.merge_graph import MergeForest
from screening.records import hooks
from screening.records.models import Duplicate, Import, Record


def request_full_run(*, actor: Member, now: datetime) -> Job:
    """Request a run over all records of the review, in the background.

    Returns the queued run if there is one. Manual decisions and active merges are kept.
    """
    require(actor, Action.DECIDE_DUPLICATES)
    return request_run(actor=actor, now=now, everything=True)


@transaction.atomic
def request_run(*, actor: Member, now: datetime, everything: bool = False) -> Job:
    """Queue a run unless one is queued, without checking permissions.

    ``everything``: compare all records; otherwise only new records are compared, with
    each other and with all the rest.
    """
    merge_graph.lock_edges(actor.review)
    waiting = Job.objects.filter(
        review=actor.review, kind=FIND_JOB, state=Job.State.QUEUED
    )
    job = waiting.order_by("-pk").first()
    if job and (job.params.get("everything") or not everything):
        return job
    job = jobs.enqueue(
        actor=actor,
        kind=FIND_JOB,
        key=str(uuid4()),
        now=now,
        params={"everything": everything},
    )
    events.record(
        review=actor.review,
        actor=actor,
        kind="duplicates:requested",
        now=now,
        subject=job.code,
        everything=everything,
    )
    return job


@transaction.atomic
def decide_pair(
    *, actor: Member, pair_code: str, answer: str, now: datetime
) -> PossibleDuplicate:
    """Store a member's decision on a possible duplicate; ``same`` merges (undoable).

    Other open pairs between the same clusters are closed with it. The same decision
    twice changes nothing.

    Raises:
        Refused: there is another decision, or ``same`` would merge records that were
            marked as different.
    """
    require(actor, Action.DECIDE_DUPLICATES)
    merge_graph.lock_edges(actor.review)
    pair = _get_pair(actor, pair_code)
    standing = merge_graph.active_edges(actor.review)
    return decide_locked_pair(
        actor=actor, pair=pair, answer=answer, standing=standing, now=now
    )


def decide_locked_pair(
    *,
    actor: Member,
    pair: PossibleDuplicate,
    answer: str,
    standing: MergeForest,
    now: datetime,
) -> PossibleDuplicate:
    """Do the work of ``decide_pair`` for a caller that holds ``merge_graph.lock_edges``."""
    if answer not in {
        PossibleDuplicate.Answer.SAME,
        PossibleDuplicate.Answer.DIFFERENT,
    }:
        raise Refused(_("Choose “Same” or “Different”. Nothing was changed."))
    if pair.answer == answer:
        return pair
    if pair.answer != PossibleDuplicate.Answer.OPEN:
        raise Refused(_already_decided(pair))
    _check_both_here(pair)
    if answer == PossibleDuplicate.Answer.SAME:
        _merge(actor=actor, pair=pair, standing=standing, now=now)
    _store_answer(actor=actor, pair=pair, answer=answer, now=now)
    if answer == PossibleDuplicate.Answer.DIFFERENT:
        standing.different[pair.first_id].add(pair.second_id)
        standing.different[pair.second_id].add(pair.first_id)
    close_pairs_between(standing, pair=pair, answer=answer, now=now)
    events.record(
        review=actor.review,
        actor=actor,
        kind="pair:answered",
        now=now,
        subject=pair.code,
        answer=answer,
    )
    # A merge adds no records, so no hook is fired and existing assignments do not
    # change. Undoing it then restores everything.
    return pair


def _get_pair(actor: Member, code: str) -> PossibleDuplicate:
    pair = PossibleDuplicate.objects.filter(review=actor.review, code=code).first()
    if pair is None:
        raise Missing(_("This review has no such pair of records."))
    return pair


def _already_decided(pair: PossibleDuplicate) -> str:
    decision = pair.get_answer_display()
    if pair.answered_by:
        return _(
            "{name} has already decided on this pair: {decision}. To change it, reopen "
            "the pair under Duplicate decisions."
        ).format(name=pair.answered_by.name, decision=decision)
    return _(
        "This pair has already been decided: {decision}. To change it, reopen the pair "
        "under Duplicate decisions."
    ).format(decision=decision)


def _check_both_here(pair: PossibleDuplicate) -> None:
    ends = Record.objects.filter(pk__in=[pair.first_id, pair.second_id])
    if ends.filter(batch__state=Import.State.UNDONE).exists():
        raise Refused(
            _(
                "You can't decide on this pair, because the import of one of the "
                "records was undone. The pair returns if the import is restored."
            )
        )


@transaction.atomic
def reopen_pair(*, actor: Member, pair_code: str, now: datetime) -> PossibleDuplicate:
    """Reopen a pair that was marked as different.

    Raises:
        Refused: it was marked as same (undo the merge instead).
    """
    require(actor, Action.DECIDE_DUPLICATES)
    merge_graph.lock_edges(actor.review)
    pair = _get_pair(actor, pair_code)
    if pair.answer == PossibleDuplicate.Answer.OPEN:
        return pair
    if pair.answer == PossibleDuplicate.Answer.SAME:
        raise Refused(_("These two records are merged. Undo the merge instead."))
    closed_with_it = Q(answered_at=pair.answered_at, answered_by=None)
    PossibleDuplicate.objects.filter(
        Q(pk=pair.pk) | closed_with_it,
        review=actor.review,
        answer=PossibleDuplicate.Answer.DIFFERENT,
    ).update(answer=PossibleDuplicate.Answer.OPEN, answered_at=None, answered_by=None)
    events.record(
        review=actor.review,
        actor=actor,
        kind="pair:reopened",
        now=now,
        subject=pair.code,
    )
    pair.refresh_from_db()
    return pair


@transaction.atomic
def undo_merge(*, actor: Member, merge_code: str, now: datetime) -> Duplicate:
    """Separate a duplicate from its kept record; its own duplicates stay with it.

    Later runs keep the two separate. Undoing twice changes nothing.
    """
    require(actor, Action.DECIDE_DUPLICATES)
    merge_graph.lock_edges(actor.review)
    merges = Duplicate.objects.filter(review=actor.review, code=merge_code)
    duplicate = merges.first()
    if duplicate is None:
        raise Missing(_("This review has no such merge."))
    if duplicate.undone_at:
        return duplicate
    duplicate.undone_at = now
    duplicate.undone_by = actor
    duplicate.save(update_fields=["undone_at", "undone_by"])
    _answer_different(actor=actor, duplicate=duplicate, now=now)
    events.record(
        review=actor.review,
        actor=actor,
        kind="duplicate:undone",
        now=now,
        subject=duplicate.code,
        how=duplicate.how,
    )
    hooks.records_changed.call(review=actor.review, actor=actor, now=now)
    return duplicate


def _answer_different(*, actor: Member, duplicate: Duplicate, now: datetime) -> None:
    """Mark the two clusters as different; the decision can be reopened."""
    first, second = sorted([duplicate.record_id, duplicate.of_id])
    answered = {
        "answer": PossibleDuplicate.Answer.DIFFERENT,
        "answered_at": now,
        "answered_by": actor,
    }
    PossibleDuplicate.objects.update_or_create(
        first_id=first,
        second_id=second,
        defaults=answered,
        create_defaults=answered
        | {
            "review": actor.review,
            "score": duplicate.score or 1.0,
            "reasons_for": duplicate.reasons,
            "created_at": now,
        },
    )
    parted = merge_graph.active_edges(actor.review)
    left, right = parted.members(first), parted.members(second)
    PossibleDuplicate.objects.filter(
        Q(first__in=left, second__in=right) | Q(first__in=right, second__in=left),
        review=actor.review,
    ).exclude(answer=PossibleDuplicate.Answer.DIFFERENT).update(
        answer=PossibleDuplicate.Answer.DIFFERENT, answered_at=now, answered_by=None
    )


def _merge(
    *, actor: Member, pair: PossibleDuplicate, standing: MergeForest, now: datetime
) -> None:
    a, b = pair.first_id, pair.second_id
    if standing.together(a, b):
        return
    clash = standing.contradiction(a, b)
    if clash:
        raise Refused(_clash_sentence(clash))
    roots = [standing.root(a), standing.root(b)]
    kept, other = keep_order.in_keep_order(roots)
    Duplicate.objects.create(
        review=actor.review,
        record=other,
        of=kept,
        how=Duplicate.How.PERSON,
        score=pair.score,
        reasons=pair.reasons_for,
        created_at=now,
        created_by=actor,
    )
    standing.unite(kept.pk, other.pk)


def _clash_sentence(clash: tuple[int, int]) -> str:
    first, second = (
        _("“{title}” ({year})").format(title=title[:80], year=year or _("no year"))
        for title, year in Record.objects.filter(pk__in=clash).values_list(
            "title", "year"
        )
    )
    return _(
        "You can't merge these records, because it would also merge {first} and "
        "{second}, which were marked as different. Nothing was merged. Reopen that "
        "pair, or choose “Different” here."
    ).format(first=first, second=second)


def _store_answer(
    *, actor: Member, pair: PossibleDuplicate, answer: str, now: datetime
) -> None:
    pair.answer = answer
    pair.answered_at = now
    pair.answered_by = actor
    pair.save(update_fields=["answer", "answered_at", "answered_by"])


def close_pairs_between(
    standing: MergeForest, *, pair: PossibleDuplicate, answer: str, now: datetime
) -> None:
    """Close the open pairs between the same two clusters (``answered_by`` None)."""
    left = standing.members(pair.first_id)
    right = standing.members(pair.second_id)
    PossibleDuplicate.objects.filter(
        Q(first__in=left, second__in=right) | Q(first__in=right, second__in=left),
        review=pair.review_id,
        answer=PossibleDuplicate.Answer.OPEN,
    ).update(answer=answer, answered_at=now, answered_by=None)


def close_merged_pairs(standing: MergeForest, *, review_id: int, now: datetime) -> int:
    """Close open pairs whose records are merged by now; return how many."""
    questions = PossibleDuplicate.objects.filter(
        review=review_id, answer=PossibleDuplicate.Answer.OPEN
    ).values_list("pk", "first_id", "second_id")
    joined = [pk for pk, a, b in questions if standing.together(a, b)]
    return PossibleDuplicate.objects.filter(pk__in=joined).update(
        answer=PossibleDuplicate.Answer.SAME, answered_at=now, answered_by=None
    )
