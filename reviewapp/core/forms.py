"""Forms of the kernel's pages."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest

from reviewapp.core.models import User


class NameForm(forms.Form):
    """Added to allauth's sign-up: how the person is called in reviews."""

    name = forms.CharField(
        max_length=120,
        label="Your name",
        help_text="As your team should see it.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the user is made."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
