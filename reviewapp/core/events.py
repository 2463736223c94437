"""Recording of events in the audit log, and the labels that the log shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.functional import Promise

from reviewapp.core import hash_chain, hooks
from reviewapp.core.codes import new_code
from reviewapp.core.models import Event, Member, Review

Label = str | Promise


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of event kinds, of the keys of their data, and of stored choices.

    ``details`` has the keys. ``choices`` has the choices of a model by event kind and
    key. Kinds, keys and values are hashed with each event and never change; their
    labels may. Apps that use the same key share its label.
    """

    kinds: Mapping[str, Label]
    details: Mapping[str, Label] = field(default_factory=dict)
    choices: Mapping[tuple[str, str], Sequence[tuple[str, Label]]] = field(
        default_factory=dict
    )


@cache
def all_labels() -> Labels:
    """Return the labels of all apps."""
    kinds: dict[str, Label] = {}
    details: dict[str, Label] = {}
    choices: dict[tuple[str, str], Sequence[tuple[str, Label]]] = {}
    for labels in hooks.event_labels.call():
        kinds.update(labels.kinds)
        details.update(labels.details)
        choices.update(labels.choices)
    return Labels(kinds, details, choices)


def event_label(kind: str) -> str:
    """Return the label of an event kind, or words made from the kind itself."""
    words = kind.replace(":", " ").replace("_", " ").capitalize()
    return str(all_labels().kinds.get(kind, words))


def detail_label(name: str) -> str:
    """Return the label of a key of an event's data, or the key if it has none."""
    return str(all_labels().details.get(name, name))


def value_label(kind: str, name: str, value: str) -> str:
    """Return the label of a stored choice in an event's data, or the value itself."""
    choices = all_labels().choices.get((kind, name), ())
    return str(dict(choices).get(value, value))


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
    text = hash_chain.canonical_json(
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
        digest=hash_chain.event_digest(text),
    )
