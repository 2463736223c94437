"""Field values chosen by a member for a cluster of duplicates."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


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
