"""What an import says about a file: warnings, skipped pieces, refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from .translation import gettext as _

WarningKind = Literal[
    "archive-member-ignored",
    "archive-path-unsafe",
    "control-characters-removed",
    "duplicate-tag-conflict",
    "empty-record",
    "encoding-guessed",
    "extension-mismatch",
    "field-junk-stripped",
    "formula-like-text",
    "formula-without-value",
    "invalid-bytes-replaced",
    "missing-record-start",
    "mixed-encodings",
    "mixed-line-endings",
    "mojibake-suspected",
    "no-title",
    "preamble-skipped",
    "ragged-row",
    "record-not-terminated",
    "sheet-ignored",
    "text-outside-record",
    "unbalanced-quotes",
    "unsupported-entry-skipped",
]
RefusalKind = Literal[
    "archive-damaged",
    "archive-encrypted",
    "archive-nested",
    "archive-too-large",
    "columns-unknown",
    "empty-file",
    "format-not-read-yet",
    "html-page",
    "no-records-found",
    "pdf-file",
    "unknown-format",
    "xml-entity-forbidden",
]

# A hostile file can hold millions of faults: the lists keep the first of them, the
# counts stay exact, and memory stays flat.
LISTED_AT_MOST = 10_000
RAW_AT_MOST = 20_000
# Of all listed pieces and all listed texts together; a letter takes up to four bytes.
LETTERS_AT_MOST = 16_000_000


@dataclass(frozen=True, slots=True)
class Notice:
    """One warning: `kind` of it, 1-based `line` (0: the file as a whole)."""

    kind: WarningKind
    line: int
    message: str
    member: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A piece of the file that was counted as a record but could not be kept."""

    line: int
    reason: str
    raw: str
    member: str = ""


@dataclass(frozen=True, slots=True)
class Outside:
    """Text that belongs to no record (a search strategy, say): a possible note."""

    line: int
    text: str
    member: str = ""


class Refused(Exception):
    """The file is not imported at all; `sentence` tells a person why and what to do."""

    def __init__(self, kind: RefusalKind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind: RefusalKind = kind
        self.sentence = sentence


@dataclass(slots=True)
class Report:
    """Collects what the readers notice while a file streams through them.

    The lists hold the first of each: `LISTED_AT_MOST` of a kind, and pieces and texts
    of `LETTERS_AT_MOST` letters together. `sink`, where given, gets every notice,
    skipped piece and text outside, also those past the end of the lists. `encoding` and
    `platform` are set by readers of binary formats that know them from inside (XML,
    workbooks); `member` by that of archives.
    `entry` is the 1-based number of the entry being read, where a line does not tell
    which of several it is (an XML library may be one line), else 0.
    """

    warnings: list[Notice] = field(default_factory=list)
    warning_counts: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    skipped_count: int = 0
    outside: list[Outside] = field(default_factory=list)
    sink: Callable[[Notice | Skipped | Outside], None] | None = None
    encoding: str = ""
    platform: str = ""
    member: str = ""
    entry: int = 0
    _letters: int = 0

    def warn(self, kind: WarningKind, line: int, message: str) -> None:
        """Note a warning; counted always, listed up to `LISTED_AT_MOST` of a kind."""
        self.warning_counts[kind] += 1
        notice = Notice(kind, line, self._with_entry(message), self.member)
        if self.warning_counts[kind] <= LISTED_AT_MOST:
            self.warnings.append(notice)
        if self.sink:
            self.sink(notice)

    def skip(self, line: int, reason: str, raw: str) -> None:
        """Note a piece that is found but not kept."""
        self.skipped_count += 1
        reason = self._with_entry(reason)
        piece = Skipped(line, reason, raw[:RAW_AT_MOST], self.member)
        if self.skipped_count <= LISTED_AT_MOST and self._has_room(piece.raw):
            self.skipped.append(piece)
        if self.sink:
            self.sink(piece)

    def _with_entry(self, sentence: str) -> str:
        if not self.entry:
            return sentence
        return _("{message} (Entry {number:,} of the file.)").format(
            message=sentence, number=self.entry
        )

    def put_outside(self, line: int, text: str) -> None:
        """Keep text that belongs to no record, and warn of it."""
        self.warn(
            "text-outside-record",
            line,
            _("Text between the records is not part of any record."),
        )
        piece = Outside(line, text[:RAW_AT_MOST], self.member)
        if len(self.outside) < LISTED_AT_MOST and self._has_room(piece.text):
            self.outside.append(piece)
        if self.sink:
            self.sink(piece)

    def _has_room(self, text: str) -> bool:
        """Count a text's letters; whether the lists may hold it."""
        self._letters += len(text)
        return self._letters <= LETTERS_AT_MOST
