"""Labels of the events of reviews, teams and protocols."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reviewapp.core.events import Labels
from reviewapp.core.models import Role

EVENT_LABELS = {
    "review:created": _("Review created"),
    "review:renamed": _("Review renamed"),
    "review:configured": _("Settings changed"),
    "review:erasure_asked": _("Deletion scheduled"),
    "review:erasure_called_back": _("Deletion cancelled"),
    "review:archived": _("Review archived"),
    "protocol:saved": _("Protocol saved"),
    "member:invited": _("Member invited"),
    "member:joined": _("Member joined"),
    "member:left": _("Member left"),
    "member:removed": _("Member removed"),
    "member:role_changed": _("Role changed"),
    "invitation:withdrawn": _("Invitation withdrawn"),
}
# Names of the values that these events hold.
DETAIL_LABELS = {
    "after": _("after"),
    "before": _("before"),
    "erase_at": _("deletion date"),
    "keep_until": _("keep until"),
    "n": _("count"),
    "name": _("name"),
    "needs_second_factor": _("two-factor authentication required"),
    "progress_for": _("who sees progress figures"),
    "reason": _("reason"),
    "role": _("role"),
    "title": _("title"),
    "version": _("version"),
    "whom": _("member"),
}
# Labels of stored choices, by the kind of event and the name of the value.
CHOICES = {
    ("member:invited", "role"): Role.choices,
    ("member:joined", "role"): Role.choices,
    ("member:role_changed", "before"): Role.choices,
    ("member:role_changed", "after"): Role.choices,
}


def labels() -> Labels:
    """Return the labels of this app for the audit log."""
    return Labels(EVENT_LABELS, DETAIL_LABELS, CHOICES)
