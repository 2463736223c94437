"""Form for the deduplication settings of a review."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from reviewapp.core.base_form import Form
from screening.citations.deduplication.match_policy import MatchPolicy


class DedupSettingsForm(Form):
    """A form for the deduplication settings."""

    CHOICES: ClassVar = [
        ("duplicate", _("Duplicates: screened once")),
        ("related", _("Related: screened separately")),
    ]
    cochrane_updates = forms.ChoiceField(
        label=_("Updates of a Cochrane or living review"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        help_text=_("Versions of one review with the same review number."),
    )
    preprints = forms.ChoiceField(
        label=_("A preprint and its article"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        help_text=_("The article may differ from the preprint."),
    )
    congress_abstracts = forms.ChoiceField(
        label=_("One abstract at two congresses"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        help_text=_("The same work presented twice."),
    )

    def policy(self) -> MatchPolicy:
        """Return the chosen settings."""
        said = self.cleaned_data
        return MatchPolicy(
            cochrane_updates=said["cochrane_updates"],
            preprints=said["preprints"],
            congress_abstracts=said["congress_abstracts"],
        )
