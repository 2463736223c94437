"""Tasks and counts for the overview of a review."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewapp.core.models import Member
from reviewapp.core.nav import Panel, Todo
from reviewapp.core.permissions import Action, can
from screening.records.models import Record, Source
from screening.records.queries import duplicates, imports, quarantine


def todos(viewer: Member) -> list[Todo]:
    """Return the tasks for the viewer's role."""
    found: list[Todo] = []
    if can(viewer, Action.IMPORT):
        found += _import_todos(viewer)
    if can(viewer, Action.DECIDE_DUPLICATES):
        found += _duplicate_todos(viewer)
    return found


def _import_todos(viewer: Member) -> list[Todo]:
    code = viewer.review.code
    if not Source.objects.filter(review=viewer.review_id).exists():
        text = _("Add the first source and upload its search results.")
        url = reverse("records:sources", args=[code])
        return [Todo(text, url, button=_("Add a source"), is_primary=True, order=5)]
    found = _piece_todos(viewer)
    waiting = imports.waiting(viewer)
    if not waiting:
        return found
    n = len(waiting)
    text = (
        _("{file} was read and needs your confirmation.").format(
            file=waiting[0].file_name
        )
        if n == 1
        else ngettext(
            "{n} file was read and needs your confirmation.",
            "{n} files were read and need your confirmation.",
            n,
        ).format(n=n)
    )
    url = reverse("records:import", args=[code, waiting[0].code])
    todo = Todo(text, url, n=n, button=_("Review import"), is_primary=True, order=10)
    return [todo, *found]


def _piece_todos(viewer: Member) -> list[Todo]:
    waiting = quarantine.waiting(viewer)
    if waiting is None:
        return []
    text = ngettext(
        "{n} skipped entry needs to be fixed.",
        "{n} skipped entries need to be fixed.",
        waiting.n,
    ).format(n=intcomma(waiting.n))
    url = reverse("records:pieces", args=[viewer.review.code, waiting.import_code])
    url += "?state=open"
    return [Todo(text, url, n=waiting.n, button=_("Fix entries"), order=32)]


def _duplicate_todos(viewer: Member) -> list[Todo]:
    url = reverse("records:duplicates", args=[viewer.review.code])
    found = []
    unsearched = duplicates.unsearched(viewer)
    if unsearched:
        text = ngettext(
            "{n} record has not been checked for duplicates yet.",
            "{n} records have not been checked for duplicates yet.",
            unsearched,
        ).format(n=intcomma(unsearched))
        found.append(
            Todo(text, url, n=unsearched, button=_("Open Duplicates"), order=15)
        )
    pairs = duplicates.open_questions(viewer)
    if pairs:
        text = ngettext(
            "{n} possible duplicate to review.",
            "{n} possible duplicates to review.",
            pairs,
        ).format(n=intcomma(pairs))
        desk = reverse("records:pairs", args=[viewer.review.code])
        found.append(Todo(text, desk, n=pairs, button=_("Review duplicates"), order=30))
    return found


def panels(viewer: Member) -> list[Panel]:
    """Return the counts of identified and unique records."""
    records = Record.objects.identified().filter(review=viewer.review_id)
    url = reverse("records:list", args=[viewer.review.code])
    return [
        Panel(_("Records"), records.count(), url, 10),
        Panel(
            _("Unique records"), records.unique().count(), f"{url}?status=unique", 11
        ),
    ]
