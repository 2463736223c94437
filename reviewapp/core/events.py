"""Recording of events in the audit log, and the labels that the log shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from reviewapp.core import hash_chain
from reviewapp.core.codes import new_code
from reviewapp.core.models import Event, Member, Review

Label = str | Promise

_labels: dict[str, Label] = {}
_detail_labels: dict[str, Label] = {}


def add_labels(
    kinds: Mapping[str, Label], details: Mapping[str, Label] | None = None
) -> None:
    """Register labels of event kinds and of the keys of their data.

    Call it in ``AppConfig.ready``. Kinds and keys are hashed with each event and never
    change; their labels may. Apps that use the same key share its label.
    """
    _labels.update(kinds)
    _detail_labels.update(details or {})


def event_label(kind: str) -> str:
    """Return the label of an event kind, or words made from the kind itself."""
    words = kind.replace(":", " ").replace("_", " ").capitalize()
    return str(_labels.get(kind, words))


def detail_label(name: str) -> str:
    """Return the label of a key of an event's data, or the key if it has none."""
    return str(_detail_labels.get(name, name))


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
    """Append one event to the audit log; it joins its hash chain at commit.

    ``kind`` is ``noun:verb`` (``member:invited``). ``subject`` is the code of the item.
    ``data`` holds JSON values (before, after). ``private``: the action itself is
    blinded (a vote, a chart), and only ``actor`` may read the event. Put no names or
    email addresses of people into ``data``, because it is kept when they delete their
    account.
    """
    owner = actor if private else None
    code = new_code()
    text = hash_chain.canonical(
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
        digest=hash_chain.digest(text),
    )
