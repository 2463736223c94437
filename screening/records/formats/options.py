"""What a person corrected about a file before it is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """Corrections to what `recognise` finds; "" and () leave the finding as it is.

    `encoding` is one of `encodings.CHOICES`, `platform` one of `platforms.NAMES`.
    `columns` maps a table: (header as it stands in the file, field of
    `columns.FIELDS`). For an archive they hold for every member they can fit.
    """

    encoding: str = ""
    platform: str = ""
    columns: tuple[tuple[str, str], ...] = ()
