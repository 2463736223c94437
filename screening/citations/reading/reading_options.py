"""Import settings that a person changed before a file is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """Corrections to what `recognise` finds. "" and () keep what was found.

    `encoding` is one of `encodings.CHOICES`, `platform` one of
    `formats.PLATFORM_NAMES`. `columns` maps a table: (header as in the file, field of
    `columns.FIELDS`). In an archive they apply to every file that they fit.
    """

    encoding: str = ""
    platform: str = ""
    columns: tuple[tuple[str, str], ...] = ()
