"""Who may make an account: anybody, or only who was invited (``settings.SIGN_UP``).

Where no mail verifies an address, signing up must tell whether it has an account: it
either lets the person in or does not. So there it is open only on one's own machine,
for the first account, and for the address that an invitation was sent to; whoever
holds that link reads the mail of the address already.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from reviewapp.core.models import User
from reviewapp.core.refusals import Refused
from reviewapp.core.services import team


def is_open(request: HttpRequest) -> bool:
    """Whether whoever asks may sign up."""
    return settings.SIGN_UP == "open" or bool(address(request)) or _is_first()


def may_take(request: HttpRequest, email: str) -> bool:
    """Whether they may sign up with this address; asks nothing about the address."""
    if settings.SIGN_UP == "open" or _is_first():
        return True
    return email.strip().lower() == address(request).lower()


def address(request: HttpRequest) -> str:
    """The address of the open invitation that the person came with, or ""."""
    url = str(request.session.get("invitation_url") or "")
    token = url.rstrip("/").rpartition("/")[2]
    try:
        return team.open_invitation(token, timezone.now()).email if token else ""
    except Refused:
        return ""


def _is_first() -> bool:
    return not User.objects.exists()
