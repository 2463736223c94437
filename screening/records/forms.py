"""Forms for sources, uploads, records added manually and deduplication settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reviewapp.core.base_form import Form
from screening.citations.formats import format_names
from screening.records.models import Arm, Source

_Kind = Source.Kind
DATABASE_KINDS = [_Kind.DATABASE, _Kind.REGISTER]
OTHER_KINDS = [kind for kind in _Kind if kind not in DATABASE_KINDS]


class SourceForm(Form):
    """A form for the search log of a database or register (PRISMA-S)."""

    kind = forms.ChoiceField(
        label=_("Type"),
        choices=[(k.value, k.label) for k in DATABASE_KINDS],
        widget=forms.RadioSelect,
        initial=_Kind.DATABASE.value,
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("The name to show in the flow diagram, for example PsycINFO."),
    )
    platform = forms.CharField(
        label=_("Platform"),
        max_length=200,
        required=False,
        help_text=_("The platform you searched on, for example Ovid or EBSCOhost."),
    )
    searched_on = forms.DateField(
        label=_("Date of the search"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    hits_reported = forms.IntegerField(
        label=_("Hits reported by the database"),
        required=False,
        min_value=0,
        max_value=2_000_000_000,
        help_text=_(
            "The number shown before the export. It is compared with the number of "
            "imported records."
        ),
    )
    strategy = forms.CharField(
        label=_("Search strategy"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono"}),
        help_text=_("Copy the full strategy exactly as run."),
    )
    limits = forms.CharField(
        label=_("Limits and filters"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Languages, years or published filters, with the reason for each."),
    )


class OtherSourceForm(Form):
    """A form for where and how an other method searched."""

    kind = forms.ChoiceField(
        label=_("Type"),
        choices=[(k.value, k.label) for k in OTHER_KINDS],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("For example “Reference lists of included reports”."),
    )
    provenance = forms.CharField(
        label=_("Where and how you searched"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "The reference list, expert, journal and volumes, or website. Give enough "
            "detail for others to repeat it."
        ),
    )
    searched_on = forms.DateField(
        label=_("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    limits = forms.CharField(
        label=_("Limits"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def source_form_of(arm: str) -> type[SourceForm] | type[OtherSourceForm]:
    """Return the form class for a source of that arm."""
    return OtherSourceForm if arm == Arm.OTHER else SourceForm


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """A field for several files; an empty file is refused later, with a reason."""

    widget = _SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = data if isinstance(data, Sequence) else [data]
        return [
            super(_FilesField, self).clean(file, initial) for file in files or [None]
        ]


def _upload_help() -> str:
    """Return the help text of the upload, with the formats that can be imported."""
    return gettext(
        "You can choose several files. You see a preview of each file before anything is "
        "imported. Formats: {formats}."
    ).format(formats=", ".join(format_names()))


class UploadForm(Form):
    """A form for one or more export files of a source."""

    exports = _FilesField(
        label=_("Export files"),
        allow_empty_file=True,
        max_length=1000,
        required=True,
        help_text=lazy(_upload_help, str)(),
    )
