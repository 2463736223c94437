"""The final decision of a round, which the rest of the program reads."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.codes import new_code


class Decision(models.Model):
    """A final decision: how a record or report left a stage.

    It exists if and only if the round is decided, and it is public. ``agreement``:
    all reviewers (two or more) agreed. ``single``: one reviewer; it is made when the
    stage closes, because the lead can add a second reviewer until then.
    ``adjudication``: an adjudicator resolved a disagreement or an "unsure". Record
    and report are stored here too, so that lists do not join a round.
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
        "decisions.Stage", on_delete=models.PROTECT, related_name="decisions"
    )
    round = models.OneToOneField(
        "decisions.Round", on_delete=models.PROTECT, related_name="+"
    )
    record = models.ForeignKey(
        "records.Record", on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    report = models.ForeignKey(
        "reports.Report", on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    verdict = models.CharField(max_length=7, choices=Verdict.choices)
    reason = models.ForeignKey(
        "decisions.Reason", on_delete=models.PROTECT, null=True, related_name="+"
    )
    how = models.CharField(max_length=12, choices=How.choices)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(record__isnull=False) ^ Q(report__isnull=False),
                name="decisions_decision_one_subject",
            ),
            # Exactly one primary reason for an excluded report (PRISMA identity I6).
            models.CheckConstraint(
                condition=Q(report=None)
                | Q(verdict="include", reason=None)
                | Q(verdict="exclude", reason__isnull=False),
                name="decisions_decision_report_reason",
            ),
        ]
        indexes = [
            # The flow and its lists look up decisions by stage, verdict and reason.
            models.Index(
                fields=["stage", "verdict", "reason"], name="decisions_decision_flow"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"Decision {self.code}"
