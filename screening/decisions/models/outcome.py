"""The settled result of a round: the only thing the rest of the program knows."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.codes import new_code


class Outcome(models.Model):
    """How a subject left a stage. Exists ⇔ the round is settled and public.

    ``agreement``: all seats (two or more) agreed. ``single``: one seat; made when
    the stage closes, since until then the lead may still add a second screener.
    ``adjudication``: an adjudicator settled a disagreement or an "unsure".
    Subjects are repeated here so that lists never join a round.
    """

    class How(models.TextChoices):
        AGREEMENT = "agreement", _("Agreement")
        SINGLE = "single", _("Single reviewer")
        ADJUDICATION = "adjudication", _("Conflict resolution")

    class Verdict(models.TextChoices):
        INCLUDE = "include", _("Include")
        EXCLUDE = "exclude", _("Exclude")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    stage = models.ForeignKey(
        "decisions.Stage", on_delete=models.PROTECT, related_name="outcomes"
    )
    round = models.OneToOneField(
        "decisions.Round", on_delete=models.PROTECT, related_name="+"
    )
    record = models.ForeignKey(
        "records.Record", on_delete=models.PROTECT, null=True, related_name="outcomes"
    )
    report = models.ForeignKey(
        "reports.Report", on_delete=models.PROTECT, null=True, related_name="outcomes"
    )
    verdict = models.CharField(max_length=7, choices=Verdict.choices)
    reason = models.ForeignKey(
        "decisions.Reason", on_delete=models.PROTECT, null=True, related_name="+"
    )
    how = models.CharField(max_length=12, choices=How.choices)
    settled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(record__isnull=False) ^ Q(report__isnull=False),
                name="decisions_outcome_one_subject",
            ),
            # Exactly one primary reason for an excluded report (features.md I6).
            models.CheckConstraint(
                condition=Q(report=None)
                | Q(verdict="include", reason=None)
                | Q(verdict="exclude", reason__isnull=False),
                name="decisions_outcome_report_reason",
            ),
        ]
        indexes = [
            # The flow and its lists: who left a stage how.
            models.Index(
                fields=["stage", "verdict", "reason"], name="decisions_outcome_flow"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"Outcome {self.code}"
