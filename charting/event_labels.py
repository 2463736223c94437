"""Labels of the events of charting."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from charting.models import FinalChart
from reviewapp.core.events import Labels

EVENT_LABELS = {
    "form:created": _("Charting form created"),
    "form:draft_started": _("Draft of charting form started"),
    "form:draft_discarded": _("Draft of charting form discarded"),
    "form:published": _("Charting form published"),
    "form:question_added": _("Question added"),
    "form:question_changed": _("Question changed"),
    "form:question_moved": _("Question moved"),
    "form:question_removed": _("Question removed"),
    "form:assigned": _("Charting assignments changed"),
    "form:started": _("Charting started"),
    "form:closed": _("Charting closed"),
    "form:unblinded": _("Form unblinded early"),
    "studies:dealt": _("Charting assigned"),
    "chart:begun": _("Chart started"),
    "chart:handed_in": _("Chart submitted"),
    "chart:reopened": _("Chart reopened"),
    "charts:handed_in": _("Charts submitted"),
    "charts:settled": _("Charts finalised"),
    "difference:settled": _("Discrepancy resolved"),
}
# Names of the values that these events hold.
DETAIL_LABELS = {
    "fields": _("questions"),
    "first": _("first reviewers"),
    "form": _("form"),
    "how": _("method"),
    "key": _("question key"),
    "label": _("question"),
    "second": _("second reviewers"),
    "second_share": _("percentage charted twice"),
    "samples": _("samples (rule.draw: number drawn, SHA-256 hash)"),
    "seats": _("assignments"),
    "seed": _("seed"),
    "singles": _("studies with a single reviewer"),
    "studies": _("studies"),
}
# Labels of stored choices, by the kind of event and the name of the value.
CHOICES = {
    ("charts:settled", "how"): FinalChart.How.choices,
}


def labels() -> Labels:
    """Return the labels of this app for the audit log."""
    return Labels(EVENT_LABELS, DETAIL_LABELS, CHOICES)
