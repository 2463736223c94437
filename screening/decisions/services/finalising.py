"""Making single-screened votes final while the wave is open.

So what one reviewer has included can go on, for example to retrieval, while the wave is
still screened. The votes themselves stay hidden until the wave closes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.queries.lookup import get_by_code
from reviewapp.core.refusals import Refused
from screening.decisions.models import Decision, Stage, Wave
from screening.decisions.models.rounds import Round
from screening.decisions.queries import freed_places, policies, stage_items, waves
from screening.decisions.services import decisions, round_votes


@transaction.atomic
def finalise_singles(*, actor: Member, stage_code: str, now: datetime) -> int:
    """Make the votes by single reviewers in the open wave final; return their number.

    A record with a free place is left out, because someone can still take it over.
    Records that are decided here can't be screened by a second reviewer any more.

    Raises:
        Refused: the stage has no open wave.
    """
    require(actor, Action.SET_POLICY)
    stage = get_by_code(Stage.objects.select_for_update(no_key=True), actor, stage_code)
    wave = waves.open_wave(stage)
    if wave is None:
        raise Refused(_("{stage} is not open.").format(stage=stage.name))
    results = _single_votes(wave)
    Round.objects.unblinded(reason="a vote by the only reviewer becomes final").filter(
        pk__in=[one.round_id for one in results]
    ).update(sealed_at=now)
    events.record(
        review=actor.review,
        actor=actor,
        kind="singles:finalised",
        now=now,
        subject=stage.code,
        stage=stage.name,
        wave=wave.number,
        n=len(results),
    )
    decisions.decide_rounds(
        stage=stage, results=results, how=Decision.How.SINGLE, actor=actor, now=now
    )
    return len(results)


def _single_votes(wave: Wave) -> list[decisions.RoundResult]:
    free = freed_places.freed_assignments(wave.stage).filter(round=OuterRef("pk"))
    undecided: list[Any] = list(
        Round.objects.unblinded(reason="a vote by the only reviewer becomes final")
        .filter(
            ~Exists(Decision.objects.filter(round=OuterRef("pk"))),
            ~Exists(free),
            stage_items.subject_in_review(),
            wave=wave,
            sealed_at=None,
        )
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    votes = round_votes.ballots_of_rounds(
        [round_.pk for round_ in undecided], places=policies.pool_size_of(wave.stage)
    )
    found = [(round_, votes.get(round_.pk, [])) for round_ in undecided]
    return decisions.single_vote_results(wave.stage, found)
