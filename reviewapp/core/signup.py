"""Signing up (apart from forms.py, which allauth's own forms import)."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest


class SignupForm(AllauthSignupForm):  # type: ignore[misc]
    """The same answer for addresses that have an account, and as late."""

    def try_save(self, request: HttpRequest) -> Any:
        """Hash the password also where no account is made of it."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)
