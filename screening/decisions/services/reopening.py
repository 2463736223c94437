"""Reopening a resolved conflict: its decision is taken back, the votes stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pgtrigger
from django.db import connection, transaction
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.decisions.models import Decision
from screening.decisions.models.rounds import Round
from screening.decisions.queries import reopening
from screening.duplicates.services import merge_graph
from screening.reports import hooks
from screening.reports.models import Report


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The decision that was taken back."""

    round_id: int
    verdict: str
    reason_id: int | None
    decided_at: datetime


@transaction.atomic
def take_back_resolution(*, actor: Member, round_code: str, now: datetime) -> TakenBack:
    """Take back the decision of a resolved conflict, which is open again.

    The caller has kept the resolution and removed what refers to the decision.

    Raises:
        Missing: the actor can see no such round.
        Refused: no adjudicator has resolved it, its wave is closed, or the record has
        moved on.
    """
    require(actor, Action.ADJUDICATE)
    round_ = lock_resolved(actor, round_code)
    decision = Decision.objects.get(round_id=round_.pk)
    _delete(decision, reopening.record_of(round_), now)
    if decision.report_id is not None:
        # The study may not be included any more. Its charts are kept.
        hooks.studies_changed.call(review=actor.review, actor=actor, now=now)
    return TakenBack(
        round_.pk, decision.verdict, decision.reason_id, decision.decided_at
    )


def lock_resolved(actor: Member, round_code: str) -> Round:
    """Lock and return the round of a conflict that can be reopened; raise Refused.

    Retrieval locks a report before it adds rounds, and whoever adds rounds or merges
    holds the lock of merges, so both are locked first. Later rounds are locked before
    their decisions are read, because a vote can decide them in the meantime.
    """
    found = Round.objects.revealed_to(actor).filter(code=round_code)
    round_: Round | None = found.select_related("stage", "report").first()
    if round_ is None:
        raise Missing(_("You can't open this conflict."))
    _resolution(round_)
    reports = Report.objects.filter(record=reopening.record_of(round_))
    list(reports.select_for_update(no_key=True).order_by("pk"))
    merge_graph.lock_edges(actor.review)
    round_ = (
        found.select_for_update(of=("self",), no_key=True)
        .select_related("stage", "wave", "report")
        .get()
    )
    list(reopening.later_rounds(round_).select_for_update(of=("self",), no_key=True))
    decision = _resolution(round_)
    obstacle = reopening.obstacle(round_, decision)
    if obstacle:
        raise Refused(obstacle)
    return round_


def _resolution(round_: Round) -> Decision:
    decision = Decision.objects.filter(round_id=round_.pk).first()
    if decision is None or decision.how != Decision.How.ADJUDICATION:
        raise Refused(_("No adjudicator has resolved this conflict."))
    return decision


def _delete(decision: Decision, record: int, now: datetime) -> None:
    """Delete the decision and set aside what followed from it.

    The stored states follow from the tables.
    """
    rows = Decision.objects.filter(pk=decision.pk)
    with pgtrigger.ignore("decisions.Decision:append_only"):
        rows._raw_delete(rows.db)
    Round.objects.unblinded(reason="a reopened conflict has no decision").filter(
        pk=decision.round_id
    ).update(verdict="", how="", reopened_at=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT decisions_set_aside(%s)", [[record]])
        cursor.execute("SELECT decisions_settle_records(%s)", [[record]])
