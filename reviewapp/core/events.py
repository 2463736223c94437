"""Recording an event: every service that changes something ends with this."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from reviewapp.core.models import Event, Member, Review


def record(
    *,
    review: Review,
    actor: Member | None,
    kind: str,
    now: datetime,
    subject: str = "",
    private: bool = False,
    **data: Any,
) -> Event:
    """Append one event to the review's trail.

    ``kind`` is ``noun:verb`` (``member:invited``), ``subject`` the code of what it
    is about, ``data`` JSON values (before/after). ``private``: the act itself is
    blinded (a vote, a chart); only ``actor`` may read the event.
    """
    return Event.objects.create(
        review=review,
        actor=actor,
        kind=kind,
        at=now,
        subject=subject,
        data=data,
        private_to=actor if private else None,
    )
