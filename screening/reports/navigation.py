"""Navigation entries of this app."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from reviewapp.core.models import Member
from reviewapp.core.nav import NavEntry

ENTRIES = (
    NavEntry(
        _("Other methods"),
        "reports:other",
        "other",
        _("Identify"),
        24,
        also=("reports:not_sought",),
    ),
    NavEntry(
        _("Full-text retrieval"),
        "reports:reports",
        "reports",
        _("Screen"),
        45,
        also=("reports:report", "reports:remove_file"),
    ),
    NavEntry(
        _("Studies"),
        "reports:studies",
        "studies",
        _("Screen"),
        47,
        also=("reports:study",),
    ),
)


def entries(viewer: Member) -> Sequence[NavEntry]:
    """Return the entries, which are the same in every review."""
    return ENTRIES
