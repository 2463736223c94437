"""How django-allauth behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sends people on to the invitation they came with."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The page of an invitation kept in the session, else the usual one."""
        waiting: Any = request.session.get("invitation_url")
        return str(waiting) if waiting else str(super().get_login_redirect_url(request))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """As after logging in."""
        return self.get_login_redirect_url(request)
