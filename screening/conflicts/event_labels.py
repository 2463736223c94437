"""Labels of the events of conflicts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reviewapp.core.events import Labels
from screening.decisions.models import Decision

EVENT_LABELS = {
    "conflict:settled": _("Conflict resolved"),
    "conflict:reopened": _("Conflict reopened"),
    "conflict:commented": _("Comment posted"),
}
# Names of the values that these events hold.
DETAIL_LABELS = {
    "verdict": _("decision"),
    "why": _("reason"),
}
# Labels of stored choices, by the kind of event and the name of the value.
CHOICES = {
    ("conflict:settled", "verdict"): Decision.Verdict.choices,
    ("conflict:reopened", "verdict"): Decision.Verdict.choices,
}


def labels() -> Labels:
    """Return the labels of this app for the audit log."""
    return Labels(EVENT_LABELS, DETAIL_LABELS, CHOICES)
