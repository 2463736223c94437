"""Screening by the simulated team: assignments, votes, resolutions, closing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from reviewapp.core.models import Member
from reviewapp.demo import plan
from reviewapp.demo.loading.people import DemoTeam
from reviewapp.demo.work import Work
from screening.conflicts.services import resolutions
from screening.decisions.models import Policy, Reason, Stage
from screening.decisions.queries import conflicts, policies, queue, waves
from screening.decisions.services import bulk_votes, closing, stages
from screening.decisions.services import policies as policy_services
from screening.decisions.services.bulk_votes import NewVote
from screening.records.models import Record
from screening.reports.models import Report

# Seed of the second reviewer's sample, shown on the assignments page.
SEED = 2022
ALL = Decimal(100)


@dataclass(frozen=True, slots=True)
class WorksByRecord:
    """The works behind the records of a review, by the record's primary key."""

    by_record: dict[int, Work]

    def of_code(self, record_code: str) -> Work:
        """Return the work behind the record with this code."""
        return self.by_record[Record.objects.only("pk").get(code=record_code).pk]


@dataclass(frozen=True, slots=True)
class AssignedWork:
    """An assignment of one reviewer: the round and the work to screen."""

    round_code: str
    work: Work


def stage_of(team: DemoTeam, kind: str) -> Stage:
    """Return the review's only stage of a kind."""
    return Stage.objects.select_related("review").get(
        review=team.lead.review, kind=kind
    )


def start_stage(
    team: DemoTeam,
    stage: Stage,
    *,
    second_share: Decimal,
    reasons: tuple[str, ...],
    now: datetime,
) -> Stage:
    """Set the reasons and the assignments, start the stage and return it.

    The first reviewer screens everything, the second a percentage.
    """
    if stage.started_at is None:
        if reasons:
            stages.set_reasons(
                actor=team.lead, stage_code=stage.code, texts=reasons, now=now
            )
        if policies.policy_in_force(stage) is None:
            policy_services.set_policy(
                actor=team.lead,
                stage_code=stage.code,
                mode=Policy.Mode.FIXED,
                lines=[(ALL, [team.first]), (second_share, [team.second])],
                seed=SEED,
                # Fixed, so that the demo is the same each time. Others are random.
                key=f"{SEED:032x}",
                now=now,
            )
    return stages.start_stage(actor=team.lead, stage_code=stage.code, now=now)


def assigned_work(
    reader: Member, stage: Stage, truth: WorksByRecord
) -> list[AssignedWork]:
    """Return the reviewer's assignments at the stage, in the order of the queue."""
    if stage.subject == Stage.Subject.RECORD:
        path = "round__record"
    else:
        path = "round__report__record"
    rows = queue.own_assignments(reader, stage).order_by("order", "pk")
    return [
        AssignedWork(code, truth.by_record[record])
        for code, record in rows.values_list("round__code", path)
    ]


def vote_all(team: DemoTeam, stage: Stage, truth: WorksByRecord, now: datetime) -> None:
    """Cast the planned votes of both reviewers."""
    first, second = (assigned_work(m, stage, truth) for m in (team.first, team.second))
    double = {seat.round_code for seat in second}
    offered = reasons_of(stage)
    full_text = stage.subject == Stage.Subject.REPORT
    vote_a = plan.full_text_vote_of_a if full_text else plan.vote_of_a
    vote_b = plan.full_text_vote_of_b if full_text else plan.vote_of_b
    of_a = (
        as_new_vote(s, vote_a(s.work.key, double=s.round_code in double), offered)
        for s in first
    )
    bulk_votes.cast_many(actor=team.first, stage_code=stage.code, votes=of_a, now=now)
    of_b = (as_new_vote(seat, vote_b(seat.work.key), offered) for seat in second)
    bulk_votes.cast_many(actor=team.second, stage_code=stage.code, votes=of_b, now=now)


def as_new_vote(
    seat: AssignedWork, vote: plan.PlannedVote, offered: dict[str, Reason]
) -> NewVote:
    """Return the planned vote as the service takes it."""
    reason = offered[vote.reason.value] if vote.reason and offered else None
    return NewVote(seat.round_code, vote.verdict.value, reason, vote.note)


def reasons_of(stage: Stage) -> dict[str, Reason]:
    """Return the reasons of the stage by their text."""
    return {r.text: r for r in Reason.objects.filter(stage=stage, retired_at=None)}


def resolve_conflicts(
    team: DemoTeam,
    stage: Stage,
    truth: WorksByRecord,
    now: datetime,
    *,
    most: int | None = None,
) -> int:
    """Resolve conflicts of the stage as planned; return their number.

    ``most``: the number of conflicts to resolve; the others are left for a visitor.
    """
    waiting = conflicts.open_conflicts(team.admin)
    here = [line for line in waiting if line.stage_code == stage.code][:most]
    offered = reasons_of(stage)
    full_text = stage.subject == Stage.Subject.REPORT
    for line in here:
        work = truth.of_code(line.paper.record_code)
        reason = work.planned.reason if full_text else None
        passes = work.planned.included if full_text else work.planned.passes
        resolutions.resolve(
            actor=team.admin,
            round_code=line.round_code,
            verdict="include" if passes else "exclude",
            reason_code=offered[reason.value].code if reason else "",
            rationale=plan.rationale(work.key, full_text=full_text),
            now=now,
        )
    return len(here)


def is_open(stage: Stage) -> bool:
    """Return True if the stage has an open wave."""
    return waves.open_wave(stage) is not None


def close_stage(team: DemoTeam, stage: Stage, now: datetime) -> None:
    """Mark the screening of both reviewers as finished, then close the stage."""
    if is_open(stage):
        for reader in (team.first, team.second):
            stages.mark_finished(actor=reader, stage_code=stage.code, now=now)
        closing.close_wave(actor=team.lead, stage_code=stage.code, now=now)


def reports_of(team: DemoTeam) -> list[Report]:
    """Return all reports of the review, oldest first."""
    rows = Report.objects.filter(review=team.lead.review)
    return list(rows.select_related("record", "review").order_by("pk"))


def reports_by_work(
    reports: Iterable[Report], truth: WorksByRecord
) -> list[tuple[Report, Work]]:
    """Return reports with the work behind each, ordered by the number of the work."""
    pairs = [(report, truth.by_record[report.record_id]) for report in reports]
    return sorted(pairs, key=lambda pair: pair[1].number)
