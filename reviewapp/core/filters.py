"""Filters in addresses: an unknown value is refused with a sentence (status 400).

An unknown value would otherwise select everything or nothing, and a list that looks
complete would be wrong.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from django.utils.translation import gettext as _

from reviewapp.core.refusals import Refused


class UnknownFilter(Refused):
    """The address asks for a value that its filter does not have (status 400)."""

    status = 400

    def __init__(self, name: str, value: str) -> None:
        sentence = _(
            "The filter “{name}” has no value “{value}”. Open the list again and choose "
            "one of its filters."
        )
        super().__init__(sentence.format(name=name, value=value[:60]))


def chosen(given: Mapping[str, str], name: str, known: Container[str]) -> str:
    """Return the value of a filter, "" if it is not set.

    Raises ``UnknownFilter`` for a value that is not ``known``.
    """
    value = given.get(name) or ""
    require_known(name, value, not value or value in known)
    return value


def require_known(name: str, value: str, is_known: object) -> None:
    """Raise ``UnknownFilter`` if the value of a filter is not known."""
    if not is_known:
        raise UnknownFilter(name, value)
