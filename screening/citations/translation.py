"""Translation of the library's messages by the program that uses it.

The library itself knows no translations and needs no framework. Until a program calls
``use_translations``, every message is English.
"""

from __future__ import annotations

from collections.abc import Callable

Translate = Callable[[str], str]
TranslatePlural = Callable[[str, str, int], str]

_translate: Translate | None = None
_translate_plural: TranslatePlural | None = None


def use_translations(translate: Translate, translate_plural: TranslatePlural) -> None:
    """Set the functions that translate every later message of the library."""
    global _translate, _translate_plural
    _translate, _translate_plural = translate, translate_plural


def gettext(message: str) -> str:
    """Return ``message`` in the user's language, or as it is without translations."""
    return _translate(message) if _translate else message


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the singular or plural message that fits ``number``."""
    if _translate_plural:
        return _translate_plural(singular, plural, number)
    return singular if number == 1 else plural


def gettext_noop(message: str) -> str:
    """Return ``message`` as it is; marks text that ``gettext`` translates later."""
    return message
