"""Navigation entries of this app."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from reviewapp.core.models import Member
from reviewapp.core.nav import NavEntry
from reviewapp.core.permissions import Action

ENTRIES = (
    NavEntry(_("Overview"), "review:overview", "home", "", 0),
    NavEntry(
        _("Protocol"),
        "review:protocol",
        "protocol",
        _("Set up"),
        10,
        also=("review:edit_protocol", "review:protocol_version"),
    ),
    NavEntry(
        _("Team"),
        "review:team",
        "team",
        _("Set up"),
        11,
        also=("review:invite", "review:change_role", "review:remove_member"),
    ),
    NavEntry(
        _("Settings"),
        "review:configure",
        "settings",
        _("Set up"),
        13,
        action=Action.CONFIGURE,
        also=("review:rename", "review:delete"),
    ),
    NavEntry(_("Audit log"), "review:audit_log", "history", _("Report"), 99),
)


def entries(viewer: Member) -> Sequence[NavEntry]:
    """Return the entries, which are the same in every review."""
    return ENTRIES
