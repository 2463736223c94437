"""Navigation entries of this app."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from reviewapp.core.models import Member
from reviewapp.core.nav import Entry
from reviewapp.core.permissions import Action

ENTRIES = (
    Entry(
        _("Conflicts"),
        "conflicts:conflicts",
        "conflicts",
        _("Screen"),
        49,
        action=Action.ADJUDICATE,
        also=("conflicts:*",),
    ),
)


def entries(viewer: Member) -> Sequence[Entry]:
    """Return the entries, which are the same in every review."""
    return ENTRIES
