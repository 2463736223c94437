"""Labels of the events of the demo."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reviewapp.core.events import Labels

EVENT_LABELS = {
    "demo:loaded": _("Demo loaded"),
}


def labels() -> Labels:
    """Return the labels of this app for the audit log."""
    return Labels(EVENT_LABELS)
