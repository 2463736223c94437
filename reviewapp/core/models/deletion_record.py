"""Deletion records: what remains of a deleted review."""

from __future__ import annotations

from django.db import models

from reviewapp.core.models.event import append_only


class DeletionRecord(models.Model):
    """The deletion record of one review, in the site's own hash chain (docs/adr/0011).

    It has no title and no names. ``end`` is the latest hash of the review's chain,
    after ``events`` events. With it an exported hash chain file can be proven complete.
    """

    position = models.PositiveIntegerField(unique=True)
    code = models.CharField(max_length=16, unique=True)
    erased_at = models.DateTimeField()
    events = models.PositiveIntegerField()
    end = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.position}: {self.code}"
