"""Labels of the events of sources."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reviewapp.core.events import Labels
from screening.records.models import Source

EVENT_LABELS = {
    "source:added": _("Source added"),
    "source:changed": _("Source changed"),
}
# Names of the values that these events hold.
DETAIL_LABELS = {
    "changed": _("changed fields"),
    "source_kind": _("type of source"),
}
# Labels of stored choices, by the kind of event and the name of the value.
CHOICES = {
    ("source:added", "source_kind"): Source.Kind.choices,
}


def labels() -> Labels:
    """Return the labels of this app for the audit log."""
    return Labels(EVENT_LABELS, DETAIL_LABELS, CHOICES)
