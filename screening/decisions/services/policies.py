"""Setting the screening assignments (policy) of a stage."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.codes import new_key
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, can, require
from reviewapp.core.queries.lookup import get_by_code
from reviewapp.core.refusals import Refused
from screening.decisions.models import Decision, Policy, PolicyLine, Stage, Wave
from screening.decisions.models.rounds import Assignment
from screening.decisions.queries import policies
from screening.decisions.queries.names import join_names
from screening.decisions.rules import sampling
from screening.decisions.services import decisions, rounds

# Short enough to read out: the list of assignments and the methods report print it.
LARGEST_SEED = 9999

PolicyShare = tuple[Decimal, Sequence[Member]]


@transaction.atomic
def set_policy(
    *,
    actor: Member,
    stage_code: str,
    mode: str,
    lines: Sequence[PolicyShare],
    pool_size: int = 2,
    seed: int | None = None,
    key: str = "",
    now: datetime,
) -> Policy:
    """Set a new version of the stage's policy and return it; old versions are kept.

    After the start a policy only adds assignments, in rounds without a decision. No one
    loses an assignment. The seed and the mode are fixed then. ``key`` is the secret key
    of the samples, drawn at random if it is empty; only the demo gives one.

    Raises:
        Refused: the rules cannot be filled, or the stage has started or closed and
        does not allow the change.
    """
    require(actor, Action.SET_POLICY)
    stage = get_by_code(Stage.objects.select_for_update(no_key=True), actor, stage_code)
    check_policy(stage=stage, mode=mode, lines=lines, pool_size=pool_size, seed=seed)
    before = policies.policy_in_force(stage)
    if before is not None and (seed is None or stage.started_at is not None):
        seed = before.seed
    policy = Policy.objects.create(
        stage=stage,
        version=before.version + 1 if before else 1,
        mode=mode,
        pool_size=pool_size,
        seed=secrets.randbelow(LARGEST_SEED) + 1 if seed is None else seed,
        key=before.key if before else key or new_key(),
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
    Wave.objects.filter(stage=stage, closed_at=None).update(policy=policy)
    rounds.open_rounds(stage=stage, actor=actor, now=now)
    if mode == Policy.Mode.POOL and before and pool_size < before.pool_size:
        # With fewer votes for each, some have all of theirs already.
        decisions.conclude_rounds(
            pks=_with_votes(stage, pool_size), actor=actor, now=now
        )
    return policy


def _with_votes(stage: Stage, n: int) -> list[int]:
    """Return the undecided rounds of an open pool with ``n`` or more votes.

    In a pool an assignment exists when its member has voted.
    """
    rows = (
        Assignment.objects.filter(
            ~Exists(Decision.objects.filter(round=OuterRef("round"))),
            stage=stage,
            round__wave__closed_at=None,
            vacated_at=None,
        )
        .order_by()
        .values("round")
        .annotate(n=Count("pk"))
        .filter(n__gte=n)
    )
    return list(rows.values_list("round", flat=True))


def check_policy(
    *,
    stage: Stage,
    mode: str,
    lines: Sequence[PolicyShare],
    pool_size: int,
    seed: int | None = None,
) -> None:
    """Raise ``Refused`` with the reason if such a policy cannot be set."""
    if not lines or any(not members for __, members in lines):
        raise Refused(_("Choose at least one member in each rule."))
    for member in {member for __, members in lines for member in members}:
        if member.review_id != stage.review_id or not can(member, Action.SCREEN):
            raise Refused(
                _("{name} can't screen in this review.").format(name=member.name)
            )
    if mode == Policy.Mode.POOL:
        _check_pool(lines, pool_size)
    elif mode == Policy.Mode.FIXED:
        _check_fixed(lines)
    else:
        raise Refused(_("Choose fixed assignment or an open pool."))
    if stage.started_at is not None:
        _check_change(stage, mode, seed)


def _check_pool(lines: Sequence[PolicyShare], pool_size: int) -> None:
    if len(lines) != 1:
        raise Refused(_("An open pool has only one rule. Remove the others."))
    if not 1 <= pool_size <= len(lines[0][1]):
        raise Refused(
            _("Choose between 1 and {n} reviewers for each record.").format(
                n=len(lines[0][1])
            )
        )


def _check_fixed(lines: Sequence[PolicyShare]) -> None:
    for share, __ in lines:
        if not 0 < share <= 100:
            raise Refused(_("A percentage must be above 0 and at most 100."))
    crowded = sampling.overfull_lines(
        [
            sampling.SamplingLine(no, share, tuple(m.pk for m in members))
            for no, (share, members) in enumerate(lines, 1)
        ]
    )
    if crowded:
        sentence = _(
            "Rules {rules} have fewer members than rules: a member can't screen the "
            "same record twice. Add a member to one of them."
        )
        numbers = join_names([str(line.no) for line in crowded])
        raise Refused(sentence.format(rules=numbers))


def _check_change(stage: Stage, mode: str, seed: int | None) -> None:
    before = policies.policy_in_force(stage)
    if before is None:
        return
    if mode != before.mode:
        raise Refused(
            _(
                "Screening has started, so you can't switch between fixed assignment "
                "and an open pool."
            )
        )
    if seed is not None and seed != before.seed:
        raise Refused(_("Screening has started, so the seed can't change."))
