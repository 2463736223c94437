"""Forms of the kernel's pages."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest

from reviewapp.core.models import Role, User


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


class ReviewForm(forms.Form):
    """A new review."""

    title = forms.CharField(
        max_length=300,
        label="Title",
        help_text="The working title of the review; you can change it later.",
    )


class InviteForm(forms.Form):
    """An invitation by e-mail."""

    email = forms.EmailField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.REVIEWER)


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label="Role", choices=Role.choices)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class ProtocolForm(forms.Form):
    """The protocol; criteria are written one per line, in order."""

    question = forms.CharField(
        label="Review question",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    population = forms.CharField(
        label="Population", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    concept = forms.CharField(
        label="Concept", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    context = forms.CharField(
        label="Context", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    registration = forms.CharField(
        label="Registration",
        required=False,
        max_length=300,
        help_text="Where the protocol is published, for example a DOI.",
    )
    include = forms.CharField(
        label="Include if",
        required=False,
        help_text="One criterion per line, in the order they should be read.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    exclude = forms.CharField(
        label="Exclude if",
        required=False,
        help_text="One criterion per line.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def clean_include(self) -> list[str]:
        """The criteria as a list."""
        return _lines(self.cleaned_data["include"])

    def clean_exclude(self) -> list[str]:
        """The criteria as a list."""
        return _lines(self.cleaned_data["exclude"])
