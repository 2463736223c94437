"""Labels of the events of conflicts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EVENT_LABELS = {
    "conflict:settled": _("Conflict resolved"),
    "conflict:commented": _("Comment posted"),
}
# Names of the values that these events hold.
DETAIL_LABELS = {
    "verdict": _("decision"),
}
