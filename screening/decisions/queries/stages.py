"""Stages as pages show them: assignments, final decisions, finished members.

All of it is public: final decisions, assignments and marks that members set
themselves. Nothing here shows the progress of others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef

from reviewapp.core.models import Member
from reviewapp.core.permissions import ROLES, Action
from screening.decisions.models import Decision, Policy, Stage, Wave
from screening.decisions.models.rounds import Assignment
from screening.decisions.queries import (
    decisions,
    policies,
    progress,
    queue,
    reviewer_work,
    screen,
    stage_items,
    stored_counts,
    waves,
)
from screening.decisions.queries.names import join_names
from screening.decisions.queries.queue import FinishedMark
from screening.decisions.queries.screen import ReasonView
from screening.decisions.queries.stored_counts import DecisionCounts
from screening.decisions.queries.waves import WaveView
from screening.decisions.rules import sampling


@dataclass(frozen=True, slots=True)
class PolicyMember:
    """A member in a policy."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PolicyLineView:
    """A rule of a policy in force.

    ``assigned``: how many its members have now. ``screened``: how many votes they have,
    as soon as all votes are visible. Each is None if it is unknown, or if a member is
    in several rules, so that a number would not be that of this rule.
    """

    no: int
    share: Decimal
    members: tuple[PolicyMember, ...]
    assigned: int | None = None
    screened: int | None = None

    @property
    def percent(self) -> str:
        """Return the percentage without trailing zeros, for example "12.5"."""
        return f"{self.share.normalize():f}"

    @property
    def is_whole(self) -> bool:
        """Return True if the rule covers everything."""
        return self.share == 100

    @property
    def names(self) -> str:
        """Return the names of the members as part of a sentence."""
        return join_names([person.name for person in self.members])


@dataclass(frozen=True, slots=True)
class PolicyView:
    """The policy in force at a stage."""

    version: int
    is_pool: bool
    pool_size: int
    seed: int
    lines: tuple[PolicyLineView, ...]
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage. ``total``: number of records or reports that have come to it."""

    code: str
    name: str
    subject: str
    needs_reason: bool
    hides_names: bool
    started_at: datetime | None
    waves: tuple[WaveView, ...]
    total: int
    decided: DecisionCounts
    policy: PolicyView | None
    finished_marks: tuple[FinishedMark, ...]
    reasons: tuple[ReasonView, ...]
    # Names of the members of a pool with their numbers of votes, if these are shown.
    pool_progress: tuple[tuple[str, int], ...] = ()

    @property
    def state(self) -> str:
        """Return "setup", "open" (a wave is under way) or "closed"."""
        if not self.waves:
            return "setup"
        return "open" if self.waves[-1].closed_at is None else "closed"

    @property
    def wave(self) -> WaveView | None:
        """Return the latest wave: the open one, if any."""
        return self.waves[-1] if self.waves else None

    @property
    def closed_at(self) -> datetime | None:
        """Return when the last wave was closed, or None while one is open."""
        return self.waves[-1].closed_at if self.waves else None

    @property
    def wave_total(self) -> int:
        """Return the number of the latest wave, which the assignments divide."""
        return self.waves[-1].total if self.waves else self.total

    @property
    def waiting(self) -> int:
        """Return the number of records or reports without a final decision."""
        return self.total - self.decided.total

    @property
    def all_finished(self) -> bool:
        """Return True if all assigned members have marked themselves as finished."""
        return all(mark.has_finished for mark in self.finished_marks)


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """The assignments of a rule: ``target`` of ``total``, ``drawn`` exist already."""

    no: int
    names: str
    target: int
    drawn: int
    total: int

    @property
    def new(self) -> int:
        """Return the number of assignments that would be added."""
        return max(0, self.target - self.drawn)


def find_stage(viewer: Member, code: str) -> Stage | None:
    """Return the stage ``code`` of the viewer's review, or None."""
    return Stage.objects.filter(review=viewer.review_id, code=code).first()


def stage_overview(viewer: Member) -> list[StageView]:
    """Return all stages in order; only their number affects the number of queries."""
    rows = Stage.objects.filter(review=viewer.review_id).order_by("position")
    counts = decisions.decision_counts(viewer.review)
    return [_view(viewer, stage, counts) for stage in rows]


def stage_detail(viewer: Member, stage: Stage) -> StageView:
    """Return one stage, with the numbers of votes that the viewer may see."""
    view = _view(viewer, stage, decisions.decision_counts(viewer.review))
    if stage.started_at is None or view.policy is None:
        return view
    if view.closed_at is None:
        return _with_progress(view, view.policy, progress.done_by_member(viewer, stage))
    if view.policy.is_pool:
        return view
    lines = view.policy.lines
    counts = {member.code: 0 for line in lines for member in line.members}
    counts |= reviewer_work.votes_by_member(viewer, stage)
    shown = tuple(
        replace(line, screened=count_of_rule(line, lines, counts)) for line in lines
    )
    return replace(view, policy=replace(view.policy, lines=shown))


