"""The base class of all forms: it shows a refusal above what was typed."""

from __future__ import annotations

from django import forms


class Form(forms.Form):
    """A form whose error summary also shows the refusal of a service.

    ``core/refused_pages.py`` shows the form again with ``data.refusal``.
    """

    def full_clean(self) -> None:
        """Validate, then add the refusal as an error of the whole form."""
        super().full_clean()
        refusal = getattr(self.data, "refusal", None)
        if self.is_bound and refusal is not None:
            self.add_error(None, refusal.sentence)
