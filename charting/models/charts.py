"""Rounds, assignments and charts: the blinded core of charting.

Only services and queries of ``charting`` import this module (import-linter enforces
it); see reviewapp/core/blinding.py for the rule.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from reviewapp.core.blinding import (
    AssignmentBase,
    Contribution,
    RoundBase,
    contribution_triggers,
)


class ChartRound(RoundBase):
    """One study with one form."""

    form = models.ForeignKey(
        "charting.Form", on_delete=models.PROTECT, related_name="+"
    )
    # A study that comes back without a final chart moves to the next wave.
    wave = models.ForeignKey(
        "charting.FormWave", on_delete=models.PROTECT, related_name="+"
    )
    study = models.ForeignKey(
        "reports.Study", on_delete=models.PROTECT, related_name="+"
    )
    order = models.PositiveIntegerField()

    class Meta(RoundBase.Meta):
        constraints = [
            *RoundBase.Meta.constraints,
            models.UniqueConstraint(
                fields=["form", "study"], name="charting_round_once"
            ),
        ]
        triggers = [
            *RoundBase.Meta.triggers,
            pgtrigger.Protect(
                name="stays_in_its_wave",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.wave_id <> NEW.wave_id AND OLD.audience = 2"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Round {self.code}"


class ChartAssignment(AssignmentBase):
    """The assignment of a study to a member who charts it."""

    form = models.ForeignKey(
        "charting.Form", on_delete=models.PROTECT, related_name="+"
    )
    round = models.ForeignKey(ChartRound, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField()
    draw = models.ForeignKey(
        "charting.FormDraw", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "member"], name="charting_seat_member_once"
            ),
            models.UniqueConstraint(
                fields=["round", "no"],
                condition=Q(vacated_at=None),
                name="charting_seat_no_once",
            ),
        ]
        indexes = [
            # For the list of a member's studies with this form.
            models.Index(
                fields=["form", "member", "order", "id"],
                condition=Q(vacated_at=None),
                name="charting_seat_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"Seat {self.no} of {self.round_id}"


class Chart(Contribution):
    """One member's chart of one study; the newest version counts.

    ``values``: field key → value (str, int, float, bool, list of str), valid by
    ``charting.rules.schema``. ``is_complete``: the member has submitted it.
    """

    round = models.ForeignKey(ChartRound, on_delete=models.PROTECT, related_name="+")
    form_version = models.ForeignKey(
        "charting.FormVersion", on_delete=models.PROTECT, related_name="+"
    )
    values = models.JSONField(default=dict)
    is_complete = models.BooleanField(default=False)

    class Meta(Contribution.Meta):
        triggers = contribution_triggers("charting_chartround", "charting_finalchart")

    def __str__(self) -> str:
        return f"Chart {self.pk}"
