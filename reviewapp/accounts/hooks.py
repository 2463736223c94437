"""Hooks of this app (reviewapp/core/hooks.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reviewapp.core.hooks import hook

if TYPE_CHECKING:
    from reviewapp.core.models import User


@hook("accounts:data")
def account_data(user: User) -> Mapping[str, Any]:
    """Return an app's data about ``user`` as JSON values by section.

    Only what the user wrote or what is about them, and nothing that another member
    wrote: the blinding rule applies to this export as to any page.
    """
    raise NotImplementedError
