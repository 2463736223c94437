"""Navigation entries of this app."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from reviewapp.core.models import Member
from reviewapp.core.nav import NavEntry

ENTRIES = (
    NavEntry(
        _("Stages"),
        "decisions:stages",
        "policy",
        _("Set up"),
        12,
        also=(
            "decisions:stage",
            "decisions:stage_add",
            "decisions:policy",
            "decisions:reasons",
            "decisions:start",
            "decisions:close",
            "decisions:decisions",
            "decisions:sample",
            "decisions:unblind",
            "decisions:unblind_stage",
            "decisions:unblind_review",
        ),
    ),
)


def entries(viewer: Member) -> Sequence[NavEntry]:
    """Return the entries, which are the same in every review."""
    return ENTRIES
