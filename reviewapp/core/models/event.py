"""The audit log: what happened, when, and by whom. Append-only, linked by hashes."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from reviewapp.core.codes import new_code
from reviewapp.core.models.review import Member, Review


class EventQuerySet(models.QuerySet["Event"]):
    """A query set of events; read it only through ``visible_to``."""

    def visible_to(self, viewer: Member) -> EventQuerySet:
        """Return the events of the viewer's review that the viewer may read.

        The event of a blinded action (a vote, a chart) is private to its author:
        whether someone voted is as hidden as how they voted.
        """
        return self.filter(
            Q(private_to=None) | Q(private_to=viewer), review=viewer.review_id
        )


# This runs at commit, so that a chain is locked only during the commit. A lock taken
# when the event is recorded would be held while the service locks other rows, and two
# services could block each other (docs/adr/0009).
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
    """Return triggers that allow inserts but no updates, deletes or truncation."""
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
    """One action in a review; ``kind`` is ``noun:verb``."""

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
    # SHA-256 of the event's canonical JSON (core/hash_chain.py).
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
            # For the audit log page: newest first, keyset pages by (at, code).
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
    """An event's position in its hash chain; the database creates it at commit.

    A review has one public chain, and one for each member's private events. In a shared
    chain, positions and hashes would reveal that there are events a member may not
    read.
    """

    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, primary_key=True, related_name="link"
    )
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    # The member of a private chain; 0 for the review's public chain.
    owner = models.BigIntegerField()
    position = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            # Two events can't have the same position in a chain.
            models.UniqueConstraint(
                fields=["review", "owner", "position"], name="core_eventlink_place"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.position}: {self.hash}"
