"""Flags of records: retractions, errata and expressions of concern, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviewapp.core.lib.translation import gettext_noop
from screening.citations import notices

LABELS: dict[str, str] = {
    notices.RETRACTED: gettext_noop("Retracted"),
    notices.CONCERN: gettext_noop("Expression of concern published"),
    notices.ERRATUM: gettext_noop("Erratum published"),
    notices.REPUBLISHED: gettext_noop("Corrected and republished"),
    notices.IS_RETRACTION: gettext_noop("This is a retraction notice"),
    notices.IS_CONCERN: gettext_noop("This is an expression of concern"),
    notices.IS_ERRATUM: gettext_noop("This is an erratum"),
}
# In the order of their importance.
ORDER = {kind: number for number, kind in enumerate(LABELS)}


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag: its kind, where the notice is, and a link to it.

    ``is_listed``: it comes from the list that the operator loaded, not from the source.
    """

    kind: str
    text: str = ""
    url: str = ""
    is_listed: bool = False

    @property
    def label(self) -> str:
        """Return the English label; templates translate it."""
        return LABELS[self.kind]


def flags_of_notices(stored: Iterable[Sequence[str]]) -> tuple[Flag, ...]:
    """Return the flags of the notices that a record's source contains."""
    return sorted_flags(
        Flag(kind, text) for kind, text in map(tuple, stored) if kind in LABELS
    )


def sorted_flags(flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """Return different flags, the most important first."""
    return tuple(sorted(dict.fromkeys(flags), key=lambda flag: ORDER[flag.kind]))
