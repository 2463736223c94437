"""Names of members as part of a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _


def join_names(names: Sequence[str]) -> str:
    """Return names as part of a sentence: "Ada", "Ada and Ben", "Ada, Ben and Cleo"."""
    if len(names) > 1:
        return _("{names} and {last_name}").format(
            names=", ".join(names[:-1]), last_name=names[-1]
        )
    return names[0] if names else _("no one")
