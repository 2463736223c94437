"""The values of the methods report: public, the same for all members."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from screening.conflicts.queries.resolved import conflict_facts
from screening.decisions.models import Stage
from screening.decisions.queries import (
    agreement,
    decisions,
    policy_versions,
    progress,
    reviewer_work,
    stages,
)
from screening.decisions.queries.agreement import PairAgreement
from screening.decisions.queries.policy_versions import PolicyVersion
from screening.decisions.queries.stages import StageView
from screening.flow import hooks
from screening.flow.queries import deduplication_facts, flow
from screening.flow.rules.flow import Flow
from screening.flow.rules.report import MethodsReport
from screening.flow.rules.report_stages import (
    Conflicts,
    Resolver,
    ReviewerPair,
    Rules,
    Screened,
    StageFacts,
)


def build_report(viewer: Member, *, now: datetime) -> MethodsReport:
    """Return the report of the viewer's review; votes of closed stages only."""
    rows = Stage.objects.filter(review=viewer.review_id).in_bulk(field_name="code")
    found = flow.build_flow(viewer.review)
    sections = [deduplication_facts.section(viewer)]
    for some in hooks.report_sections.call(viewer):
        sections += some
    return MethodsReport(
        made_at=now,
        stages=tuple(
            _stage(viewer, rows[view.code], view, found)
            for view in stages.stage_overview(viewer)
        ),
        flow=found,
        sections=tuple(sections),
    )


def _stage(viewer: Member, stage: Stage, view: StageView, found: Flow) -> StageFacts:
    versions = policy_versions.versions_in_force(stage)
    how = decisions.counts_by_how(viewer.review, stage)
    screened = _screened(viewer, stage)
    return StageFacts(
        name=view.name,
        subject=view.subject,
        is_pool=bool(versions and versions[-1].is_pool),
        is_alone=all(one.is_alone for one in versions),
        rules=tuple(_rules(one, view) for one in versions),
        started_at=view.started_at,
        closed_at=view.closed_at,
        total=view.total,
        included=view.decided.include,
        excluded=view.decided.exclude,
        agreed=how.get("agreement", 0),
        single=how.get("single", 0),
        waves=tuple(
            (wave.opened_at, wave.closed_at, wave.total) for wave in view.waves
        ),
        work=reviewer_work.reviewer_work(viewer, stage, is_open=False),
        open_work=reviewer_work.reviewer_work(viewer, stage, is_open=True),
        screened=screened,
        conflicts=_conflicts(viewer, stage) if screened else None,
        # Unblinding a whole review adds one line for each of its open stages.
        is_unblinded=any(one.of == view.name for one in found.unblindings),
        progress=_shown_while_open(viewer, stage),
    )


def _shown_while_open(viewer: Member, stage: Stage) -> str:
    """Return what others could see before the closing: progress and agreement."""
    shown = progress.progress_sentence(viewer.review)
    if not stage.shows_agreement:
        return shown
    more = _(
        "Leads who did not screen at this stage could see the agreement so far, from 20 "
        "double-screened records on."
    )
    return f"{shown} {more}"


def _screened(viewer: Member, stage: Stage) -> Screened | None:
    found = agreement.stage_agreement(viewer, stage)
    if found is None:
        return None
    return Screened(
        total=found.total,
        double=found.double,
        single=found.single,
        imported=found.imported,
        pairs=tuple(map(_pair, found.pairs)),
    )


def _pair(pair: PairAgreement) -> ReviewerPair:
    return ReviewerPair(
        names=_("{first} and {second}").format(first=pair.first, second=pair.second),
        measures=pair.measures,
        with_reasons=pair.with_reasons,
    )


def _conflicts(viewer: Member, stage: Stage) -> Conflicts:
    found = conflict_facts(viewer, stage)
    return Conflicts(
        included=found.included,
        excluded=found.excluded,
        verdict=found.about.get("verdict", 0),
        reason=found.about.get("reason", 0),
        unsure=found.about.get("unsure", 0),
        resolvers=tuple(
            Resolver(one.name, one.resolved, one.voted) for one in found.resolvers
        ),
    )


def _rules(version: PolicyVersion, view: StageView) -> Rules:
    is_reports = view.subject == "reports"
    if version.is_pool:
        text = (
            _("each report is screened by any {size} of {names}.")
            if is_reports
            else _("each record is screened by any {size} of {names}.")
        )
        names = version.lines[0].names if version.lines else _("no one")
        return Rules(version.since, (text.format(size=version.pool_size, names=names),))
    sentences = []
    for line in version.lines:
        if line.is_whole:
            text = (
                _("{names}: all reports.") if is_reports else _("{names}: all records.")
            )
            shared = (
                _("{names} share all reports evenly.")
                if is_reports
                else _("{names} share all records evenly.")
            )
        else:
            text = _("{names}: a random {percent} %.")
            shared = _("{names} share a random {percent} % evenly.")
        sentences.append(
            (shared if line.size > 1 else text).format(
                names=line.names, percent=line.percent
            )
        )
    return Rules(version.since, tuple(sentences))
