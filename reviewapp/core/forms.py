"""Forms of the kernel's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reviewapp.core.base_form import Form
from reviewapp.core.filters import UnknownFilter
from reviewapp.core.models import ProgressFor, Role, User
from reviewapp.core.queries.audit_log import EventFilters

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class NameForm(Form):
    """A form that adds the user's name to allauth's sign-up."""

    name = forms.CharField(
        max_length=120,
        label=_("Your name"),
        help_text=_("The name that your team sees."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: User) -> None:
        """Store the name; allauth calls this after it has created the user."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class ReviewForm(Form):
    """A form for the title of a review."""

    title = forms.CharField(
        max_length=300,
        label=_("Title"),
        help_text=_("The working title of the review. You can change it later."),
    )


class SettingsForm(Form):
    """A form for the settings of a review."""

    needs_second_factor = forms.BooleanField(
        label=_("Require two-factor authentication"),
        required=False,
        help_text=_(
            "Members who log in with only a password must set up an authenticator app "
            "or a passkey before they can open any page of this review."
        ),
    )
    keep_until = forms.DateField(
        label=_("Keep the data until"),
        required=False,
        help_text=_(
            "From this date, leads are reminded to export and delete the review. "
            "Nothing is deleted automatically."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    progress_for = forms.ChoiceField(
        label=_("Who sees how many records each member has screened"),
        required=False,
        choices=ProgressFor.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "The number of records only, while a stage is open. Never which records, "
            "and never how a member voted. The methods report names this choice."
        ),
    )


class DeleteReviewForm(Form):
    """A form that asks for the review's title before the review is deleted."""

    typed = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, title: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._title = title
        self.fields["typed"].label = gettext("To confirm, type {title}").format(
            title=title
        )

    def clean_typed(self) -> str:
        """Return the typed title if it matches, ignoring case and spaces."""
        typed = str(self.cleaned_data["typed"])
        if (
            " ".join(typed.split()).casefold()
            != " ".join(self._title.split()).casefold()
        ):
            raise forms.ValidationError(
                gettext("Type {title} to confirm.").format(title=self._title)
            )
        return typed


class InviteForm(Form):
    """A form for an invitation by email."""

    email = forms.EmailField(
        label=_("Email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=Role.choices, initial=Role.REVIEWER
    )


class RoleForm(Form):
    """A form for a member's new role."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


def _criteria_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class ProtocolForm(Form):
    """A form for the protocol, with one criterion per line, in order."""

    question = forms.CharField(
        label=_("Review question"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    population = forms.CharField(
        label=_("Population"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    concept = forms.CharField(
        label=_("Concept"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    context = forms.CharField(
        label=_("Context"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    registration = forms.CharField(
        label=_("Registration"),
        required=False,
        max_length=300,
        help_text=_("Where the protocol is published, for example a DOI."),
    )
    include = forms.CharField(
        label=_("Include if"),
        required=False,
        help_text=_("One criterion per line, in the order reviewers should read them."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    exclude = forms.CharField(
        label=_("Exclude if"),
        required=False,
        help_text=_("One criterion per line."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def clean_include(self) -> list[str]:
        """Return the inclusion criteria as a list."""
        return _criteria_lines(self.cleaned_data["include"])

    def clean_exclude(self) -> list[str]:
        """Return the exclusion criteria as a list."""
        return _criteria_lines(self.cleaned_data["exclude"])


def _date_field(label: StrOrPromise) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class AuditLogForm(Form):
    """A form with the filters of the audit log."""

    kind = forms.ChoiceField(label=_("Action"), required=False)
    person = forms.ChoiceField(label=_("User"), required=False)
    since = _date_field(_("From"))
    until = _date_field(_("Until"))
    subject = forms.CharField(
        label=_("Item (code)"), required=False, max_length=200, empty_value=""
    )

    def __init__(
        self,
        *args: Any,
        kinds: list[tuple[str, str]],
        people: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        everything: list[tuple[str, str]] = [("", gettext("All actions"))]
        everybody: list[tuple[str, str]] = [("", gettext("All users"))]
        self.fields["kind"].choices = everything + kinds  # type: ignore[attr-defined]
        self.fields["person"].choices = everybody + people  # type: ignore[attr-defined]

    @property
    def filters(self) -> EventFilters:
        """Return the filters; fields with errors are left out."""
        self.is_valid()
        return EventFilters(**getattr(self, "cleaned_data", {}))

    @property
    def known_filters(self) -> EventFilters:
        """Return the filters. Raises ``UnknownFilter`` for a field with an error."""
        for name in self.errors:
            raise UnknownFilter(name, str(self.data.get(name, "")))
        return self.filters
