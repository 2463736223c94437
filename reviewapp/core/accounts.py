"""How django-allauth behaves here."""

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

from reviewapp.core import devices, invited, limits
from reviewapp.core.models import User
from reviewapp.core.refusals import TooMany


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sends people on to the invitation they came with; limits tries to log in."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The page of an invitation kept in the session, else the usual one."""
        waiting: Any = request.session.get("invitation_url")
        return str(waiting) if waiting else str(super().get_login_redirect_url(request))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """As after logging in."""
        return self.get_login_redirect_url(request)

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Links in mails lead to ``SITE_URL``, whatever host the request has named."""
        ours = {
            name: _on_this_site(value) if name.endswith("_url") else value
            for name, value in context.items()
        }
        super().send_mail(template_prefix, email, ours)

    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: Any
    ) -> str:
        # Per account *and* address: whoever tries to guess locks out themselves, not
        # the owner, who logs in from elsewhere. allauth's own key begins with the host
        # that the request names: each port of it would be five tries more.
        return f"{_typed(credentials)}:{get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse too many tries; the same for addresses that nobody has."""
        super().pre_authenticate(request, **credentials)
        email = _typed(credentials)
        if devices.are_at(email, self.get_client_ip(request)):
            # Guessing elsewhere does not lock the owner out at home.
            return
        try:
            # Guessing from many addresses at once.
            limits.count("login", "account", hashlib.sha256(email.encode()).hexdigest())
        except TooMany as refusal:
            raise self.validation_error("too_many_login_attempts") from refusal

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether whoever asks may make an account (``core/invited.py``)."""
        return invited.is_open(request)


def _typed(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email", "")).strip().lower()


def _on_this_site(url: str) -> str:
    return str(settings.SITE_URL).rstrip("/") + urlunsplit(("", "", *urlsplit(url)[2:]))


def connect() -> None:
    """Listen to what allauth tells of log-ins and changed secrets."""
    signals.user_logged_in.connect(_logged_in)
    signals.password_changed.connect(_secret_changed)
    signals.password_set.connect(_secret_changed)
    signals.password_reset.connect(_secret_changed)
    authenticator_added.connect(_secret_changed)


def _logged_in(request: HttpRequest, **_: Any) -> None:
    devices.begin(request)


def _secret_changed(request: HttpRequest, user: User, **_: Any) -> None:
    """Whoever got in with the old secret is out; this device stays."""
    devices.end_all(user, but=request.session.session_key)
