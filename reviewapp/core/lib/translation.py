"""Translation functions for rules, which may not import Django themselves."""

from __future__ import annotations

from datetime import datetime

from django.utils.dateformat import format as format_datetime
from django.utils.translation import (
    gettext,
    gettext_lazy,
    gettext_noop,
    ngettext,
    pgettext,
)

__all__ = [
    "date_text",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "pgettext",
]


def date_text(at: datetime, pattern: str = "j F Y") -> str:
    """Return a date by a pattern of Django's `date` filter, month names translated."""
    return format_datetime(at, pattern)
