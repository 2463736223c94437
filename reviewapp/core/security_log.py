"""Security events in the log (logger ``reviewapp.security``), one line each.

A line has the number of the account, and only a digest of what was typed as a login.
Log files are copied further than the database, and a password typed into the wrong
field must not be in them.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from allauth.account import signals
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.http import HttpRequest

from reviewapp.core.refusals import Refused

log = logging.getLogger("reviewapp.security")


def connect() -> None:
    """Connect handlers to the signals of Django and allauth for logins and secrets."""
    signals.user_logged_in.connect(_logged_in)
    user_logged_out.connect(_tell("logged out"), weak=False)
    user_login_failed.connect(_failed)
    signals.password_changed.connect(_tell("password changed"), weak=False)
    signals.password_reset.connect(_tell("password reset"), weak=False)
    signals.email_changed.connect(_tell("email address changed"), weak=False)
    authenticator_added.connect(_tell("two-factor method added"), weak=False)
    authenticator_removed.connect(_tell("two-factor method removed"), weak=False)


def refused(request: HttpRequest, refusal: Refused) -> None:
    """Log a refused permission or a reached rate limit."""
    if refusal.status in {403, 429}:
        what = type(refusal).__name__
        log.warning("%s: %s %s %s", what, request.method, request.path, _who(request))


def _tell(what: str) -> Any:
    def tell(request: HttpRequest | None = None, **_: Any) -> None:
        log.info("%s: %s", what, _who(request))

    return tell


def _logged_in(request: HttpRequest, user: Any, **_: Any) -> None:
    done = request.session.get("account_authentication_methods", [])
    how = "+".join(str(step.get("type") or step.get("method")) for step in done)
    log.info("logged in by %s: user %s from %s", how, user.pk, get_client_ip(request))


def _failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
) -> None:
    tried = str(credentials.get("email") or credentials.get("username") or "").lower()
    name = hashlib.sha256(tried.encode()).hexdigest()[:12]
    log.warning("login failed: address %s, %s", name, _who(request))


def _who(request: HttpRequest | None) -> str:
    if request is None:
        return "without a request"
    user = getattr(request, "user", None)
    return f"user {getattr(user, 'pk', None) or '-'} from {get_client_ip(request)}"
