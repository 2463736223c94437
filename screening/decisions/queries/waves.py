"""Waves of a stage. A stage is open while it has an open wave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from reviewapp.core.lib.load_once import load_once
from reviewapp.core.models import Member
from screening.decisions.models import Stage, Wave
from screening.decisions.queries import stored_counts


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


@load_once
def _open_waves(review_id: int) -> dict[int, Wave]:
    """Return the waves under way by stage (primary key), of which each has one."""
    found = Wave.objects.filter(stage__review=review_id, closed_at=None)
    return {wave.stage_id: wave for wave in found}


def open_wave(stage: Stage) -> Wave | None:
    """Return the wave of the stage that is under way, or None."""
    return _open_waves(stage.review_id).get(stage.pk)


@load_once
def has_closed_wave(stage: Stage) -> bool:
    """Return True if a wave of the stage has been closed."""
    return Wave.objects.filter(stage=stage, closed_at__isnull=False).exists()


def latest_wave(stage: Stage) -> Wave | None:
    """Return the newest wave of the stage, or None before it has started."""
    return Wave.objects.filter(stage=stage).order_by("-number").first()


def under_way() -> Exists:
    """Return SQL for stages: does the stage have an open wave?"""
    return Exists(Wave.objects.filter(stage=OuterRef("pk"), closed_at=None))


@dataclass(frozen=True, slots=True)
class OpenWave:
    """The open wave of a stage, and how many of its records or reports wait."""

    stage_code: str
    stage_name: str
    number: int
    waiting: int


def open_waves(viewer: Member) -> tuple[OpenWave, ...]:
    """Return the open waves of the review in the order of its stages; two queries."""
    counts = stored_counts.round_counts(viewer.review_id)
    waves = Wave.objects.filter(
        stage__review=viewer.review_id, closed_at=None
    ).select_related("stage")
    found = []
    for wave in waves.order_by("stage__position"):
        here = counts.get((wave.stage_id, wave.pk), stored_counts.NOTHING)
        waiting = here.total - here.decided.total
        found.append(OpenWave(wave.stage.code, wave.stage.name, wave.number, waiting))
    return tuple(found)


def wave_views(viewer: Member, stage: Stage) -> tuple[WaveView, ...]:
    """Return the waves of a stage in order; two queries."""
    counts = stored_counts.round_counts(viewer.review_id)
    found = []
    for wave in Wave.objects.filter(stage=stage).order_by("number"):
        here = counts.get((stage.pk, wave.pk), stored_counts.NOTHING)
        found.append(
            WaveView(
                number=wave.number,
                opened_at=wave.opened_at,
                closed_at=wave.closed_at,
                total=here.total,
                decided=here.decided.total,
            )
        )
    return tuple(found)
