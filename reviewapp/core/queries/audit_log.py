"""The audit log, for its page and its exports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from reviewapp.core import hash_chain
from reviewapp.core.events import detail_label, event_label, value_label
from reviewapp.core.models import Event, EventLink, Invitation, Member
from reviewapp.core.queries.hash_chains import canonical_event

PAGE = 50


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event. ``about`` is the name of the subject if it is a person."""

    code: str
    at: datetime
    actor: str
    kind: str
    subject: str
    about: str
    data: dict[str, Any]
    chain: str
    position: int | None
    hash: str

    @property
    def words(self) -> str:
        """Return the label of the event's kind."""
        return event_label(self.kind)

    @property
    def details(self) -> list[tuple[str, str]]:
        """Return the data of the event as (name, text), without empty values."""
        found = [
            (detail_label(name).replace("_", " "), self._text_of(name, value))
            # "before" comes before "after"; the database keeps no order.
            for name, value in sorted(self.data.items(), key=_before_after)
            if value not in ("", None, [], {})
        ]
        whom = (detail_label("whom"), self.about)
        return [whom, *found] if self.about else found

    def _text_of(self, name: str, value: Any) -> str:
        if isinstance(value, str):
            return value_label(self.kind, name, value)
        return _value_text(value)


@dataclass(frozen=True, slots=True)
class EventFilters:
    """Filters of the audit log; empty means all. Days are days in UTC."""

    kind: str = ""
    person: str = ""
    since: date | None = None
    until: date | None = None
    subject: str = ""

    @property
    def condition(self) -> Q:
        """Return the filters as a condition on events."""
        wanted = {
            "kind": self.kind,
            "actor__code": self.person,
            "at__date__gte": self.since,
            "at__date__lte": self.until,
            "subject": self.subject,
        }
        return Q(**{name: value for name, value in wanted.items() if value})


def _before_after(item: tuple[str, Any]) -> int:
    return {"before": 1, "after": 2}.get(item[0], 0)


def _value_text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        pairs = [(detail_label(name), each) for name, each in value.items()]
        return ", ".join(f"{name} {_value_text(each)}" for name, each in pairs)
    if isinstance(value, list):
        return ", ".join(map(_value_text, value))
    return str(value)


def event_page(
    viewer: Member, filters: EventFilters, *, after: str = "", size: int = PAGE
) -> tuple[list[EventLine], str]:
    """Return a page of events, newest first, and the cursor of the next page or "".

    The cursor is the code of the last event. A key or an offset would reveal how many
    events in between the viewer may not read.
    """
    rows = _visible_events(viewer).filter(filters.condition).order_by("-at", "code")
    if after:
        last = Event.objects.visible_to(viewer).filter(code=after).first()
        if last is not None:
            rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, code__gt=last.code))
    names = _names_by_code(viewer)
    found = [_event_line(event, names) for event in rows[: size + 1]]
    cursor = found[size - 1].code if len(found) > size else ""
    return found[:size], cursor


def event_kinds(viewer: Member) -> list[tuple[str, str]]:
    """Return the kinds of events that the viewer can filter by, with their labels."""
    rows = Event.objects.visible_to(viewer).values_list("kind", flat=True)
    found = sorted(set(rows.order_by("kind").distinct()))
    return [(kind, event_label(kind)) for kind in found]


def member_choices(viewer: Member) -> list[tuple[str, str]]:
    """Return all present and former members as (code, name)."""
    rows = Member.objects.filter(review=viewer.review_id).order_by("name", "code")
    return list(rows.values_list("code", "name"))


def latest_hash(viewer: Member) -> str:
    """Return the latest hash of the review's public chain; "" if it has no events."""
    rows = EventLink.objects.filter(review=viewer.review_id, owner=0)
    last = rows.order_by("-position").first()
    return last.hash if last else ""


def all_events(
    viewer: Member, filters: EventFilters | None = None
) -> Iterator[EventLine]:
    """Yield every event of the filters that the viewer may read, oldest first."""
    names = _names_by_code(viewer)
    wanted = (filters or EventFilters()).condition
    rows = _visible_events(viewer).filter(wanted).order_by("at", "code")
    return (_event_line(event, names) for event in rows.iterator(chunk_size=2000))


@dataclass(frozen=True, slots=True)
class LinkedEvent:
    """A link with the exact hashed text, so that anyone can verify it."""

    chain: str
    position: int
    hash: str
    event: str


def linked_events(viewer: Member) -> Iterator[LinkedEvent]:
    """Yield the review's public chain, then the viewer's private chain."""
    rows = EventLink.objects.filter(
        review=viewer.review_id, owner__in=[0, viewer.pk]
    ).order_by("owner", "position")
    related = ("event__actor", "event__private_to", "event__review")
    for row in rows.select_related(*related).iterator(chunk_size=2000):
        event = row.event
        yield LinkedEvent(
            _chain_name(event), row.position, row.hash, canonical_event(event)
        )


def _visible_events(viewer: Member) -> Any:
    return Event.objects.visible_to(viewer).select_related(
        "actor", "private_to", "review", "link"
    )


def _names_by_code(viewer: Member) -> dict[str, str]:
    """Return the names behind the codes of people, because events have only codes."""
    here = {"review": viewer.review_id}
    invited = Invitation.objects.filter(**here).values_list("code", "email")
    members = Member.objects.filter(**here).values_list("code", "name")
    return {**dict(invited), **dict(members)}


def _chain_name(event: Event) -> str:
    owner = event.private_to.code if event.private_to else ""
    return hash_chain.chain_genesis(event.review.code, owner)


def _event_line(event: Event, names: dict[str, str]) -> EventLine:
    # Events are linked at commit, so only events of this transaction have no link.
    link = getattr(event, "link", None)
    return EventLine(
        code=event.code,
        at=event.at,
        actor=event.actor.name if event.actor else _("System"),
        kind=event.kind,
        subject=event.subject,
        about=names.get(event.subject, ""),
        data=event.data,
        chain=_chain_name(event),
        position=link.position if link else None,
        hash=link.hash if link else "",
    )
