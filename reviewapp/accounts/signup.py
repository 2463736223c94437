"""Sign-up form (a module of its own, because allauth's forms import forms.py)."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.core import context
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from reviewapp.accounts import invited


class SignupForm(AllauthSignupForm):  # type: ignore[misc]
    """A sign-up form that answers the same, equally fast, for existing accounts."""

    def clean_email(self) -> str:
        """Return the address; it must be the invited one where sign-up needs that.

        This check comes first, so that other addresses get the same answer, whether
        they have an account or not.
        """
        if not invited.may_sign_up_with(context.request, self.cleaned_data["email"]):
            raise ValidationError(_("Sign up with the email address that was invited."))
        return str(super().clean_email())

    def try_save(self, request: HttpRequest) -> Any:
        """Save the user; hash the password even if the account already exists."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)
