"""Possible duplicates, the team's settings and the data of deduplication runs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.codes import new_code


class PossibleDuplicate(models.Model):
    """A possible duplicate: two records that need a decision; decisions are kept."""

    class Answer(models.TextChoices):
        OPEN = "open", _("Not decided")
        SAME = "same", _("Same")
        DIFFERENT = "different", _("Different")

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    # first.pk < second.pk, so that each pair is stored once.
    first = models.ForeignKey(
        "records.Record", on_delete=models.PROTECT, related_name="+"
    )
    second = models.ForeignKey(
        "records.Record", on_delete=models.PROTECT, related_name="+"
    )
    score = models.FloatField()
    reasons_for = models.JSONField(default=list)
    reasons_against = models.JSONField(default=list)
    answer = models.CharField(max_length=9, choices=Answer.choices, default=Answer.OPEN)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "core.Member", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], name="duplicates_pair_once"
            ),
            models.CheckConstraint(
                condition=Q(first__lt=models.F("second")), name="duplicates_pair_order"
            ),
        ]
        indexes = [
            # For the open pairs of a review, most similar first.
            models.Index(
                fields=["review", "-score", "id"],
                condition=Q(answer="open"),
                name="duplicates_pair_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}: {self.answer}"


class DedupSettings(models.Model):
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
