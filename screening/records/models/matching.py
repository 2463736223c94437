"""What people set about duplicates: which copy's field is shown, what counts as one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FieldChoice(models.Model):
    """Somebody chose that a record's value of a field is shown for its whole cluster.

    It holds as long as the record is in the cluster, whichever record is kept; taken
    back by ``undone_at``, never deleted. The newest that stands in a cluster holds.
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
    """What a team counts as one work (rules/policy.py); no row: the usual."""

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
    """Records that one step of a search has compared with each other and all before.

    Flat arrays (services/comparing.py): ``records`` their keys, ``marks`` what candidate
    pairs are found by, ``pairs`` which two are not plainly different, with the score.
    ``version``: of the rules and the team's customs; rows of another version are of no
    use. ``since``: when the first search with that version began. Derived data: it can
    be deleted at any time, and the next search makes it anew.
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
