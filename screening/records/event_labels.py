"""Labels of the events of sources, imports, records and duplicates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reviewapp.core.events import Labels

EVENT_LABELS = {
    "source:added": _("Source added"),
    "source:changed": _("Source changed"),
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
    "field:chosen": _("Field value chosen"),
    "field:by_rule": _("Field value reset"),
    "duplicates:requested": _("Deduplication run requested"),
    "duplicates:searched": _("Deduplication run finished"),
    "duplicates:customs_set": _("Deduplication settings changed"),
    "duplicates:run_undone": _("Merges of a run undone"),
    "duplicates:run_restored": _("Merges of a run restored"),
    "pair:answered": _("Duplicate decision made"),
    "pairs:answered": _("Bulk duplicate decision"),
    "pair:reopened": _("Duplicate decision reopened"),
    "duplicate:undone": _("Merge undone"),
    "cluster:undone": _("Duplicates separated"),
}
# Names of the values that these events hold.
DETAIL_LABELS = {
    "answer": _("decision"),
    "changed": _("changed fields"),
    "everything": _("all records"),
    "field": _("field"),
    "file_name": _("file"),
    "found": _("entries found"),
    "how": _("method"),
    "kept": _("records kept"),
    "line": _("line"),
    "merges": _("merges"),
    "record": _("record"),
    "records": _("records"),
    "repeats": _("duplicate of"),
    "sha256": _("SHA-256"),
    "source": _("source"),
    "source_kind": _("type of source"),
    "why": _("reason"),
}


def labels() -> Labels:
    """Return the labels of this app for the audit log."""
    return Labels(EVENT_LABELS, DETAIL_LABELS)
