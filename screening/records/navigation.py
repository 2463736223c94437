"""Navigation entries of this app."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from reviewapp.core.models import Member
from reviewapp.core.nav import NavEntry

ENTRIES = (
    NavEntry(
        _("Sources"),
        "records:sources",
        "sources",
        _("Identify"),
        20,
        also=(
            "records:source*",
            "imports:*",
            "decisions:prior",
        ),
    ),
    NavEntry(
        _("Records"),
        "records:list",
        "records",
        _("Identify"),
        21,
        also=("records:record",),
    ),
)


def entries(viewer: Member) -> Sequence[NavEntry]:
    """Return the entries, which are the same in every review."""
    return ENTRIES
