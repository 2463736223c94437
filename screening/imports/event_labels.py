"""Labels of the events of imports and of records that were added manually."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reviewapp.core.events import Labels

EVENT_LABELS = {
    "import:uploaded": _("File uploaded"),
    "import:read": _("File read"),
    "import:refused": _("File could not be read"),
    "import:corrected": _("Import settings changed"),
    "import:confirmed": _("Import confirmed"),
    "import:committed": _("Import completed"),
    "import:discarded": _("Upload discarded"),
    "import:retried": _("Import resumed"),
    "import:undone": _("Import undone"),
    "import:restored": _("Import restored"),
    "template:saved": _("Column template saved"),
    "template:deleted": _("Column template deleted"),
    "piece:mended": _("Skipped entry fixed"),
    "piece:dropped": _("Skipped entry dismissed"),
    "piece:reopened": _("Skipped entry reopened"),
    "record:entered": _("Record added manually"),
    "record:corrected": _("Record corrected"),
    "record:correction_undone": _("Correction undone"),
}
# Names of the values that these events hold.
DETAIL_LABELS = {
    "field": _("field"),
    "file_name": _("file"),
    "found": _("entries found"),
    "kept": _("records kept"),
    "line": _("line"),
    "merges": _("merges"),
    "origin": _("where it comes from"),
    "record": _("record"),
    "records": _("records"),
    "repeats": _("duplicate of"),
    "sha256": _("SHA-256"),
    "source": _("source"),
    "why": _("reason"),
    "columns": _("columns"),
    "encoding": _("encoding"),
    "platform": _("platform"),
}


def labels() -> Labels:
    """Return the labels of this app for the audit log."""
    return Labels(EVENT_LABELS, DETAIL_LABELS)
