"""Arithmetic of the audit log's hash chains, without I/O (docs/adr/0009).

An event's *digest* is the SHA-256 of its canonical JSON. A link of a chain is the
SHA-256 of ``previous:position:digest``. ``previous`` is the hash of the link before.
For the first link it is the genesis of the chain: the review's code, or
``review/member`` for a member's private chain. The database makes the links
(models/event.py), so that no code can write an event outside a chain. Anyone can
recompute the links from an export.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any


def chain_genesis(review: str, member: str = "") -> str:
    """Return the start of a review's chain, or of a member's private chain."""
    return f"{review}/{member}" if member else review


def canonical_json(
    *,
    code: str,
    review: str,
    at: datetime,
    actor: str | None,
    kind: str,
    subject: str,
    data: dict[str, Any],
    private_to: str | None,
) -> str:
    """Return the event as JSON with sorted keys, no spaces, UTC and codes of people.

    It has no names, so a pseudonym can replace a name without breaking a chain. Whole
    floats become integers, as the database returns them.
    """
    event = {
        "actor": actor,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "code": code,
        "data": _whole_floats_as_integers(json.loads(json.dumps(data))),
        "kind": kind,
        "private_to": private_to,
        "review": review,
        "subject": subject,
    }
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _whole_floats_as_integers(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole_floats_as_integers(each) for each in value]
    if isinstance(value, dict):
        return {name: _whole_floats_as_integers(each) for name, each in value.items()}
    return value


def event_digest(text: str) -> str:
    """Return the SHA-256 of a canonical event as hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def link_hash(previous: str, position: int, digest: str) -> str:
    """Return the hash of the link at ``position`` (from 1) for this digest."""
    return hashlib.sha256(f"{previous}:{position}:{digest}".encode()).hexdigest()
