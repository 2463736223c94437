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
    ``seed`` determines the screening order of this wave and ``key`` its samples. The
    key is secret until the wave closes (``queries.samples``).
    """

    stage = models.ForeignKey(
        "decisions.Stage", on_delete=models.PROTECT, related_name="waves"
    )
    number = models.PositiveIntegerField()
    policy = models.ForeignKey(
        "decisions.Policy", on_delete=models.PROTECT, related_name="+"
    )
    seed = models.PositiveIntegerField()
    key = models.CharField(max_length=32)
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


class Draw(models.Model):
    """One draw of a rule in a wave, frozen when it was made.

    Its list is the assignments that refer to it. ``digest`` commits to the list
    (rules/drawing.py) and is public at once. ``start`` is the place of the rule's
    window from this draw on, as a hexadecimal number. ``total``: what had no final
    decision. A subclass adds ``wave``, with ``related_name="draws"``.
    """

    rule = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    share = models.DecimalField(max_digits=5, decimal_places=2)
    start = models.CharField(max_length=16)
    total = models.PositiveIntegerField()
    drawn = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "rule", "number"], name="%(app_label)s_draw_number"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"Draw {self.number} of rule {self.rule}"


class SampleDraw(Draw):
    """A draw of the sample of a stage."""

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="draws")

    class Meta(Draw.Meta):
        pass
