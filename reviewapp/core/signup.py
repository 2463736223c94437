"""Signing up (apart from forms.py, which allauth's own forms import)."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.core import context
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from reviewapp.core import invited


class SignupForm(AllauthSignupForm):  # type: ignore[misc]
    """The same answer for addresses that have an account, and as late."""

    def clean_email(self) -> str:
        """The address of the invitation, where one is needed; asked before any other.

        Any other is refused the same, whether it has an account or not.
        """
        if not invited.may_take(context.request, self.cleaned_data["email"]):
            raise ValidationError(_("Sign up with the email address that was invited."))
        return str(super().clean_email())

    def try_save(self, request: HttpRequest) -> Any:
        """Hash the password also where no account is made of it."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)
