"""Navigation entries of this app."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from reviewapp.core.models import Member
from reviewapp.core.nav import NavEntry

ENTRIES = (
    NavEntry(
        _("Charting"),
        "charting:forms",
        "chart",
        _("Chart"),
        60,
        also=(
            "charting:new",
            "charting:form",
            "charting:included",
            "charting:preview",
            "charting:edit",
            "charting:discard",
            "charting:publish",
            "charting:add_field",
            "charting:field",
            "charting:remove_field",
            "charting:assign",
            "charting:start",
            "charting:close",
            "charting:unblind",
            "charting:mine",
            "charting:chart",
            "charting:discrepancies",
            "charting:differences",
        ),
    ),
    NavEntry(
        _("Results"),
        "charting:results_list",
        "figures",
        _("Chart"),
        65,
        also=(
            "charting:results",
            "charting:cross",
            "charting:studies",
            "charting:final_chart",
        ),
    ),
)


def entries(viewer: Member) -> Sequence[NavEntry]:
    """Return the entries, which are the same in every review."""
    return ENTRIES
