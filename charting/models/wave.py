"""Waves of charting: a form is charted and closed wave by wave."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from screening.decisions.models.wave import Draw


class FormWave(models.Model):
    """The studies of a form that are charted and closed together.

    Wave 1 opens when charting starts. A study that is included after a wave has closed
    opens the next one. When a wave closes, all members can see its charts and none can
    change. ``seed`` determines the order and ``key`` the sample for double charting. The
    key is secret until the wave closes (queries/draws.py).
    """

    form = models.ForeignKey(
        "charting.Form", on_delete=models.PROTECT, related_name="waves"
    )
    number = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    key = models.CharField(max_length=32)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["form", "number"], name="charting_wave_number"
            ),
            models.UniqueConstraint(
                fields=["form"],
                condition=Q(closed_at=None),
                name="charting_wave_one_open",
            ),
        ]
        triggers = [
            # Closing reveals all charts, and they cannot be hidden again.
            pgtrigger.Protect(
                name="closed_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Wave {self.number} of {self.form_id}"


class FormDraw(Draw):
    """A draw of the sample for double charting."""

    wave = models.ForeignKey(FormWave, on_delete=models.PROTECT, related_name="draws")

    class Meta(Draw.Meta):
        pass
