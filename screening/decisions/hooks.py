"""Hooks of this app (reviewapp/core/hooks.py)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from reviewapp.core.hooks import hook

if TYPE_CHECKING:
    from reviewapp.core.models import Member


@hook("review:unblinded")
def review_unblinded(*, actor: Member, reason: str, now: datetime) -> None:
    """A lead unblinds the whole review; providers unblind what their app has."""
