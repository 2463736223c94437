"""Forms for corrections of an import, manual entry and undo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reviewapp.core.base_form import Form
from screening.citations.citation import Citation
from screening.citations.fields import digits_of, doi_of, fold
from screening.citations.formats import PLATFORM_NAMES
from screening.citations.reading import encodings
from screening.citations.reading.tables.columns import IGNORE, field_labels
from screening.records.rules.best_fields import FIELDS
from screening.records.rules.correctable import CORRECTABLE


def correctable_choices() -> list[tuple[str, str]]:
    """Return the fields that can be corrected, with their labels."""
    return [(name, gettext(FIELDS[name])) for name in CORRECTABLE]


class EntryForm(Form):
    """A form for one record that is added manually."""

    title = forms.CharField(
        label=_("Title"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=5000,
    )
    authors = forms.CharField(
        label=_("Authors"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One author per line, family name first: Byron, Ada."),
        max_length=20_000,
    )
    year = forms.IntegerField(
        label=_("Year"), required=False, min_value=1500, max_value=2100
    )
    journal = forms.CharField(
        label=_("Journal or publisher"), required=False, max_length=1000
    )
    volume = forms.CharField(label=_("Volume"), required=False, max_length=100)
    issue = forms.CharField(label=_("Issue"), required=False, max_length=100)
    pages = forms.CharField(label=_("Pages"), required=False, max_length=100)
    doi = forms.CharField(
        label=_("DOI"),
        required=False,
        max_length=500,
        help_text=_("With or without https://doi.org/ at the start."),
    )
    pmid = forms.CharField(label=_("PubMed ID (PMID)"), required=False, max_length=20)
    url = forms.URLField(label=_("Web address"), required=False, assume_scheme="https")
    abstract = forms.CharField(
        label=_("Abstract"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=100_000,
    )
    notes = forms.CharField(
        label=_("How you found it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: reference 14 of Byron 2018."),
        max_length=5000,
    )

    def clean_doi(self) -> str:
        """Return the bare DOI in lower case."""
        given = str(self.cleaned_data["doi"])
        doi = doi_of(given)
        if given and not doi:
            raise forms.ValidationError(
                gettext(
                    "This is not a DOI. A DOI starts with 10. and contains a slash."
                )
            )
        return doi

    def clean(self) -> dict[str, Any]:
        """Require a title or a DOI."""
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("title") or data.get("doi")) and "doi" not in self.errors:
            self.add_error("title", gettext("Enter a title or a DOI."))
        return data

    @staticmethod
    def initial_of(citation: Citation) -> dict[str, Any]:
        """Return the initial values of the form for a partly known record."""
        kept = ("title", "year", "journal", "volume", "issue", "pages", "doi", "pmid")
        return {
            **{name: getattr(citation, name) for name in (*kept, "url", "abstract")},
            "authors": "\n".join(citation.authors),
        }

    def citation(self) -> Citation:
        """Return the record as a ``Citation``, as the importers do."""
        data = self.cleaned_data
        names = (fold(line) for line in data["authors"].splitlines())
        return Citation(
            title=fold(data["title"]),
            authors=tuple(name for name in names if name),
            year=data["year"],
            journal=fold(data["journal"]),
            volume=fold(data["volume"]),
            issue=fold(data["issue"]),
            pages=fold(data["pages"]),
            doi=data["doi"],
            pmid=digits_of(data["pmid"]),
            url=data["url"],
            abstract=fold(data["abstract"]),
            notes=fold(data["notes"]),
        )


class CorrectionForm(Form):
    """A form for the right value of one field of a record."""

    field = forms.ChoiceField(label=_("Field"), choices=correctable_choices)
    value = forms.CharField(
        label=_("Right value"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One author per line, family name first: Byron, Ada."),
        max_length=100_000,
    )
    origin = forms.CharField(
        label=_("Where the value comes from"),
        help_text=_("For example: the page of the publisher, read on 3 May."),
        max_length=1000,
    )


class UndoImportForm(Form):
    """A form that asks for the file name, to undo an import with assigned records."""

    typed_name = forms.CharField(
        label=_("File name"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, file_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._file_name = file_name
        self.fields["typed_name"].help_text = gettext(
            "To confirm, type {file_name}"
        ).format(file_name=file_name)

    def clean_typed_name(self) -> str:
        """Require the exact file name."""
        typed = str(self.cleaned_data["typed_name"])
        if typed.strip() != self._file_name:
            raise forms.ValidationError(
                gettext("The name does not match. Type {file_name} exactly.").format(
                    file_name=self._file_name
                )
            )
        return typed


class ImportSettingsForm(Form):
    """A form for the import settings: encoding, platform and a table's columns."""

    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[("", _("Detect automatically")), *((c, c) for c in encodings.CHOICES)],
        help_text=_("Choose another encoding if letters such as é look wrong."),
    )
    platform = forms.ChoiceField(
        label=_("Exported from"),
        required=False,
        choices=[("", _("Detect automatically")), *((n, n) for n in PLATFORM_NAMES)],
        help_text=_("The database or program that exported the file."),
    )

    def __init__(
        self, *args: Any, headers: Sequence[str], chosen: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.headers = headers
        for number, header in enumerate(headers):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=header,
                choices=list(field_labels().items()),
                initial=chosen[number] if number < len(chosen) else IGNORE,
            )
        if headers:
            self.fields["template_name"] = forms.CharField(
                label=_("Save these columns as a template named"),
                required=False,
                max_length=100,
                help_text=_("Your whole team can use it for similar files."),
            )

    def rows(self, samples: Sequence[Sequence[str]]) -> Iterator[Any]:
        """Yield the form field and sample values of each column."""
        for number, values in enumerate(samples):
            yield self[f"column_{number}"], values

    def columns(self) -> list[tuple[str, str]]:
        """Return the mapping in the order of the table, with ignored columns."""
        said = self.cleaned_data
        return [(h, said[f"column_{n}"]) for n, h in enumerate(self.headers)]

    def clean(self) -> dict[str, Any]:
        """Require a column that contains the titles."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        fields = {data.get(f"column_{n}") for n in range(len(self.headers))}
        if self.headers and "title" not in fields:
            self.add_error(None, gettext("Choose the column that contains the titles."))
        return data
