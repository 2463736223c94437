"""Verification of the audit log: every link of every hash chain, recomputed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reviewapp.core import hash_chain
from reviewapp.core.models import Event, EventLink, Member, Review


@dataclass(frozen=True, slots=True)
class AuditLogCheck:
    """The result of a verification; ``broken`` describes the first broken link."""

    review: str
    events: int
    chains: int
    broken: str = ""
    # Latest hash of the review's public chain. A later run with ``--expect`` checks
    # that the chain still contains it.
    end: str = ""


def verify_audit_log(review: Review, *, expect: str = "") -> AuditLogCheck:
    """Recompute all chains of ``review``, private ones included; reveals no content.

    This is for operators, not for members. ``expect`` is a hash kept elsewhere (from an
    export), which must be in one of the chains.
    """
    ends: dict[int, tuple[int, str]] = {}
    owners = dict(Member.objects.filter(review=review).values_list("pk", "code"))
    events, is_expected = 0, not expect
    for row in _chain_links(review):
        owner = owners.get(row.owner, "")
        position, previous = ends.get(
            row.owner, (0, hash_chain.chain_genesis(review.code, owner))
        )
        fault = _link_fault(row, position + 1, previous)
        if fault:
            where = f"the private chain of member {owner}" if owner else "the chain"
            place = f"{review.code}, {where}, position {position + 1}: {fault}"
            return AuditLogCheck(review.code, events, len(ends) or 1, place)
        ends[row.owner] = (row.position, row.hash)
        is_expected = is_expected or row.hash == expect
        events += 1
    return AuditLogCheck(
        review.code,
        events,
        len(ends),
        _event_outside_chains(review)
        or ("" if is_expected else _missing_hash(review, expect)),
        ends.get(0, (0, ""))[1],
    )


def _chain_links(review: Review) -> Iterator[Any]:
    rows = EventLink.objects.filter(review=review).order_by("owner", "position")
    people = ("event__actor", "event__private_to", "event__review")
    return rows.select_related(*people).iterator(chunk_size=2000)


def _link_fault(row: Any, position: int, previous: str) -> str:
    event = row.event
    name = f"event {event.code} ({event.kind}, {event.at:%Y-%m-%d %H:%M:%S})"
    if row.position != position:
        return f"the event is missing; the next event is {name}"
    if (event.private_to_id or 0) != row.owner or event.review_id != row.review_id:
        return f"{name} is in a chain it does not belong to"
    if event.digest != hash_chain.event_digest(canonical_event(event)):
        return f"{name} differs from what was recorded"
    if row.hash != hash_chain.link_hash(previous, position, event.digest):
        return f"{name} does not follow the previous event"
    return ""


def canonical_event(event: Event) -> str:
    """Return the event's canonical JSON; its relations should be loaded."""
    return hash_chain.canonical_json(
        code=event.code,
        review=event.review.code,
        at=event.at,
        actor=event.actor.code if event.actor else None,
        kind=event.kind,
        subject=event.subject,
        data=event.data,
        private_to=event.private_to.code if event.private_to else None,
    )


def _event_outside_chains(review: Review) -> str:
    event = Event.objects.filter(review=review, link=None).order_by("pk").first()
    return f"{review.code}: event {event.code} is in no chain" if event else ""


def _missing_hash(review: Review, expect: str) -> str:
    return f"{review.code}: no event has the hash {expect}"
