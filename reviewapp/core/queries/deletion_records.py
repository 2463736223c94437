"""The site's own hash chain of deletion records."""

from __future__ import annotations

import json
from datetime import UTC

from reviewapp.core import hash_chain
from reviewapp.core.models import DeletionRecord, Review

GENESIS = "erased"


def find_deletion_record(code: str) -> DeletionRecord | None:
    """Return the deletion record of the review that had this code, or None."""
    return DeletionRecord.objects.filter(code=code).first()


def deletion_record_digest(stone: DeletionRecord) -> str:
    """Return the SHA-256 of a deletion record's canonical JSON."""
    at = stone.erased_at.astimezone(UTC).isoformat(timespec="microseconds")
    told = {"end": stone.end, "erased_at": at, "events": stone.events}
    text = json.dumps({**told, "review": stone.code}, sort_keys=True)
    return hash_chain.event_digest(text)


def verify_deletion_records() -> tuple[int, str]:
    """Return the number of verified records, and the first fault or ""."""
    previous, place = GENESIS, 0
    stones = DeletionRecord.objects.order_by("position")
    for stone in stones.iterator():
        name = f"the deletion record of review {stone.code}"
        if stone.position != place + 1:
            return place, f"deletion record {place + 1} is missing before {name}"
        if stone.hash != hash_chain.link_hash(
            previous, stone.position, deletion_record_digest(stone)
        ):
            return place, f"{name} differs from what was recorded"
        previous, place = stone.hash, stone.position
    back = Review.objects.filter(code__in=stones.values("code")).first()
    return (
        place,
        f"review {back.code} still exists although it was deleted" if back else "",
    )
