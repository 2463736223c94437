"""Deduplication choices of a team, and the stored results of comparisons."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FieldChoice(models.Model):
    """A member's choice to show this record's value of a field for the whole cluster.

    It applies as long as the record is in the cluster, whichever record is kept. It is
    withdrawn by setting ``undone_at``, never deleted. The newest active choice of a
    cluster applies.
    """

    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    record = models.ForeignKey(
        "records.Record", on_delete=models.PROTECT, related_name="+"
    )
    field = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "field"],
                condition=Q(undone_at=None),
                name="records_field_choice_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.record_id}"


class Custom(models.Model):
    """A team's deduplication settings; without a row, the defaults apply."""

    class Treatment(models.TextChoices):
        DUPLICATE = "duplicate", _("Duplicates: screened once")
        RELATED = "related", _("Related: screened separately")

    review = models.OneToOneField(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    cochrane_updates = models.CharField(max_length=9, choices=Treatment.choices)
    preprints = models.CharField(max_length=9, choices=Treatment.choices)
    congress_abstracts = models.CharField(max_length=9, choices=Treatment.choices)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"Customs of {self.review_id}"


class ComparedRecords(models.Model):
    """The result of one step of a run: compared records and their likely pairs.

    Flat arrays: ``records`` has their primary keys, ``marks`` their blocking keys, and
    ``pairs`` the pairs that are not certainly different, with scores. ``version`` names
    the rules and the team's settings; rows of another version are not used. ``since``
    is when the first run with that version started. This is derived data: it can be
    deleted at any time, and the next run rebuilds it.
    """

    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    job = models.ForeignKey(
        "core.Job", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    version = models.CharField(max_length=100)
    since = models.DateTimeField()
    records = models.BinaryField()
    marks = models.BinaryField()
    pairs = models.BinaryField()

    def __str__(self) -> str:
        return f"{len(self.records) // 8} records of {self.review_id}"
