"""Forms of the full-text pages."""

from __future__ import annotations

from django import forms


class NotRetrievedForm(forms.Form):
    """Why a report could not be had."""

    reason = forms.CharField(
        max_length=300,
        label="Why could it not be retrieved?",
        help_text="For example: no access and no answer from the author.",
    )


class NotSoughtForm(forms.Form):
    """Why a record found by other methods is not sought."""

    reason = forms.CharField(
        max_length=300,
        label="Why is it not sought?",
        help_text="For example: not peer reviewed.",
    )


class FileForm(forms.Form):
    """The PDF of a report."""

    file = forms.FileField(
        label="PDF of the report",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )


class StudyForm(forms.Form):
    """The name of a study."""

    label = forms.CharField(max_length=200, label="Name of the study")
