"""Opening the votes of one round before its time: by a lead, with a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce

from reviewapp.core import events
from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.refusals import Missing, Refused
from screening.decisions.models.rounds import Round, Seat, Verdict
from screening.decisions.services import ballots


@transaction.atomic
def unblind(*, actor: Member, round_code: str, reason: str, now: datetime) -> None:
    """Open a round's votes to the adjudicators, who then settle it.

    It cannot be taken back: the round is sealed, its open seats are freed, and the
    trail tells everybody who did it and why.

    Raises:
        Missing: no such round. Refused: no reason, or it is open already.
    """
    require(actor, Action.SET_POLICY)
    if not reason.strip():
        raise Refused("Say why the votes have to be opened; the team will read it.")
    every = Round.objects.unblinded(reason="a lead unblinds this round, logged")
    round_ = (
        every.filter(code=round_code, review=actor.review_id)
        .select_for_update(no_key=True)
        .first()
    )
    if round_ is None:
        raise Missing("There is no such record at this stage.")
    if round_.audience >= Audience.ADJUDICATORS:
        raise Refused("Its votes are open to the adjudicators already.")
    seats = Seat.objects.filter(round_id=round_.pk, vacated_at=None)
    open_seats = [
        seat.pk
        for seat in ballots.with_standing_vote(seats)
        if seat.verdict in {None, Verdict.WITHDRAWN}
    ]
    Seat.objects.filter(pk__in=open_seats).update(vacated_at=now)
    every.filter(pk=round_.pk).update(
        audience=Audience.ADJUDICATORS,
        sealed_at=Coalesce("sealed_at", now),
        revealed_at=now,
    )
    events.record(
        review=actor.review,
        actor=actor,
        kind="round:unblinded",
        now=now,
        subject=round_.code,
        reason=reason.strip(),
    )
