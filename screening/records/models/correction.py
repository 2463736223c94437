"""Corrections of records: an overlay over values that never change."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from reviewapp.core.codes import new_code


class Correction(models.Model):
    """A member's value for one field of a record, and where it came from.

    The record keeps what its source printed. The newest active correction of a field
    applies to display, search, deduplication and exports. It is withdrawn by setting
    ``undone_at``, never deleted. ``value`` is a text; lines are the items of a list.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(
        "core.Review", on_delete=models.PROTECT, related_name="+"
    )
    record = models.ForeignKey(
        "records.Record", on_delete=models.PROTECT, related_name="corrections"
    )
    field = models.CharField(max_length=20)
    value = models.TextField()
    origin = models.TextField()
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
                name="records_correction_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.record_id}"
