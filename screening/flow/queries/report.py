"""What the report of the screening tells: settled, public, the same for all members."""

from __future__ import annotations

from datetime import datetime

from reviewapp.core.models import Member
from screening.decisions.models import Stage
from screening.decisions.queries import agreement, stages
from screening.decisions.queries.stages import PolicyView, StageView
from screening.flow.queries import flow
from screening.flow.rules.report import Pair, Report, StageTold


def of(viewer: Member, *, now: datetime) -> Report:
    """The report of the viewer's review; agreement of closed stages only."""
    rows = Stage.objects.filter(review=viewer.review_id).in_bulk(field_name="code")
    return Report(
        made_at=now,
        stages=tuple(
            _stage(viewer, rows[view.code], view) for view in stages.overview(viewer)
        ),
        flow=flow.of(viewer.review),
    )


def _stage(viewer: Member, stage: Stage, view: StageView) -> StageTold:
    found = agreement.of_stage(viewer, stage)
    return StageTold(
        name=view.name,
        subject=view.subject,
        is_pool=bool(view.policy and view.policy.is_pool),
        is_alone=bool(view.policy and _is_alone(view.policy)),
        shares=tuple(_shares(view.policy, view)) if view.policy else (),
        started_at=view.started_at,
        closed_at=view.closed_at,
        total=view.total,
        included=view.settled.include,
        excluded=view.settled.exclude,
        double=found.double if found else 0,
        pairs=tuple(_pair(pair) for pair in found.pairs) if found else None,
    )


def _is_alone(policy: PolicyView) -> bool:
    return policy.pool_size < 2 if policy.is_pool else len(policy.lines) < 2


def _shares(policy: PolicyView, view: StageView) -> list[str]:
    if policy.is_pool:
        names = policy.lines[0].names if policy.lines else "nobody"
        return [f"Any {policy.pool_size} of {names} read each of the {view.subject}."]
    told = []
    for line in policy.lines:
        part = "all" if line.is_whole else f"a random {line.percent} % of the"
        seed = "" if line.is_whole else f", seed {policy.seed}"
        many = len(line.members) > 1
        verb = "shared" if many else "read"
        told.append(f"{line.names} {verb} {part} {view.subject} ({line.drawn}{seed}).")
    return told


def _pair(pair: agreement.PairAgreement) -> Pair:
    found = pair.measures
    return Pair(
        names=f"{pair.first} and {pair.second}",
        n=found.n,
        observed=found.observed.value,
        kappa=found.kappa.value if found.kappa else None,
        pabak=found.pabak,
        ac1=found.ac1,
    )
