"""Early unblinding: by whom, when and why. All members can read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviewapp.core.models import Event, Review
from screening.decisions.models import Stage

SCOPES = {
    "round:unblinded": _("One record or report"),
    "stage:unblinded": _("A stage"),
    "form:unblinded": _("A charting form"),
    "review:unblinded": _("The review"),
}
KINDS = tuple(SCOPES)


@dataclass(frozen=True, slots=True)
class Unblinding:
    """One early unblinding of a round, a stage, a form or the review.

    ``of``: the name of the stage or form; for a round, of its stage. ``code``: the code
    of the round, stage, form or review in the audit log.
    """

    at: datetime
    by: str
    what: str
    of: str
    code: str
    reason: str


def review_unblindings(review: Review) -> list[Unblinding]:
    """Return all of the review, oldest first; the same for every member."""
    return _views(Q(review=review))


def stage_unblindings(stage: Stage) -> list[Unblinding]:
    """Return those of this whole stage, oldest first."""
    return _views(Q(review=stage.review_id, kind="stage:unblinded", subject=stage.code))


def _views(which: Q) -> list[Unblinding]:
    rows = Event.objects.filter(which, kind__in=KINDS, private_to=None)
    return [
        Unblinding(
            at=event.at,
            by=event.actor.name if event.actor else "",
            what=str(SCOPES[event.kind]),
            of=event.data.get("stage") or event.data.get("form") or "",
            code=event.subject,
            reason=event.data.get("reason", ""),
        )
        for event in rows.select_related("actor").order_by("at", "pk")
    ]
