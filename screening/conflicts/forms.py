"""Forms of the conflict pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reviewapp.core.base_form import Form
from screening.decisions.queries.screen import ReasonView


class CommentForm(Form):
    """A comment in the discussion."""

    text = forms.CharField(
        label=_("Comment to the other adjudicators"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_key(self) -> Any:
        """Return the page's key, or a new one."""
        return self.cleaned_data["key"] or uuid4()


class ReopenForm(Form):
    """The reason for reopening a conflict."""

    why = forms.CharField(
        label=_("Reason for reopening"),
        max_length=5000,
        help_text=_("It is kept with the resolution that is taken back."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ResolveForm(Form):
    """The resolution of a conflict."""

    reason = forms.ChoiceField(label=_("Reason for exclusion"), required=False)
    rationale = forms.CharField(
        label=_("Rationale"),
        max_length=5000,
        help_text=_(
            "Explain the decision. It is kept with the votes, for the team and the "
            "readers of the review."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "data-key": "n"}),
    )
    verdict = forms.ChoiceField(
        choices=[("include", _("Include")), ("exclude", _("Exclude"))]
    )

    def __init__(
        self, *args: Any, reasons: Sequence[ReasonView], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if reasons:
            choices = [("", gettext("No reason"))] + [
                (one.code, one.text) for one in reasons
            ]
            self.fields["reason"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["reason"]
