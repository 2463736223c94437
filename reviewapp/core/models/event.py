"""The audit trail: what happened, when, by whom. Append-only."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from reviewapp.core.codes import new_code
from reviewapp.core.models.review import Member, Review


class EventQuerySet(models.QuerySet["Event"]):
    """Events are read through ``visible_to`` only."""

    def visible_to(self, viewer: Member) -> EventQuerySet:
        """Events of the viewer's review that no blinding keeps from them.

        The event of a blinded act (a vote, a chart) is private to its author:
        that someone voted is as hidden as what they voted.
        """
        return self.filter(
            Q(private_to=None) | Q(private_to=viewer), review=viewer.review_id
        )


class Event(models.Model):
    """One thing that happened in a review; ``kind`` is ``noun:verb``."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    actor = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    private_to = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar[models.Manager[Event]] = models.Manager.from_queryset(
        EventQuerySet
    )()

    class Meta:
        indexes = [
            # The trail page: newest first, keyset by (at, code).
            models.Index(fields=["review", "-at", "code"], name="core_event_trail"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