def _with_progress(
    view: StageView, policy: PolicyView, done: Mapping[str, int] | None
) -> StageView:
    """Add the progress figures, if the review shows them to the viewer."""
    if done is None:
        return view
    marks = (replace(mark, done=done.get(mark.code, 0)) for mark in view.finished_marks)
    pool = policy.lines[0].members if policy.is_pool and policy.lines else ()
    return replace(
        view,
        finished_marks=tuple(marks),
        pool_progress=tuple((one.name, done.get(one.code, 0)) for one in pool),
    )


def _view(viewer: Member, stage: Stage, counts: dict[int, DecisionCounts]) -> StageView:
    found = waves.wave_views(viewer, stage)
    marks = queue.finished_marks(stage) if stage.started_at else []
    return StageView(
        code=stage.code,
        name=stage.name,
        subject="records" if stage.subject == Stage.Subject.RECORD else "reports",
        needs_reason=stage.needs_reason,
        hides_names=stage.hides_names,
        started_at=stage.started_at,
        waves=found,
        total=sum(wave.total for wave in found)
        if stage.started_at
        else stage_items.eligible_subjects(stage).count(),
        decided=counts.get(stage.pk, DecisionCounts(0, 0)),
        policy=_policy(stage, {mark.code: mark.assigned for mark in marks}),
        finished_marks=tuple(marks),
        reasons=screen.offered_reasons(stage),
    )


def assignment_rules(stage: Stage) -> PolicyView | None:
    """Return the policy in force without numbers of assignments, or None."""
    return _policy(stage, None)


def _policy(stage: Stage, assigned: Mapping[str, int] | None) -> PolicyView | None:
    policy = policies.policy_in_force(stage)
    if policy is None:
        return None
    lines = [
        PolicyLineView(
            no=line.no,
            share=line.share,
            members=tuple(
                PolicyMember(member.code, member.name)
                for member in sorted(line.members.all(), key=lambda m: m.pk)
            ),
        )
        for line in policy.lines.prefetch_related("members").order_by("no")
    ]
    is_pool = policy.mode == Policy.Mode.POOL
    is_uncounted = is_pool or assigned is None or waves.open_wave(stage) is None
    return PolicyView(
        version=policy.version,
        is_pool=is_pool,
        pool_size=policy.pool_size,
        seed=policy.seed,
        lines=tuple(lines if is_uncounted else _with_assigned(lines, assigned or {})),
        created_at=policy.created_at,
        created_by=policy.created_by.name,
    )


def _with_assigned(
    lines: Sequence[PolicyLineView], assigned: Mapping[str, int]
) -> list[PolicyLineView]:
    # A member who has left everything has no assignment, which is not unknown.
    held = {member.code: 0 for line in lines for member in line.members} | {**assigned}
    return [replace(line, assigned=count_of_rule(line, lines, held)) for line in lines]


def count_of_rule(
    line: PolicyLineView, lines: Sequence[PolicyLineView], counts: Mapping[str, int]
) -> int | None:
    """Return the sum of the counts of a rule's members, or None if it is unknown.

    It follows the members, not the number of the rule, because the rules of an earlier
    version may have given them their work.
    """
    codes = [member.code for member in line.members]
    others = {m.code for other in lines if other.no != line.no for m in other.members}
    if others.intersection(codes) or not any(code in counts for code in codes):
        return None
    return sum(counts.get(code, 0) for code in codes)


def drawn_by_line(wave: Wave | None, *, undecided: bool = False) -> dict[int, int]:
    """Return the number of assignments that each line has drawn, removed ones too.

    ``undecided``: only those of records and reports without a final decision.
    """
    if wave is None:
        return {}
    if not undecided:
        return stored_counts.drawn_by_line(wave)
    rows = (
        Assignment.objects.filter(
            ~Exists(Decision.objects.filter(round=OuterRef("round"))),
            stage_items.subject_in_review("round__"),
            round__wave=wave,
        )
        .order_by()
        .values("no")
        .annotate(n=Count("round", distinct=True))
    )
    return {row["no"]: row["n"] for row in rows}


def screeners(viewer: Member) -> list[Member]:
    """Return active members who can screen, in the order in which they joined."""
    return list(
        Member.objects.filter(
            review=viewer.review_id, removed_at=None, role__in=ROLES[Action.SCREEN]
        ).order_by("pk")
    )


def preview_assignments(
    viewer: Member, stage: Stage, lines: Sequence[tuple[Decimal, Sequence[Member]]]
) -> list[PreviewLine]:
    """Return what a policy of fixed assignment would draw now, in the open wave.

    What has a final decision gets no further assignment, so it is not counted.
    """
    wave = waves.open_wave(stage)
    if stage.started_at:
        key = (stage.pk, wave.pk if wave else 0)
        counts = stored_counts.round_counts(viewer.review_id)
        found = counts.get(key, stored_counts.NOTHING)
        total = found.total - found.decided.total
    else:
        total = stage_items.eligible_subjects(stage).count()
    drawn = drawn_by_line(wave, undecided=True)
    return [
        PreviewLine(
            no=no,
            names=join_names([member.name for member in members]),
            target=sampling.target_count(share, total),
            drawn=drawn.get(no, 0),
            total=total,
        )
        for no, (share, members) in enumerate(lines, 1)
    ]
