"""When votes were opened before their time, by whom and why: public to the team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from reviewapp.core.models import Event, Member
from screening.decisions.models import Stage

WHAT = {
    "round:unblinded": "One round",
    "stage:unblinded": "A stage",
    "form:unblinded": "A charting form",
    "review:unblinded": "The review",
}
KINDS = tuple(WHAT)


@dataclass(frozen=True, slots=True)
class Unblinding:
    """One opening: of a round, a stage, a form or the review."""

    at: datetime
    by: str
    what: str
    reason: str


def of_review(viewer: Member) -> list[Unblinding]:
    """All of the review, the earliest first."""
    return _views(viewer, Q())


def of_stage(viewer: Member, stage: Stage) -> list[Unblinding]:
    """Those that opened this whole stage, the earliest first."""
    return _views(viewer, Q(kind="stage:unblinded", subject=stage.code))


def _views(viewer: Member, which: Q) -> list[Unblinding]:
    rows = Event.objects.visible_to(viewer).filter(which, kind__in=KINDS)
    return [
        Unblinding(
            at=event.at,
            by=event.actor.name if event.actor else "",
            what=WHAT[event.kind],
            reason=event.data.get("reason", ""),
        )
        for event in rows.select_related("actor").order_by("at", "code")
    ]
