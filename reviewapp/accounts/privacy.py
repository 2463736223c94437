"""Export of the data stored about a user, for that user (GDPR articles 15 and 20)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from reviewapp.accounts import hooks, login_sessions
from reviewapp.core.models import Event, Invitation, Job, Member, User

MEMBERSHIP = (
    *("review__code", "review__title", "code", "name", "role"),
    *("joined_at", "removed_at"),
)


def export_user_data(user: User, *, now: datetime) -> dict[str, Any]:
    """Return all data about ``user``, by section."""
    found: dict[str, Any] = {"made_at": now.isoformat()}
    for sections in (_kernel(user), *hooks.account_data.call(user)):
        for name, section in sections.items():
            if name in found:
                raise ValueError(f"Two providers export {name}.")
            found[name] = section
    return found


def _kernel(user: User) -> dict[str, Any]:
    return {
        "account": {
            "name": user.name,
            "email": user.email,
            "joined_at": user.joined_at,
            "last_login": user.last_login,
            "addresses": list(
                EmailAddress.objects.filter(user=user).values("email", "verified")
            ),
            "second_factors": list(
                Authenticator.objects.filter(user=user)
                .order_by("created_at", "pk")
                .values("type", "created_at", "last_used_at")
            ),
        },
        "devices": [
            {
                "name": session.name,
                "ip": session.ip,
                "began_at": session.began_at,
                "seen_at": session.seen_at,
            }
            for session in login_sessions.active_sessions(user, "")
        ],
        "memberships": list(
            Member.objects.filter(user=user)
            .order_by("joined_at", "code")
            .values(*MEMBERSHIP)
        ),
        "invitations": list(
            Invitation.objects.filter(email__iexact=user.email)
            .order_by("created_at", "pk")
            .values("review__title", "email", "role", "created_at", "accepted_at")
        ),
        "acts": list(
            Event.objects.filter(actor__user=user)
            .order_by("at", "code")
            .values("review__code", "at", "kind", "subject", "data")
        ),
        "jobs": list(
            Job.objects.filter(created_by__user=user)
            .order_by("created_at", "pk")
            .values("review__code", "kind", "state", "created_at", "finished_at")
        ),
    }
