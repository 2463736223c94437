"""Marks by which a format and its platforms are recognised, and what was recognised."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

# Platforms of a format: name, and a pattern that only files of the platform match. The
# first match wins. A tool that passes on other databases' records (a screening tool, a
# reference manager) is listed before the database whose links it keeps.
Platforms = Sequence[tuple[str, str]]
ANYTHING = r"^"


@dataclass(frozen=True, slots=True)
class FormatMark:
    """A pattern in the beginning of a file that shows its format.

    `kind` says in which files it is searched: text with tagged lines ("line"), XML
    ("element"), JSON ("key"), or text without another mark ("table"). `pattern` must
    match `at_least` times. A `weak` mark counts only if no other mark matches.
    """

    kind: Literal["line", "element", "key", "table"]
    pattern: re.Pattern[str]
    at_least: int = 1
    weak: bool = False

    def matches(self, text: str) -> bool:
        """Return True if the pattern occurs often enough in `text`."""
        found = self.pattern.finditer(text)
        return sum(1 for match in islice(found, self.at_least)) == self.at_least


@dataclass(frozen=True, slots=True)
class Recognised:
    """A summary of what the first bytes of a file show.

    `format` is a code of `formats.FORMATS`. `platform` is the database or program that
    most likely wrote the file, "" if unknown. `encoding` is a first result; reading the
    whole file can refine it. `extension_mismatch` is a sentence if the file name
    suggests another format, else "". `columns` is a person's mapping of a table:
    (header as in the file, field of `columns.FIELDS`); empty if the columns are found
    automatically.
    """

    format: str
    platform: str
    encoding: str
    extension_mismatch: str = ""
    columns: tuple[tuple[str, str], ...] = ()


def platform_of(platforms: Platforms, text: str) -> str:
    """Return the first platform whose pattern matches `text`, "" if none does."""
    for platform, pattern in platforms:
        if re.search(pattern, text, re.M):
            return platform
    return ""
