"""When votes were opened before their time, by whom and why: public to the team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.models import Event, Review
from screening.decisions.models import Stage

WHAT = {
    "round:unblinded": _("One record or report"),
    "stage:unblinded": _("A stage"),
    "form:unblinded": _("A charting form"),
    "review:unblinded": _("The review"),
}
KINDS = tuple(WHAT)


@dataclass(frozen=True, slots=True)
class Unblinding:
    """One opening: of a round, a stage, a form or the review.

    ``of``: the name of the stage or form, of a round the stage it is in. ``code``:
    what the trail calls its subject.
    """

    at: datetime
    by: str
    what: str
    of: str
    code: str
    reason: str


def of_review(review: Review) -> list[Unblinding]:
    """All of the review, the earliest first: the same for every member."""
    return _views(Q(review=review))


def of_stage(stage: Stage) -> list[Unblinding]:
    """Those that opened this whole stage, the earliest first."""
    return _views(Q(review=stage.review_id, kind="stage:unblinded", subject=stage.code))


def _views(which: Q) -> list[Unblinding]:
    rows = Event.objects.filter(which, kind__in=KINDS, private_to=None)
    return [
        Unblinding(
            at=event.at,
            by=event.actor.name if event.actor else "",
            what=str(WHAT[event.kind]),
            of=event.data.get("stage") or event.data.get("form") or "",
            code=event.subject,
            reason=event.data.get("reason", ""),
        )
        for event in rows.select_related("actor").order_by("at", "pk")
    ]
