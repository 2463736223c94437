"""What is left of a review that was erased: that there was one, and where it ended."""

from __future__ import annotations

from django.db import models

from reviewapp.core.models.event import append_only


class Tombstone(models.Model):
    """One erased review, in the instance's own chain (docs/adr/0011).

    No title, no names. ``end`` is the hash in which the review's chain of ``events``
    events ended: whoever kept a ``trail.jsonl`` can show that it was the whole.
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
