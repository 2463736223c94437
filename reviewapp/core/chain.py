"""The arithmetic of the audit trail's hash chains; pure (docs/adr/0009).

An event's *digest* is the SHA-256 of its canonical JSON. A chain's link is the SHA-256
of ``previous:position:digest``, where ``previous`` is the hash before it, and for the
first link the chain's genesis: the review's code, for the private chain of a member
``review/member``. The database makes the links (models/event.py), so that nothing can
write an event that is in no chain; anybody can recompute them from an export.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any


def genesis(review: str, member: str = "") -> str:
    """What a chain begins with: codes of the review and, if private, its member."""
    return f"{review}/{member}" if member else review


def canonical(
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
    """The event as JSON in its one form: keys sorted, no spaces, UTC, codes for people.

    Names are not in it: they can be replaced by a pseudonym without breaking a chain.
    Whole floats are written as integers, as the database gives them back.
    """
    event = {
        "actor": actor,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "code": code,
        "data": _plain(json.loads(json.dumps(data))),
        "kind": kind,
        "private_to": private_to,
        "review": review,
        "subject": subject,
    }
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def digest(text: str) -> str:
    """SHA-256 of a canonical event, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def link(previous: str, position: int, digest: str) -> str:
    """The hash of the link at ``position`` (from 1) of an event with this digest."""
    return hashlib.sha256(f"{previous}:{position}:{digest}".encode()).hexdigest()
