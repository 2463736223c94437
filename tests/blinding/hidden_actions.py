"""Actions of a member that others must not learn: hidden votes and charts, as values.

An action names a slot, not a row, so that Hypothesis can draw it, print it and run it
in any world.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from reviewapp.core.models import Member
from reviewapp.core.refusals import Refused
from screening.decisions.models.rounds import Assignment, Round
from screening.decisions.services import votes
from tests.blinding.harness import Codes
from tests.blinding.world import World, vote
from tests.charting import factories as charting
from tests.factories import NOW

# A word that no page contains by chance.
CANARY = "Kanarienvogel-7319"
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Act:
    """One hidden action.

    ``where`` is ``title``, ``late`` (the second wave of title and abstract), ``text``,
    ``chart``, ``conflict`` or ``moved`` (full text of a record that was in conflict).
    ``slot`` selects one of
    the rounds that are hidden there (``hidden_rounds``). ``says`` is the verdict, or
    the answer to the form's first choice. ``withdrawn`` withdraws the vote again.
    """

    where: str
    slot: int = 0
    says: str = "include"
    note: str = ""
    reason: int = 0
    hands_in: bool = True
    minutes: int = 0


def hidden_rounds(world: World, author: Member, where: str) -> list[str]:
    """Return rounds in which no action of ``author`` may show: a vote is missing.

    For Ben these are the rounds in which Ada has not voted. For Ada these are the
    rounds with her alone (decided when the stage closes), and the shared ones in which
    Ben has not voted.
    """
    if where == "title":
        is_ada = author == world.cast.ada
        return world.alone[10:14] + world.shared[5:7] if is_ada else world.shared[5:8]
    if where == "late":
        return late_rounds(world, author)
    if where == "conflict":
        # Ada has voted "include" here, so Ben's vote decides whether they disagree.
        return world.shared[4:5]
    if where == "moved":
        return moved_rounds(world)
    return world.full[6:7] if where == "text" else world.charted[3:4]


def moved_rounds(world: World) -> list[str]:
    """Return the round at full text of the record that was in conflict, if it is there.

    Ada and Ben are assigned; nobody has voted.
    """
    rounds = Round.objects.unblinded(reason="tests look behind the curtain")
    record = rounds.get(code=world.shared[2]).record_id
    found = rounds.filter(stage=world.text, report__record=record)
    return list(found.values_list("code", flat=True))


def late_rounds(world: World, author: Member) -> list[str]:
    """Return rounds of the second wave; Ada screens all of them, Ben two.

    Empty if it is not open. As in the first wave, Ada's first rounds are her own.
    """
    rounds = Round.objects.unblinded(reason="tests look behind the curtain").filter(
        stage=world.title, wave__number=2, wave__closed_at=None
    )
    mine = Assignment.objects.filter(member=author, vacated_at=None)
    both = Assignment.objects.filter(member=world.cast.ben, vacated_at=None)
    found = rounds.filter(pk__in=mine.values("round")).order_by("order", "pk")
    shared = list(found.filter(pk__in=both.values("round")))
    alone = [one for one in found if one not in shared]
    return [one.code for one in (*alone[:4], *shared)]


def play(world: World, codes: Codes, author: Member, acts: Sequence[Act]) -> None:
    """Let ``author`` do the actions through the services."""
    with codes.hidden():
        for number, act in enumerate(acts):
            rounds = hidden_rounds(world, author, act.where)
            if not rounds:
                continue
            # Refused actions are skipped, such as a draft of a submitted chart or a
            # vote on a record of an undone import.
            with suppress(Refused):
                _play(world, author, act, rounds[act.slot % len(rounds)], number)


def _play(world: World, author: Member, act: Act, code: str, number: int) -> None:
    now = NOW + timedelta(minutes=act.minutes)
    key = uuid.UUID(int=number + 1)
    if act.where == "chart":
        round_ = next(r for r in charting.rounds_of(world.form) if r.code == code)
        says = "support" if act.says == "include" else "partner"
        design = act.note or "Interviews"
        charting.save(author, round_, complete=act.hands_in, role=says, design=design)
    elif act.says == WITHDRAWN:
        votes.withdraw_vote(actor=author, round_code=code, key=key, now=now)
    else:
        stage = world.text if act.where in {"text", "moved"} else world.title
        reasons = list(stage.reasons.order_by("position"))
        needs = stage.needs_reason and act.says == "exclude"
        reason = reasons[act.reason % len(reasons)] if needs else None
        vote(author, code, act.says, reason=reason, note=act.note, key=key, now=now)
