"""Two-factor authentication: whether a user has it and a review requires it."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from reviewapp.core.refusals import SecondFactorNeeded

# Recovery codes come with one of these and are not a method of their own.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user_id: int) -> bool:
    """Return True if the user has an authenticator app, a passkey or a security key."""
    rows = Authenticator.objects.filter(user=user_id, type__in=FACTORS)
    return bool(rows.exists())


def require_second_factor(member: Member) -> None:
    """Raise ``SecondFactorNeeded`` if the review requires it and it is missing."""
    if member.review.needs_second_factor and not has_second_factor(member.user_id):
        raise SecondFactorNeeded(
            _(
                "This review requires two-factor authentication. Set up an "
                "authenticator app or a passkey to continue."
            )
        )
