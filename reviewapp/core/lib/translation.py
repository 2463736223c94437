"""Translation functions for rules, which may not import Django themselves."""

from __future__ import annotations

from django.utils.translation import (
    gettext,
    gettext_lazy,
    gettext_noop,
    ngettext,
    pgettext,
)

__all__ = ["gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext"]
