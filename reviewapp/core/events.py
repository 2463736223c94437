"""Recording an event: every service that changes something ends with this."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from reviewapp.core import chain
from reviewapp.core.codes import new_code
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
    """Append one event to the review's trail; its chain takes it up at commit.

    ``kind`` is ``noun:verb`` (``member:invited``), ``subject`` the code of what it
    is about, ``data`` JSON values (before/after). ``private``: the act itself is
    blinded (a vote, a chart); only ``actor`` may read the event. No names or e-mail
    addresses of people go into ``data``: it stays when they delete their account.
    """
    owner = actor if private else None
    code = new_code()
    text = chain.canonical(
        code=code,
        review=review.code,
        at=now,
        actor=actor.code if actor else None,
        kind=kind,
        subject=subject,
        data=data,
        private_to=owner.code if owner else None,
    )
    return Event.objects.create(
        code=code,
        review=review,
        actor=actor,
        kind=kind,
        at=now,
        subject=subject,
        data=data,
        private_to=owner,
        digest=chain.digest(text),
    )
