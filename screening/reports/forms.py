"""Forms of the full-text pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from reviewapp.core.base_form import Form


class NotRetrievedForm(Form):
    """The reason why a report was not retrieved."""

    reason = forms.CharField(
        max_length=300,
        label=_("Reason why it was not retrieved"),
        help_text=_("For example: no access and no reply from the author."),
    )


class NotSoughtForm(Form):
    """The reason for not retrieving a record from other methods."""

    reason = forms.CharField(
        max_length=300,
        label=_("Reason for not retrieving it"),
        help_text=_("For example: not peer reviewed."),
    )


class FileForm(Form):
    """The PDF of a report."""

    file = forms.FileField(
        label=_("PDF of the report"),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )


class StudyForm(Form):
    """The name of a study."""

    label = forms.CharField(max_length=200, label=_("Study name"))
