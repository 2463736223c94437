"""Tasks about imports for the overview of a review."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewapp.core.models import Member
from reviewapp.core.nav import Todo
from reviewapp.core.permissions import Action, can
from screening.imports.queries import skipped_entries
from screening.records.models import Source
from screening.records.queries import stored_counts
from screening.records.queries.source_files import ImportLine, waiting_imports


def import_todos(viewer: Member) -> list[Todo]:
    """Return what the viewer can do about sources and imports, or what they wait for."""
    if not can(viewer, Action.IMPORT):
        return _waiting_for_records(viewer)
    code = viewer.review.code
    sources = Source.objects.filter(review=viewer.review_id).order_by("pk")
    first = sources.first()
    if first is None:
        text = _("Add the first source: a database, a register or another method.")
        url = reverse("records:source_add", args=[code])
        return [Todo(text, url, button=_("Add a source"), order=5, is_setup=True)]
    found = _skipped_entry_todos(viewer)
    waiting = waiting_imports(viewer)
    if waiting:
        return [_waiting_todo(code, waiting), *found]
    if not _has_records(viewer):
        text = _("Upload the search results of {source}.").format(source=first.name)
        url = reverse("records:source", args=[code, first.code])
        found.append(Todo(text, url, button=_("Upload a file"), order=6))
    return found


def _has_records(viewer: Member) -> bool:
    return stored_counts.all_counts(viewer.review_id).records > 0


def _waiting_for_records(viewer: Member) -> list[Todo]:
    if _has_records(viewer):
        return []
    text = _(
        "Waiting for the first records. A lead, an admin or a librarian imports them."
    )
    url = reverse("records:sources", args=[viewer.review.code])
    return [Todo(text, url, button=_("View the sources"), order=80, is_waiting=True)]


def _waiting_todo(code: str, waiting: Sequence[ImportLine]) -> Todo:
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
    return Todo(text, url, n=n, button=_("Review import"), order=8)


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
