"""Final charts and resolutions. Tables and figures read nothing else."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from reviewapp.core.codes import new_code


class FinalChart(models.Model):
    """The final values of one study with one form. It is public.

    Created when all charts agree, when the last discrepancy is resolved or, with a
    single reviewer, when charting with the form is closed.
    """

    class How(models.TextChoices):
        AGREEMENT = "agreement", _("Agreement")
        SINGLE = "single", _("Single reviewer")
        RECONCILED = "reconciled", _("Discrepancies resolved")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    form = models.ForeignKey(
        "charting.Form", on_delete=models.PROTECT, related_name="final_charts"
    )
    form_version = models.ForeignKey(
        "charting.FormVersion", on_delete=models.PROTECT, related_name="+"
    )
    round = models.OneToOneField(
        "charting.ChartRound", on_delete=models.PROTECT, related_name="+"
    )
    study = models.ForeignKey(
        "reports.Study", on_delete=models.PROTECT, related_name="final_charts"
    )
    values = models.JSONField(default=dict)
    how = models.CharField(max_length=10, choices=How.choices)
    finalised_at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"Settled chart {self.code}"


class Reconciliation(models.Model):
    """The resolution of a discrepancy in one question; the charts are kept.

    Members whom the round's audience reaches can read it, and all members once the
    study is finalised. Until then a later row for the same question replaces an earlier
    one.
    """

    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    round = models.ForeignKey(
        "charting.ChartRound", on_delete=models.PROTECT, related_name="+"
    )
    field_key = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    rationale = models.TextField(blank=True)
    by = models.ForeignKey("core.Member", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field_key} of {self.round_id}"
