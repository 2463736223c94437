"""The audit trail: what happened, when, by whom. Append-only, hash-chained."""

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


# At commit, so that a chain is locked for the commit only: a lock taken where the
# event is recorded would be held while the service goes on to lock other rows, and
# two services could wait for one another (docs/adr/0009).
LINK = """
    PERFORM pg_advisory_xact_lock(
        hashtextextended('event chain ' || NEW.review_id || ' ' || _owner, 0)
    );
    SELECT position, hash INTO _last FROM core_eventlink
        WHERE review_id = NEW.review_id AND owner = _owner
        ORDER BY position DESC LIMIT 1;
    IF _last.position IS NULL THEN
        _previous := (SELECT code FROM core_review WHERE id = NEW.review_id)
            || COALESCE('/' || (SELECT code FROM core_member WHERE id = _owner), '');
    ELSE
        _previous := _last.hash;
    END IF;
    _position := COALESCE(_last.position, 0) + 1;
    INSERT INTO core_eventlink (event_id, review_id, owner, position, hash)
        VALUES (
            NEW.id, NEW.review_id, _owner, _position,
            encode(sha256(convert_to(
                _previous || ':' || _position || ':' || NEW.digest, 'UTF8'
            )), 'hex')
        );
    RETURN NULL;
"""


def append_only() -> list[pgtrigger.Trigger]:
    """Triggers that let rows come and never change or go."""
    return [
        pgtrigger.Protect(
            name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
        ),
        pgtrigger.Trigger(
            name="no_truncate",
            when=pgtrigger.Before,
            level=pgtrigger.Statement,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'The rows of % are append-only', TG_TABLE_NAME;",
        ),
    ]


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
    # SHA-256 of the event's canonical JSON (core/chain.py).
    digest = models.CharField(max_length=64)

    objects: ClassVar[models.Manager[Event]] = models.Manager.from_queryset(
        EventQuerySet
    )()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="core_event_has_digest",
            ),
        ]
        indexes = [
            # The trail page: newest first, keyset by (at, code).
            models.Index(fields=["review", "-at", "code"], name="core_event_trail"),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="link",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[
                    ("_owner", "BIGINT := COALESCE(NEW.private_to_id, 0)"),
                    ("_last", "RECORD"),
                    ("_position", "INTEGER"),
                    ("_previous", "TEXT"),
                ],
                func=LINK,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class EventLink(models.Model):
    """An event's place in its chain; made by the database when it commits.

    A review has one chain of what everybody may read, and one for each member's
    private events: positions and hashes of a shared chain would tell members that
    there are events they may not see.
    """

    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, primary_key=True, related_name="link"
    )
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    # The member whose private chain it is; 0: the review's own.
    owner = models.BigIntegerField()
    position = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            # A chain cannot fork.
            models.UniqueConstraint(
                fields=["review", "owner", "position"], name="core_eventlink_place"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.position}: {self.hash}"
