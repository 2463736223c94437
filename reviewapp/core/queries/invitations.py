"""Open invitations: links to copy, and those to the verified addresses of a user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from reviewapp.core.models import Invitation, Role, User

# Separates code and signature in the token of a copied link. The tokens in emails and
# the codes never contain it.
LINK = "."


@dataclass(frozen=True, slots=True)
class ReceivedInvitation:
    """An open invitation as the list of reviews shows it."""

    code: str
    title: str
    role: str
    invited_by: str
    expires_at: datetime


def link_token(code: str) -> str:
    """Return the token of the link that a lead can copy and send in another way.

    It is derived from the secret key, so that it can be shown again and is not stored.
    Unlike the token in the email, it does not prove that its holder reads the emails of
    the invited address.
    """
    return f"{code}{LINK}{salted_hmac('reviewapp.invitation', code).hexdigest()}"


def is_emailed(token: str) -> bool:
    """Return True if the token can only come from the email of an invitation."""
    return LINK not in token


def invitations_to(user: User, now: datetime) -> QuerySet[Invitation]:
    """Return the open invitations to verified addresses of the user."""
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    return (
        Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)
        .annotate(address=Lower("email"))
        .filter(address__in=addresses.annotate(a=Lower("email")).values("a"))
        .exclude(review__members__in=user.memberships.filter(removed_at=None))
    )


def received_invitations(user: User, now: datetime) -> list[ReceivedInvitation]:
    """Return the invitations that the user can accept, newest first."""
    rows = invitations_to(user, now).select_related("review", "invited_by")
    return [
        ReceivedInvitation(
            code=one.code,
            title=one.review.title,
            role=str(Role(one.role).label),
            invited_by=one.invited_by.name,
            expires_at=one.expires_at,
        )
        for one in rows.order_by("-created_at", "code")
    ]
