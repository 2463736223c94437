"""Behaviour of django-allauth here: redirects, links in emails, login limits."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account import signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.http import HttpRequest

from reviewapp.accounts import invited, login_sessions
from reviewapp.core import limits
from reviewapp.core.models import User
from reviewapp.core.refusals import TooMany


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """An adapter that returns users to their invitation and limits login attempts."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the invitation kept in the session, otherwise allauth's own page."""
        waiting: Any = request.session.get("invitation_url")
        return str(waiting) if waiting else str(super().get_login_redirect_url(request))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Return the same page as after a login."""
        return self.get_login_redirect_url(request)

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Send an email with links to ``SITE_URL``, whatever host the request names."""
        ours = {
            name: _on_this_site(value) if name.endswith("_url") else value
            for name, value in context.items()
        }
        super().send_mail(template_prefix, email, ours)

    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: Any
    ) -> str:
        # Per account *and* network address, so that an attacker locks out only
        # themselves and not the owner at another address. allauth's own key starts with
        # the host of the request: each port of the host would then allow five more
        # attempts.
        return f"{_typed_email(credentials)}:{get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse too many attempts, also for addresses without an account."""
        super().pre_authenticate(request, **credentials)
        email = _typed_email(credentials)
        if login_sessions.has_session_at(email, self.get_client_ip(request)):
            # Attempts from other addresses must not lock out the owner here.
            return
        try:
            # Limits attempts on one account from many addresses.
            limits.count_use(
                "login", "account", hashlib.sha256(email.encode()).hexdigest()
            )
        except TooMany as refusal:
            raise self.validation_error("too_many_login_attempts") from refusal

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return True if this visitor may create an account (``accounts/invited.py``)."""
        return invited.is_signup_open(request)


def _typed_email(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email", "")).strip().lower()


def _on_this_site(url: str) -> str:
    return str(settings.SITE_URL).rstrip("/") + urlunsplit(("", "", *urlsplit(url)[2:]))


def connect_session_handlers() -> None:
    """Connect handlers to allauth's signals for logins and changed secrets."""
    signals.user_logged_in.connect(_start_session)
    signals.password_changed.connect(_end_other_sessions)
    signals.password_set.connect(_end_other_sessions)
    signals.password_reset.connect(_end_other_sessions)
    authenticator_added.connect(_end_other_sessions)


def _start_session(request: HttpRequest, **_: Any) -> None:
    login_sessions.record_login(request)


def _end_other_sessions(request: HttpRequest, user: User, **_: Any) -> None:
    """End all other sessions of the user; the old secret gives no access."""
    login_sessions.end_all_sessions(user, but=request.session.session_key)
