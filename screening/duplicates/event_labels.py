"""Labels of the events of deduplication and of fields of merged records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reviewapp.core.events import Labels
from screening.duplicates.models import PossibleDuplicate
from screening.records.models import Duplicate

EVENT_LABELS = {
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
    "everything": _("all records"),
    "field": _("field"),
    "how": _("method"),
    "merges": _("merges"),
    "records": _("records"),
    "new": _("new records"),
    "parted": _("merges undone"),
    "questions": _("possible duplicates"),
}
# Labels of stored choices, by the kind of event and the name of the value.
CHOICES = {
    ("pair:answered", "answer"): PossibleDuplicate.Answer.choices,
    ("pairs:answered", "answer"): PossibleDuplicate.Answer.choices,
    ("duplicate:undone", "how"): Duplicate.How.choices,
}


def labels() -> Labels:
    """Return the labels of this app for the audit log."""
    return Labels(EVENT_LABELS, DETAIL_LABELS, CHOICES)
