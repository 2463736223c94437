"""Whether a person logs in with more than a password."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from reviewapp.core.models import Member
from reviewapp.core.refusals import SecondFactorNeeded

# Recovery codes come with one of these and are no factor of their own.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_one(user_id: int) -> bool:
    """Whether the user has set up an authenticator app, a passkey or a key."""
    rows = Authenticator.objects.filter(user=user_id, type__in=FACTORS)
    return bool(rows.exists())


def require_if_wanted(member: Member) -> None:
    """Raise ``SecondFactorNeeded`` where the review wants one and there is none."""
    if member.review.needs_second_factor and not has_one(member.user_id):
        raise SecondFactorNeeded(
            _(
                "This review requires two-factor authentication. Set up an "
                "authenticator app or a passkey to continue."
            )
        )
