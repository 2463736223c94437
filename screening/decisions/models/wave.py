"""Waves: a stage is screened and closed wave by wave."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q


class Wave(models.Model):
    """The records or reports of a stage that are screened and closed together.

    Wave 1 opens when the stage starts. What arrives after a wave has closed opens the
    next one. So a stage is open while it has a wave without ``closed_at``; there is at
    most one. When a wave closes, all members can see its votes and none can change.
    ``policy``: the screening assignments in force, at the end those it closed with.
    ``seed`` determines the screening order and the samples of this wave.
    """

    stage = models.ForeignKey(
        "decisions.Stage", on_delete=models.PROTECT, related_name="waves"
    )
    number = models.PositiveIntegerField()
    policy = models.ForeignKey(
        "decisions.Policy", on_delete=models.PROTECT, related_name="+"
    )
    seed = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "number"], name="decisions_wave_number"
            ),
            models.UniqueConstraint(
                fields=["stage"],
                condition=Q(closed_at=None),
                name="decisions_wave_one_open",
            ),
        ]
        triggers = [
            # Closing reveals all votes, and revealed votes cannot be hidden again.
            pgtrigger.Protect(
                name="closed_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__closed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Wave {self.number} of {self.stage_id}"
