"""Navigation entries of this app."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from reviewapp.core.models import Member
from reviewapp.core.nav import NavEntry

ENTRIES = (
    NavEntry(
        _("PRISMA flow"),
        "flow:flow",
        "flow",
        _("Report"),
        80,
        also=("flow:box",),
    ),
    NavEntry(
        _("Export"),
        "flow:export",
        "export",
        _("Report"),
        90,
        also=("flow:export_list",),
    ),
)


def entries(viewer: Member) -> Sequence[NavEntry]:
    """Return the entries, which are the same in every review."""
    return ENTRIES
