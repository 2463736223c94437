"""To-dos and panels about full texts."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewapp.core.models import Member
from reviewapp.core.nav import Panel, Todo
from reviewapp.core.permissions import Action, can
from screening.records.models import Arm, Record
from screening.reports.models import NotSought, Report
from screening.reports.queries.reports import retrieval_counts


def _count_pending_other(viewer: Member) -> int:
    """Return how many records of other methods wait; most reviews have none."""
    others = Record.objects.filter(review=viewer.review_id, arm=Arm.OTHER)
    if not others.exists():
        return 0
    return (
        others.identified()
        .unique()
        .filter(
            ~Exists(Report.objects.filter(record=OuterRef("pk"))),
            ~Exists(NotSought.objects.filter(record=OuterRef("pk"), undone_at=None)),
        )
        .count()
    )


def todos(viewer: Member) -> list[Todo]:
    """Return reports to retrieve or to wait for, and records of other methods."""
    sought = retrieval_counts(viewer).sought
    if not can(viewer, Action.RETRIEVE):
        return _waiting_for_reports(viewer, sought)
    code, found = viewer.review.code, []
    pending = _count_pending_other(viewer)
    if pending:
        found.append(
            Todo(
                text=ngettext(
                    "{n} record from other methods needs a decision.",
                    "{n} records from other methods need a decision.",
                    pending,
                ).format(n=f"{pending:,}"),
                url=reverse("reports:other", args=[code]),
                n=pending,
                button=_("Decide on retrieval"),
                order=17,
            )
        )
    if sought:
        found.append(
            Todo(
                text=ngettext(
                    "{n} report to retrieve.", "{n} reports to retrieve.", sought
                ).format(n=f"{sought:,}"),
                url=reverse("reports:reports", args=[code]) + "?state=sought",
                n=sought,
                button=_("Retrieve reports"),
                order=16,
            )
        )
    return found


def _waiting_for_reports(viewer: Member, sought: int) -> list[Todo]:
    if not sought:
        return []
    text = ngettext(
        "Waiting for {n} report to be retrieved.",
        "Waiting for {n} reports to be retrieved.",
        sought,
    ).format(n=f"{sought:,}")
    url = reverse("reports:reports", args=[viewer.review.code]) + "?state=sought"
    button = _("View the reports")
    return [Todo(text, url, n=sought, button=button, order=84, is_waiting=True)]


def panels(viewer: Member) -> list[Panel]:
    """Return the number of reports for the overview."""
    total = retrieval_counts(viewer).total
    url = reverse("reports:reports", args=[viewer.review.code])
    return [Panel(_("Reports sought for retrieval"), total, url, 40)] if total else []
