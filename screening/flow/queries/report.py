"""The values of the methods report: public, the same for all members."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from reviewapp.core.models import Member
from screening.decisions.models import Stage
from screening.decisions.queries import agreement, stages
from screening.decisions.queries.stages import PolicyView, StageView
from screening.flow.queries import flow
from screening.flow.rules.report import MethodsReport, ReviewerPair, StageFacts


def build_report(viewer: Member, *, now: datetime) -> MethodsReport:
    """Return the report of the viewer's review; agreement of closed stages only."""
    rows = Stage.objects.filter(review=viewer.review_id).in_bulk(field_name="code")
    return MethodsReport(
        made_at=now,
        stages=tuple(
            _stage(viewer, rows[view.code], view)
            for view in stages.stage_overview(viewer)
        ),
        flow=flow.build_flow(viewer.review),
    )


def _stage(viewer: Member, stage: Stage, view: StageView) -> StageFacts:
    found = agreement.stage_agreement(viewer, stage)
    subject = "reports" if stage.subject == Stage.Subject.REPORT else "records"
    return StageFacts(
        name=view.name,
        subject=subject,
        is_pool=bool(view.policy and view.policy.is_pool),
        is_alone=bool(view.policy and _is_alone(view.policy)),
        shares=tuple(_shares(view.policy, subject)) if view.policy else (),
        started_at=view.started_at,
        closed_at=view.closed_at,
        total=view.total,
        included=view.decided.include,
        excluded=view.decided.exclude,
        double=found.double if found else 0,
        pairs=tuple(_pair(pair) for pair in found.pairs) if found else None,
    )


def _is_alone(policy: PolicyView) -> bool:
    return policy.pool_size < 2 if policy.is_pool else len(policy.lines) < 2


# By subject, and by whether the rule assigns all of them.
_ASSIGNED = {
    ("records", True): gettext_noop("Assigned to {names}: all records ({count})."),
    ("reports", True): gettext_noop("Assigned to {names}: all reports ({count})."),
    ("records", False): gettext_noop(
        "Assigned to {names}: a random {percent} % of the records ({count}, seed {seed})."
    ),
    ("reports", False): gettext_noop(
        "Assigned to {names}: a random {percent} % of the reports ({count}, seed {seed})."
    ),
}
_SHARED = {
    ("records", True): gettext_noop("Shared by {names}: all records ({count})."),
    ("reports", True): gettext_noop("Shared by {names}: all reports ({count})."),
    ("records", False): gettext_noop(
        "Shared by {names}: a random {percent} % of the records ({count}, seed {seed})."
    ),
    ("reports", False): gettext_noop(
        "Shared by {names}: a random {percent} % of the reports ({count}, seed {seed})."
    ),
}
_POOL = {
    "records": gettext_noop("Each record was screened by any {size} of {names}."),
    "reports": gettext_noop("Each report was screened by any {size} of {names}."),
}


def _shares(policy: PolicyView, subject: str) -> list[str]:
    if policy.is_pool:
        names = policy.lines[0].names if policy.lines else _("no one")
        return [_(_POOL[subject]).format(size=policy.pool_size, names=names)]
    sentences = []
    for line in policy.lines:
        texts = _SHARED if len(line.members) > 1 else _ASSIGNED
        sentences.append(
            _(texts[subject, line.is_whole]).format(
                names=line.names,
                percent=line.percent,
                count=line.drawn,
                seed=policy.seed,
            )
        )
    return sentences


def _pair(pair: agreement.PairAgreement) -> ReviewerPair:
    found = pair.measures
    return ReviewerPair(
        names=_("{first} and {second}").format(first=pair.first, second=pair.second),
        n=found.n,
        observed=found.observed.value,
        kappa=found.kappa.value if found.kappa else None,
        pabak=found.pabak,
        ac1=found.ac1,
    )
