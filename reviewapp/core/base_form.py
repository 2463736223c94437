"""The base class of all forms: clean lines of text, and refusals above the fields."""

from __future__ import annotations

from typing import Any

from django import forms

from reviewapp.core.lib.visible_text import visible_line


class _Line:
    """The ``to_python`` of a field, for text without invisible characters."""

    def __init__(self, field: forms.CharField) -> None:
        self._convert = field.to_python

    def __call__(self, value: Any) -> Any:
        return self._convert(visible_line(value) if isinstance(value, str) else value)


def _is_line(field: forms.Field) -> bool:
    """Return True for one line of text that people type, such as a name or a title."""
    return type(field) is forms.CharField and type(field.widget) is forms.TextInput


class Form(forms.Form):
    """A form whose error summary also shows the refusal of a service.

    ``core/refused_pages.py`` shows the form again with ``data.refusal``. Names, titles
    and other single lines lose invisible characters (core/lib/visible_text.py).
    """

    def full_clean(self) -> None:
        """Validate, then add the refusal as an error of the whole form."""
        for field in self.fields.values():
            if _is_line(field) and not isinstance(field.to_python, _Line):
                field.to_python = _Line(field)  # type: ignore[method-assign,arg-type]
        super().full_clean()
        refusal = getattr(self.data, "refusal", None)
        if self.is_bound and refusal is not None:
            self.add_error(None, refusal.sentence)
