"""Tasks about duplicates for the overview of a review."""

from __future__ import annotations

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewapp.core.models import Member
from reviewapp.core.nav import Todo
from reviewapp.core.permissions import Action, can
from screening.duplicates.queries import duplicates


def duplicate_todos(viewer: Member) -> list[Todo]:
    """Return the open tasks about duplicates that ``viewer`` may do."""
    if not can(viewer, Action.DECIDE_DUPLICATES):
        return []
    url = reverse("duplicates:overview", args=[viewer.review.code])
    found = []
    uncompared = duplicates.count_uncompared(viewer)
    if uncompared:
        text = ngettext(
            "{n} record has not been checked for duplicates yet.",
            "{n} records have not been checked for duplicates yet.",
            uncompared,
        ).format(n=intcomma(uncompared))
        found.append(
            Todo(text, url, n=uncompared, button=_("Open Duplicates"), order=11)
        )
    pairs = duplicates.count_open_pairs(viewer)
    if pairs:
        text = ngettext(
            "{n} possible duplicate to review.",
            "{n} possible duplicates to review.",
            pairs,
        ).format(n=intcomma(pairs))
        desk = reverse("duplicates:pairs", args=[viewer.review.code])
        found.append(Todo(text, desk, n=pairs, button=_("Review duplicates"), order=11))
    return found
