"""Deciding who screens what."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from reviewapp.core import events
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, can, require
from reviewapp.core.refusals import Refused
from screening.decisions.models import Policy, PolicyLine, Stage
from screening.decisions.queries import policies
from screening.decisions.rules import sampling
from screening.decisions.services import rounds

# Short enough to be read out; the sample list and the methods text print it.
LARGEST_SEED = 9999

PolicyShare = tuple[Decimal, Sequence[Member]]


@transaction.atomic
def set(  # noqa: A001  (policies.set reads as it should)
    *,
    actor: Member,
    stage: Stage,
    mode: str,
    lines: Sequence[PolicyShare],
    pool_size: int = 2,
    seed: int | None = None,
    now: datetime,
) -> Policy:
    """Set a new version of the stage's policy; the old ones stay on record.

    After the start it only ever adds: seats go to rounds that are not sealed, and
    nobody loses one. The seed and the mode are fixed then, so that what was drawn
    can be drawn again.

    Raises:
        Refused: the lines cannot be filled, or the stage has gone too far for it.
    """
    require(actor, Action.SET_POLICY)
    stage = Stage.objects.select_for_update(no_key=True).get(
        pk=stage.pk, review=actor.review_id
    )
    check(stage=stage, mode=mode, lines=lines, pool_size=pool_size, seed=seed)
    before = policies.in_force(stage)
    if before is not None and (seed is None or stage.started_at is not None):
        seed = before.seed
    policy = Policy.objects.create(
        stage=stage,
        version=before.version + 1 if before else 1,
        mode=mode,
        pool_size=pool_size,
        seed=secrets.randbelow(LARGEST_SEED) + 1 if seed is None else seed,
        created_at=now,
        created_by=actor,
    )
    for no, (share, members) in enumerate(lines, 1):
        whole = Decimal(100) if mode == Policy.Mode.POOL else share
        line = PolicyLine.objects.create(policy=policy, no=no, share=whole)
        line.members.set(members)
    events.record(
        review=actor.review,
        actor=actor,
        kind="policy:set",
        now=now,
        subject=stage.code,
        stage=stage.name,
        mode=mode,
        seed=policy.seed,
        version=policy.version,
        lines=[[str(share), [m.code for m in members]] for share, members in lines],
    )
    rounds.open_rounds(stage=stage, actor=actor, now=now)
    return policy


def check(
    *,
    stage: Stage,
    mode: str,
    lines: Sequence[PolicyShare],
    pool_size: int,
    seed: int | None = None,
) -> None:
    """Raise ``Refused`` with the reason when such a policy cannot be set."""
    if stage.closed_at is not None:
        raise Refused(f"{stage.name} is closed; its policy stays as it was.")
    if not lines or any(not members for _, members in lines):
        raise Refused("Name at least one member in each line.")
    for member in {member for _, members in lines for member in members}:
        if member.review_id != stage.review_id or not can(member, Action.SCREEN):
            raise Refused(f"{member.name} cannot screen in this review.")
    if mode == Policy.Mode.POOL:
        _check_pool(lines, pool_size)
    elif mode == Policy.Mode.FIXED:
        _check_fixed(lines)
    else:
        raise Refused("Choose fixed assignment or an open pool.")
    if stage.started_at is not None:
        _check_change(stage, mode, pool_size, seed)


def _check_pool(lines: Sequence[PolicyShare], pool_size: int) -> None:
    if len(lines) != 1:
        raise Refused("An open pool has one list of members.")
    if not 1 <= pool_size <= len(lines[0][1]):
        raise Refused(
            f"The pool has {len(lines[0][1])} members; the number who read each one "
            "must lie between 1 and that."
        )


def _check_fixed(lines: Sequence[PolicyShare]) -> None:
    for share, _ in lines:
        if not 0 < share <= 100:
            raise Refused("A share lies above 0 and at most at 100 %.")
    crowded = sampling.crowded(
        [
            sampling.Line(no, share, tuple(m.pk for m in members))
            for no, (share, members) in enumerate(lines, 1)
        ]
    )
    if crowded:
        names = " and ".join(str(line.no) for line in crowded)
        raise Refused(
            f"Lines {names} have fewer members than lines: nobody can read the same "
            "record twice. Add a member to one of them."
        )


def _check_change(stage: Stage, mode: str, pool_size: int, seed: int | None) -> None:
    before = policies.in_force(stage)
    if before is None:
        return
    if mode != before.mode:
        raise Refused(
            "Screening has started: fixed assignment and open pool cannot be "
            "exchanged any more."
        )
    if mode == Policy.Mode.POOL and pool_size < before.pool_size:
        raise Refused("Screening has started: the number of readers can only grow.")
    if seed is not None and seed != before.seed:
        raise Refused("Screening has started: the seed of the sample is fixed.")
