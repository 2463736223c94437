"""The policy in force: the screening assignments of a stage."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Subquery, When

from reviewapp.core.lib.load_once import load_once
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, can
from screening.decisions.models import Policy, PolicyLine, Stage
from screening.decisions.models.rounds import Assignment


@load_once
def _in_force(review_id: int) -> dict[int, Policy]:
    """Return the newest policies by stage (primary key)."""
    found = Policy.objects.filter(stage__review=review_id)
    newest = found.order_by("stage", "-version").distinct("stage")
    return {policy.stage_id: policy for policy in newest}


def policy_in_force(stage: Stage) -> Policy | None:
    """Return the newest policy of the stage, or None if there is none."""
    return _in_force(stage.review_id).get(stage.pk)


def pool_size_sql(stage: Any) -> Subquery:
    """Return SQL: assignments per round of an open pool, NULL with fixed assignment."""
    newest = Policy.objects.filter(stage=stage).order_by("-version")
    pool = Case(When(mode=Policy.Mode.POOL, then=F("pool_size")))
    return Subquery(newest.annotate(places=pool).values("places")[:1])


def pool_size_of(stage: Stage) -> int | None:
    """Return assignments per round of an open pool, or None with fixed assignment."""
    policy = policy_in_force(stage)
    if policy is None or policy.mode == Policy.Mode.FIXED:
        return None
    return policy.pool_size


def stages_to_screen(viewer: Member) -> frozenset[str]:
    """Return the codes of stages with an assignment or a pool of the viewer.

    One query. It depends on the viewer's own assignments and on public policies.
    """
    if not can(viewer, Action.SCREEN):
        return frozenset()
    assigned = Assignment.objects.filter(
        stage=OuterRef("pk"), member=viewer, vacated_at=None
    )
    newest = Policy.objects.filter(stage=OuterRef(OuterRef("pk"))).order_by("-version")
    pool = PolicyLine.objects.filter(
        policy=Subquery(newest.values("pk")[:1]),
        policy__mode=Policy.Mode.POOL,
        members=viewer,
    )
    found = Stage.objects.filter(Exists(assigned) | Exists(pool), review=viewer.review)
    return frozenset(found.values_list("code", flat=True))


def is_in_pool(member: Member, stage: Stage) -> bool:
    """Return True if the open pool of the stage lists the member."""
    policy = policy_in_force(stage)
    return (
        policy is not None
        and policy.mode == Policy.Mode.POOL
        and policy.lines.filter(members=member).exists()
    )
