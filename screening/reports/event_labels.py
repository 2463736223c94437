"""Labels of the events of reports and studies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reviewapp.core.events import Labels

EVENT_LABELS = {
    "reports:sought": _("Reports sent to retrieval"),
    "record:not_sought": _("Record marked as not to be retrieved"),
    "report:retrieved": _("Report retrieved"),
    "reports:retrieved": _("Reports marked as retrieved"),
    "report:not_retrieved": _("Report marked as not retrieved"),
    "report:sought_again": _("Retrieval reopened"),
    "report:file_added": _("PDF added"),
    "report:file_removed": _("PDF removed"),
    "study:grouped": _("Reports grouped as a study"),
    "study:parted": _("Report removed from a study"),
    "study:renamed": _("Study renamed"),
}
# Names of the values that these events hold.
DETAIL_LABELS = {
    "sha256": _("SHA-256"),
    "size": _("size in bytes"),
}


def labels() -> Labels:
    """Return the labels of this app for the audit log."""
    return Labels(EVENT_LABELS, DETAIL_LABELS)
