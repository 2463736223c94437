"""Waves of a form. Charting with a form is open while it has an open wave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef

from charting.models import FinalChart, Form, FormWave
from charting.models.charts import ChartRound
from charting.queries import studies
from reviewapp.core.models import Member


@dataclass(frozen=True, slots=True)
class FormWaveView:
    """A wave of a form: ``finalised`` of its ``total`` studies are final."""

    number: int
    opened_at: datetime
    closed_at: datetime | None
    total: int
    finalised: int

    @property
    def waiting(self) -> int:
        """Return the number of studies that are not finalised."""
        return self.total - self.finalised


def open_wave(form: Form) -> FormWave | None:
    """Return the wave of the form that is under way, or None."""
    return FormWave.objects.filter(form=form, closed_at=None).first()


def under_way() -> Exists:
    """Return SQL for forms: does the form have an open wave?"""
    return Exists(FormWave.objects.filter(form=OuterRef("pk"), closed_at=None))


def wave_views(viewer: Member, form: Form) -> tuple[FormWaveView, ...]:
    """Return the waves of a form in order; three queries."""
    included = studies.included_studies(viewer.review)
    totals = _by_wave(
        ChartRound.objects.seen_by(viewer).filter(form=form, study__in=included), "wave"
    )
    finalised = _by_wave(
        FinalChart.objects.filter(form=form, study__in=included), "round__wave"
    )
    return tuple(
        FormWaveView(
            number=wave.number,
            opened_at=wave.opened_at,
            closed_at=wave.closed_at,
            total=totals.get(wave.pk, 0),
            finalised=finalised.get(wave.pk, 0),
        )
        for wave in FormWave.objects.filter(form=form).order_by("number")
    )


def _by_wave(rows: Any, path: str) -> dict[int, int]:
    counted = rows.order_by().values(path).annotate(n=Count("pk"))
    return dict(counted.values_list(path, "n"))
