"""Who may sign up: anyone, or only invited people (``settings.SIGN_UP``).

Without a mail server an address can't be verified, so sign-up would reveal which
addresses have an account. It is then open only on your own machine, for the first
account, and for an invited address. A person with the invitation link already reads the
emails of that address.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from reviewapp.core.models import User
from reviewapp.core.refusals import Refused
from reviewapp.core.services import team


def is_signup_open(request: HttpRequest) -> bool:
    """Return True if this visitor may sign up."""
    return (
        settings.SIGN_UP == "open" or bool(invited_address(request)) or _is_first_user()
    )


def may_sign_up_with(request: HttpRequest, email: str) -> bool:
    """Return True if this visitor may sign up with ``email``, without looking it up."""
    if settings.SIGN_UP == "open" or _is_first_user():
        return True
    return email.strip().lower() == invited_address(request).lower()


def invited_address(request: HttpRequest) -> str:
    """Return the address of the open invitation in the session, or ""."""
    url = str(request.session.get("invitation_url") or "")
    token = url.rstrip("/").rpartition("/")[2]
    try:
        return team.open_invitation(token, timezone.now()).email if token else ""
    except Refused:
        return ""


def _is_first_user() -> bool:
    return not User.objects.exists()
