"""What pages read instead of counting a review (docs/performance.md, Stored counts).

One small state per subject: ``Round`` (is its record in the review, and its decision),
``Assignment`` (is it done) and ``RecordState`` (where a record is in the flow); and
counters of each (``AssignmentTally`` is in rounds.py). ``stored_state_sql`` has the triggers that keep them.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from reviewapp.core.models import Tally


def counter_key(to: str, **options: Any) -> Any:
    """Return a foreign key of a counter, which triggers copy from checked rows."""
    return models.ForeignKey(
        to,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        **options,
    )


class RoundTally(Tally):
    """The number of rounds by wave, by decision ("" if none), and set aside or not.

    All of it is public.
    """

    KEYS: ClassVar = ("stage", "wave", "is_aside", "verdict", "how")

    stage = counter_key("decisions.Stage")
    wave = counter_key("decisions.Wave")
    is_aside = models.BooleanField()
    verdict = models.CharField(max_length=7)
    how = models.CharField(max_length=12)

    class Meta(Tally.Meta):
        verbose_name_plural = "round tallies"


class RecordState(models.Model):
    """Where a record is in the flow, once it has a decision or a report.

    ``retrieval`` is "" without a report. ``included_at``: the last report stage that
    has included the report.
    """

    record = models.OneToOneField(
        "records.Record",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    source = counter_key("records.Source")
    is_aside = models.BooleanField(default=False)
    is_excluded = models.BooleanField(default=False)
    retrieval = models.CharField(max_length=13, default="")
    is_report_excluded = models.BooleanField(default=False)
    reason = counter_key("decisions.Reason", null=True)
    included_at = counter_key("decisions.Stage", null=True)

    def __str__(self) -> str:
        return f"State of {self.record_id}"


class RecordStateTally(Tally):
    """The number of records in each state of the flow, by source."""

    KEYS: ClassVar = (
        "source",
        "is_aside",
        "is_excluded",
        "retrieval",
        "is_report_excluded",
        "reason",
        "included_at",
    )

    source = counter_key("records.Source")
    is_aside = models.BooleanField()
    is_excluded = models.BooleanField()
    retrieval = models.CharField(max_length=13)
    is_report_excluded = models.BooleanField()
    reason = counter_key("decisions.Reason", null=True)
    included_at = counter_key("decisions.Stage", null=True)

    class Meta(Tally.Meta):
        verbose_name_plural = "record state tallies"
