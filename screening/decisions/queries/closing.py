"""What closing a wave, or making single votes final, does and leaves.

Leads read these pages before they decide, and may be blinded themselves. So everything
here is public: assignments, final decisions, marks that members set, and conflicts that
leads resolve. Nothing says who has voted, or how.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef

from reviewapp.core.models import Member
from screening.decisions.models import Stage
from screening.decisions.models.rounds import Assignment, Round
from screening.decisions.queries import (
    conflicts,
    freed_places,
    policies,
    queue,
    stage_items,
    stored_counts,
    waves,
)
from screening.decisions.queries.waves import WaveView
from screening.reports.queries.reports import retrieval_counts


@dataclass(frozen=True, slots=True)
class ClosingView:
    """What stands against closing the open wave, and what closing it leaves.

    Against it: ``unfinished`` members, open ``conflicts``, and rounds ``unassigned`` to
    anyone. Left: ``lost_reviewers`` (rounds with a reviewer less than assigned),
    ``single`` (rounds with one reviewer, whose vote becomes final) and
    ``awaiting_retrieval`` (reports that will open the next wave when retrieved).
    """

    wave: WaveView | None
    is_pool: bool
    unfinished: tuple[str, ...]
    conflicts: int
    unassigned: int
    lost_reviewers: int
    single: int
    awaiting_retrieval: int

    @property
    def is_possible(self) -> bool:
        """Return True if nothing that is public stands against closing."""
        return not (self.unfinished or self.conflicts or self.unassigned)

    @property
    def summary(self) -> str:
        """Return the counts as a text: what the lead has read and agreed to."""
        number = self.wave.number if self.wave else 0
        return f"{number}.{self.lost_reviewers}.{self.single}.{self.awaiting_retrieval}"


def closing_view(viewer: Member, stage: Stage) -> ClosingView:
    """Return what closing the open wave of the stage does."""
    found = waves.wave_views(viewer, stage)
    wave = found[-1] if found and found[-1].closed_at is None else None
    is_pool = policies.pool_size_of(stage) is not None
    sought = 0
    if stage.subject == Stage.Subject.REPORT:
        sought = retrieval_counts(viewer).sought
    return ClosingView(
        wave=wave,
        is_pool=is_pool,
        unfinished=tuple(
            mark.name for mark in queue.finished_marks(stage) if not mark.has_finished
        ),
        conflicts=conflicts.rounds_in_conflict(viewer).filter(stage=stage).count(),
        unassigned=unassigned_rounds(viewer, stage),
        lost_reviewers=freed_places.lost_reviewers(stage),
        single=_single(viewer, stage),
        awaiting_retrieval=sought,
    )


def unassigned_rounds(viewer: Member, stage: Stage) -> int:
    """Return the number of undecided rounds that are assigned to no one."""
    wave = waves.open_wave(stage)
    if wave is None or policies.pool_size_of(stage):
        return 0
    counts = stored_counts.round_counts(viewer.review_id)
    found = counts.get((stage.pk, wave.pk), stored_counts.NOTHING)
    if found.total == found.decided.total:
        return 0
    return int(_undecided(viewer, stage, 0).count())


def has_single_reviewers(viewer: Member, stage: Stage) -> bool:
    """Return True if the open wave has fewer than two assignments for each round.

    From stored counts, for a page that need not know how many.
    """
    wave = waves.open_wave(stage)
    if wave is None or policies.pool_size_of(stage):
        return wave is not None and policies.pool_size_of(stage) == 1
    counts = stored_counts.round_counts(viewer.review_id)
    total = counts.get((stage.pk, wave.pk), stored_counts.NOTHING).total
    assigned = stored_counts.assigned_by_member(stage, wave.pk)
    return sum(assigned.values()) < 2 * total


def single_reviewer_rounds(viewer: Member, stage: Stage) -> int:
    """Return the number of undecided rounds whose single votes can become final now.

    They have one reviewer and no free place. Whether the reviewer has voted is hidden.
    """
    free = freed_places.freed_assignments(stage).filter(round=OuterRef("pk"))
    return _single(viewer, stage, ~Exists(free))


def _single(viewer: Member, stage: Stage, *filters: Any) -> int:
    """Return the number of undecided rounds that one member screens.

    An assignment in an open pool shows that its member has voted, so those are not
    counted: all rounds of a pool have the same number of reviewers.
    """
    size = policies.pool_size_of(stage)
    if size:
        return int(_undecided(viewer, stage).count()) if size == 1 else 0
    return int(_undecided(viewer, stage, 1).filter(*filters).count())


def _undecided(viewer: Member, stage: Stage, n: int | None = None) -> Any:
    """Return undecided rounds of the open wave, with ``n`` active assignments."""
    active = (
        Assignment.objects.filter(round=OuterRef("pk"), vacated_at=None)
        .order_by()
        .values("round")
        .annotate(n=Count("pk"))
    )
    rounds = Round.objects.seen_by(viewer).filter(
        stage_items.subject_in_review(),
        stage=stage,
        verdict="",
        wave__closed_at=None,
    )
    if not n:
        return rounds if n is None else rounds.filter(~Exists(active))
    return rounds.filter(Exists(active.filter(n=n)))
