"""Navigation entries of this app."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from reviewapp.core.models import Member
from reviewapp.core.nav import Entry

ENTRIES = (
    Entry(
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
    Entry(
        _("Records"),
        "records:list",
        "records",
        _("Identify"),
        21,
        also=("records:record",),
    ),
)


def entries(viewer: Member) -> Sequence[Entry]:
    """Return the entries, which are the same in every review."""
    return ENTRIES
