"""Numbers of stages from stored counts, without reading rounds, votes or decisions.

docs/performance.md, Stored counts. ``integrity`` (queries/integrity.py) recounts them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Sum

from reviewapp.core.lib.load_once import load_once
from reviewapp.core.models import Member
from screening.decisions.models import (
    Decision,
    RecordStateTally,
    RoundTally,
    Stage,
    Wave,
)
from screening.decisions.models.rounds import Assignment, AssignmentTally
from screening.decisions.queries import policies


@dataclass(frozen=True, slots=True)
class DecisionCounts:
    """Numbers of final decisions at a stage or in a wave."""

    include: int
    exclude: int

    @property
    def total(self) -> int:
        """Return the number of all final decisions."""
        return self.include + self.exclude


@dataclass(frozen=True, slots=True)
class RoundCounts:
    """What has come to a stage or a wave, and the final decisions on it."""

    total: int
    decided: DecisionCounts


@dataclass(frozen=True, slots=True)
class FlowState:
    """Records with a decision or a report that are in the same state of the flow."""

    source_id: int
    is_excluded: bool
    retrieval: str
    is_report_excluded: bool
    reason_id: int | None
    included_at_id: int | None
    n: int


NOTHING = RoundCounts(0, DecisionCounts(0, 0))


@load_once
def _rounds(review_id: int) -> tuple[tuple[int, int, bool, str, int], ...]:
    """Return numbers of rounds by stage, wave, set aside and verdict; one query."""
    return tuple(
        RoundTally.objects.filter(review=review_id)
        .order_by()
        .values_list("stage", "wave", "is_aside", "verdict")
        .annotate(sum=Sum("n"))
    )


def round_counts(review_id: int) -> dict[tuple[int, int], RoundCounts]:
    """Return the counts by stage and wave (primary keys); one query. All public."""
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for stage, wave, is_aside, verdict, n in _rounds(review_id):
        if not is_aside:
            found[stage, wave][verdict] = n
    return {key: _counts(by_verdict) for key, by_verdict in found.items()}


def has_decided_aside(review_id: int) -> bool:
    """Return True if a round with a decision is set aside; one query."""
    return any(
        is_aside and verdict and n
        for _stage, _wave, is_aside, verdict, n in _rounds(review_id)
    )


def _counts(by_verdict: dict[str, int]) -> RoundCounts:
    include = by_verdict.get(Decision.Verdict.INCLUDE, 0)
    exclude = by_verdict.get(Decision.Verdict.EXCLUDE, 0)
    return RoundCounts(sum(by_verdict.values()), DecisionCounts(include, exclude))


def counts_by_stage(review_id: int) -> dict[int, RoundCounts]:
    """Return the counts by stage (primary key); one query."""
    found: dict[int, RoundCounts] = {}
    for (stage, _wave), one in round_counts(review_id).items():
        before = found.get(stage, NOTHING)
        found[stage] = RoundCounts(
            before.total + one.total,
            DecisionCounts(
                before.decided.include + one.decided.include,
                before.decided.exclude + one.decided.exclude,
            ),
        )
    return found


def counts_by_how(review_id: int, stage_id: int) -> dict[str, int]:
    """Return numbers of decisions at a stage by how they were made; one query."""
    rows = (
        RoundTally.objects.filter(review=review_id, stage=stage_id, is_aside=False)
        .exclude(how="")
        .order_by()
        .values_list("how")
        .annotate(sum=Sum("n"))
    )
    return {how: n for how, n in rows if n}


@load_once
def _assigned(review_id: int) -> dict[tuple[int, int, int], int]:
    """Return numbers of active assignments by stage, wave and member; one query."""
    rows = (
        AssignmentTally.objects.unblinded(
            reason="how many are assigned is public; done and open are added up"
        )
        .filter(review=review_id, is_aside=False, is_vacated=False)
        .order_by()
        .values_list("stage", "wave", "member")
        .annotate(sum=Sum("n"))
    )
    return {(stage, wave, member): n for stage, wave, member, n in rows}


def assigned_by_member(stage: Stage, wave: int | None = None) -> dict[int, int]:
    """Return how many active assignments each member has at a stage, or in a wave.

    Empty for an open pool, where an assignment shows that its member has voted.
    """
    if policies.pool_size_of(stage):
        return {}
    counted: Counter[int] = Counter()
    for (at, here, member), n in _assigned(stage.review_id).items():
        if at == stage.pk and wave in (None, here):
            counted[member] += n
    return {member: n for member, n in counted.items() if n}


def drawn_by_line(wave: Wave) -> dict[int, int]:
    """Return how many rounds of a wave each rule has drawn.

    Removed assignments count too, but once if someone else has taken them over.
    """
    rows = AssignmentTally.objects.unblinded(
        reason="the size of a sample is public; done and open are added up"
    ).filter(review=wave.stage.review_id, stage=wave.stage, wave=wave, is_aside=False)
    active = rows.filter(is_vacated=False).order_by().values_list("no")
    drawn = Counter(dict(active.annotate(sum=Sum("n"))))
    if rows.filter(is_vacated=True).aggregate(sum=Sum("n"))["sum"]:
        taken = Assignment.objects.filter(
            round=OuterRef("round"), no=OuterRef("no"), vacated_at=None
        )
        freed = (
            Assignment.objects.filter(
                ~Exists(taken), wave=wave, is_aside=False, vacated_at__isnull=False
            )
            .order_by()
            .values_list("no")
            .annotate(sum=Count("round", distinct=True))
        )
        drawn.update(dict(freed))
    return dict(drawn)


@load_once
def _own(viewer: Member) -> dict[tuple[int, bool], int]:
    """Return own assignments in open waves by stage and whether they are done."""
    rows = AssignmentTally.objects.own(viewer).filter(
        review=viewer.review_id,
        wave__closed_at=None,
        is_aside=False,
        is_vacated=False,
    )
    counted = rows.order_by().values_list("stage", "is_done").annotate(sum=Sum("n"))
    return {(stage, is_done): n for stage, is_done, n in counted}


def own_counts(viewer: Member, stage: Stage) -> tuple[int, int]:
    """Return how many own assignments in the open wave are done, and all of them."""
    counted = _own(viewer)
    done = counted.get((stage.pk, True), 0)
    return done, done + counted.get((stage.pk, False), 0)


def flow_states(review_id: int) -> list[FlowState]:
    """Return the states of the records that are in the review; one query."""
    rows = (
        RecordStateTally.objects.filter(review=review_id, is_aside=False)
        .order_by()
        .values_list(
            "source",
            "is_excluded",
            "retrieval",
            "is_report_excluded",
            "reason",
            "included_at",
        )
        .annotate(sum=Sum("n"))
    )
    return [FlowState(*row) for row in rows if row[-1]]
