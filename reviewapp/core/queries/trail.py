"""The audit trail as its page and its export show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from reviewapp.core.models import Event, Member

PAGE = 50


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event."""

    code: str
    at: datetime
    actor: str
    kind: str
    subject: str
    data: dict[str, Any]

    @property
    def words(self) -> str:
        """``member:role_changed`` as "Member role changed"."""
        return self.kind.replace(":", " ").replace("_", " ").capitalize()

    @property
    def details(self) -> list[tuple[str, str]]:
        """What the event holds, as (name, text), without what is empty."""
        return [
            (name.replace("_", " "), _text(value))
            for name, value in self.data.items()
            if value not in ("", None, [], {})
        ]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return str(value)


def events(
    viewer: Member, *, kind: str = "", after: str = "", size: int = PAGE
) -> tuple[list[EventLine], str]:
    """A page of the trail, newest first, and the cursor of the next page ("" at end).

    The cursor is the last event's code: a key or an offset would tell of events in
    between that the viewer may not read.
    """
    rows = _rows(viewer, kind)
    if after:
        last = Event.objects.visible_to(viewer).filter(code=after).first()
        if last is not None:
            rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, code__gt=last.code))
    found = [_line(event) for event in rows[: size + 1]]
    cursor = found[size - 1].code if len(found) > size else ""
    return found[:size], cursor


def kinds(viewer: Member) -> list[str]:
    """The kinds of event the viewer can filter by."""
    rows = Event.objects.visible_to(viewer).values_list("kind", flat=True)
    return sorted(set(rows.order_by("kind").distinct()))


def all_events(viewer: Member) -> Iterator[EventLine]:
    """Every event the viewer may read, oldest first, streamed."""
    rows = _rows(viewer, "").order_by("at", "code")
    return (_line(event) for event in rows.iterator(chunk_size=2000))


def _rows(viewer: Member, kind: str) -> Any:
    rows = (
        Event.objects.visible_to(viewer).select_related("actor").order_by("-at", "code")
    )
    return rows.filter(kind=kind) if kind else rows


def _line(event: Event) -> EventLine:
    return EventLine(
        code=event.code,
        at=event.at,
        actor=event.actor.name if event.actor else "the program",
        kind=event.kind,
        subject=event.subject,
        data=event.data,
    )
