"""Waves of a stage. A stage is open while it has an open wave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef

from reviewapp.core.models import Member
from screening.decisions.models import Decision, Stage, Wave
from screening.decisions.models.rounds import Round
from screening.decisions.queries import stage_items


@dataclass(frozen=True, slots=True)
class WaveView:
    """A wave of a stage: ``decided`` of its ``total`` records or reports are final."""

    number: int
    opened_at: datetime
    closed_at: datetime | None
    total: int
    decided: int

    @property
    def waiting(self) -> int:
        """Return the number of records or reports without a final decision."""
        return self.total - self.decided


def open_wave(stage: Stage) -> Wave | None:
    """Return the wave of the stage that is under way, or None."""
    return Wave.objects.filter(stage=stage, closed_at=None).first()


def latest_wave(stage: Stage) -> Wave | None:
    """Return the newest wave of the stage, or None before it has started."""
    return Wave.objects.filter(stage=stage).order_by("-number").first()


def under_way() -> Exists:
    """Return SQL for stages: does the stage have an open wave?"""
    return Exists(Wave.objects.filter(stage=OuterRef("pk"), closed_at=None))


def wave_views(viewer: Member, stage: Stage) -> tuple[WaveView, ...]:
    """Return the waves of a stage in order; three queries."""
    counts = stage_items.subject_in_review("", stage.subject)
    totals = _by_wave(Round.objects.seen_by(viewer).filter(counts, stage=stage), "wave")
    decided = _by_wave(
        Decision.objects.filter(counts, stage=stage, review=viewer.review_id),
        "round__wave",
    )
    return tuple(
        WaveView(
            number=wave.number,
            opened_at=wave.opened_at,
            closed_at=wave.closed_at,
            total=totals.get(wave.pk, 0),
            decided=decided.get(wave.pk, 0),
        )
        for wave in Wave.objects.filter(stage=stage).order_by("number")
    )


def _by_wave(rows: Any, path: str) -> dict[int, int]:
    counted = rows.order_by().values(path).annotate(n=Count("pk"))
    return dict(counted.values_list(path, "n"))
