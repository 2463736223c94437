"""Tasks about imports for the overview of a review."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewapp.core.models import Member
from reviewapp.core.nav import Todo
from reviewapp.core.permissions import Action, can
from screening.imports.queries import skipped_entries
from screening.records.models import Source
from screening.records.queries.source_files import waiting_imports


def import_todos(viewer: Member) -> list[Todo]:
    """Return the open tasks about imports that ``viewer`` may do."""
    if not can(viewer, Action.IMPORT):
        return []
    code = viewer.review.code
    if not Source.objects.filter(review=viewer.review_id).exists():
        text = _("Add the first source and upload its search results.")
        url = reverse("records:sources", args=[code])
        return [Todo(text, url, button=_("Add a source"), is_primary=True, order=5)]
    found = _skipped_entry_todos(viewer)
    waiting = waiting_imports(viewer)
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
    url = reverse("imports:import", args=[code, waiting[0].code])
    todo = Todo(text, url, n=n, button=_("Review import"), is_primary=True, order=10)
    return [todo, *found]


def _skipped_entry_todos(viewer: Member) -> list[Todo]:
    waiting = skipped_entries.open_entries(viewer)
    if waiting is None:
        return []
    text = ngettext(
        "{n} skipped entry needs to be fixed.",
        "{n} skipped entries need to be fixed.",
        waiting.n,
    ).format(n=intcomma(waiting.n))
    url = reverse(
        "imports:skipped_entries", args=[viewer.review.code, waiting.import_code]
    )
    url += "?state=open"
    return [Todo(text, url, n=waiting.n, button=_("Fix entries"), order=32)]
