"""Labels of the events of stages, assignments, votes and decisions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from reviewapp.core.events import Labels
from screening.decisions.models import Decision, Policy

EVENT_LABELS = {
    "stage:added": _("Stage added"),
    "stage:changed": _("Stage changed"),
    "stage:reasons_set": _("Exclusion reasons changed"),
    "stage:started": _("Stage started"),
    "stage:finished": _("Member finished screening"),
    "stage:closed": _("Wave closed"),
    "singles:finalised": _("Single-screened votes made final"),
    "policy:set": _("Screening assignments changed"),
    "rounds:opened": _("Records added to stage"),
    "rounds:settled": _("Decisions recorded"),
    "seats:freed": _("Assignments removed"),
    "seats:handed_over": _("Assignments reassigned"),
    "vote:cast": _("Vote cast"),
    "vote:withdrawn": _("Vote withdrawn"),
    "votes:cast": _("Votes cast"),
    "round:unblinded": _("Record unblinded early"),
    "stage:unblinded": _("Stage unblinded early"),
    "review:unblinded": _("Review unblinded early"),
    "prior:requested": _("Import of earlier decisions started"),
    "prior:taken_over": _("Import of earlier decisions completed"),
    "prior:received": _("Earlier decisions received"),
}
# Names of the values that these events hold.
DETAIL_LABELS = {
    "by": _("imported by"),
    "file_name": _("file"),
    "how": _("method"),
    "job": _("task"),
    "lines": _("rules"),
    "mode": _("mode"),
    "people": _("reviewers"),
    "rounds": _("records added"),
    "seats": _("assignments"),
    "samples": _("samples (rule.draw: number drawn, SHA-256 hash)"),
    "seed": _("seed"),
    "singles": _("decisions by a single reviewer"),
    "stage": _("stage"),
    "wave": _("wave"),
}
# Labels of stored choices, by the kind of event and the name of the value.
CHOICES = {
    ("policy:set", "mode"): Policy.Mode.choices,
    ("rounds:settled", "how"): Decision.How.choices,
}


def labels() -> Labels:
    """Return the labels of this app for the audit log."""
    return Labels(EVENT_LABELS, DETAIL_LABELS, CHOICES)
