"""Navigation entries of this app."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from reviewapp.core.models import Member
from reviewapp.core.nav import NavEntry
from reviewapp.core.permissions import Action

ENTRIES = (
    NavEntry(
        _("Conflicts"),
        "conflicts:conflicts",
        "conflicts",
        _("Screen"),
        49,
        action=Action.ADJUDICATE,
        also=("conflicts:*",),
    ),
)


def entries(viewer: Member) -> Sequence[NavEntry]:
    """Return the entries, which are the same in every review."""
    return ENTRIES
