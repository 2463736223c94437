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


def connect_security_log() -> None:
    """Connect handlers to the signals of Django and allauth for logins and secrets."""
    signals.user_logged_in.connect(_log_login)
    user_logged_out.connect(_logger_of("logged out"), weak=False)
    user_login_failed.connect(_log_failed_login)
    signals.password_changed.connect(_logger_of("password changed"), weak=False)
    signals.password_reset.connect(_logger_of("password reset"), weak=False)
    signals.email_changed.connect(_logger_of("email address changed"), weak=False)
    authenticator_added.connect(_logger_of("two-factor method added"), weak=False)
    authenticator_removed.connect(_logger_of("two-factor method removed"), weak=False)


def log_refusal(request: HttpRequest, refusal: Refused) -> None:
    """Log a refused permission or a reached rate limit."""
    if refusal.status in {403, 429}:
        what = type(refusal).__name__
        log.warning(
            "%s: %s %s %s", what, request.method, request.path, _describe_user(request)
        )


def _logger_of(what: str) -> Any:
    def tell(request: HttpRequest | None = None, **_: Any) -> None:
        log.info("%s: %s", what, _describe_user(request))

    return tell


def _log_login(request: HttpRequest, user: Any, **_: Any) -> None:
    done = request.session.get("account_authentication_methods", [])
    how = "+".join(str(step.get("type") or step.get("method")) for step in done)
    log.info("logged in by %s: user %s from %s", how, user.pk, get_client_ip(request))


def _log_failed_login(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
) -> None:
    tried = str(credentials.get("email") or credentials.get("username") or "").lower()
    name = hashlib.sha256(tried.encode()).hexdigest()[:12]
    log.warning("login failed: address %s, %s", name, _describe_user(request))


def _describe_user(request: HttpRequest | None) -> str:
    if request is None:
        return "without a request"
    user = getattr(request, "user", None)
    return f"user {getattr(user, 'pk', None) or '-'} from {get_client_ip(request)}"
