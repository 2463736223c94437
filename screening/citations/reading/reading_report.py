"""Report on the reading of a file: warnings, skipped entries, refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from screening.citations.translation import gettext as _
from screening.citations.translation import gettext_noop

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
    "people-unclear",
    "preamble-skipped",
    "ragged-row",
    "record-not-terminated",
    "sheet-ignored",
    "spreadsheet-changed",
    "text-outside-record",
    "unbalanced-quotes",
    "unsupported-entry-skipped",
]
# What a kind means, for readers who may not see the text of the file. Translated when
# it is shown.
WARNING_KINDS: Mapping[str, str] = {
    "archive-member-ignored": gettext_noop("A file in the archive was skipped."),
    "archive-path-unsafe": gettext_noop("A file in the archive has an unsafe path."),
    "control-characters-removed": gettext_noop("Control characters were removed."),
    "duplicate-tag-conflict": gettext_noop("A field has different values."),
    "empty-record": gettext_noop("A record has no content."),
    "encoding-guessed": gettext_noop("The encoding was guessed."),
    "extension-mismatch": gettext_noop("The file name does not match the format."),
    "field-junk-stripped": gettext_noop(
        "Text that is not part of a field was removed."
    ),
    "formula-like-text": gettext_noop("A text looks like a formula."),
    "formula-without-value": gettext_noop("A formula has no value."),
    "invalid-bytes-replaced": gettext_noop("Bytes that are not valid were replaced."),
    "missing-record-start": gettext_noop("A record has no first line."),
    "mixed-encodings": gettext_noop("The file mixes encodings."),
    "mixed-line-endings": gettext_noop("The file mixes line endings."),
    "mojibake-suspected": gettext_noop("Letters may be damaged."),
    "no-title": gettext_noop("A record has no title."),
    "people-unclear": gettext_noop("An author may be several people."),
    "preamble-skipped": gettext_noop("Lines before the first record were skipped."),
    "ragged-row": gettext_noop("A row has too many or too few cells."),
    "record-not-terminated": gettext_noop("A record has no last line."),
    "sheet-ignored": gettext_noop("A sheet was skipped."),
    "spreadsheet-changed": gettext_noop("A spreadsheet program changed a value."),
    "text-outside-record": gettext_noop("Text is outside records."),
    "unbalanced-quotes": gettext_noop("Quotation marks are not balanced."),
    "unsupported-entry-skipped": gettext_noop(
        "An entry that is not a reference was skipped."
    ),
}
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

# A hostile file can have millions of errors. The lists keep the first ones and the
# counts are exact, so memory stays constant.
LISTED_AT_MOST = 10_000
RAW_AT_MOST = 20_000
# Of all listed entries and texts together. A letter takes up to four bytes.
LETTERS_AT_MOST = 16_000_000


@dataclass(frozen=True, slots=True)
class ReadingWarning:
    """One warning: its `kind` and its 1-based `line` (0: the file as a whole).

    `entry` is the number of the entry if the line is not enough to find it, else 0.
    """

    kind: WarningKind
    line: int
    message: str
    member: str = ""
    entry: int = 0


@dataclass(frozen=True, slots=True)
class SkippedText:
    """Part of a file that was counted as a record but could not be kept."""

    line: int
    reason: str
    raw: str
    member: str = ""


@dataclass(frozen=True, slots=True)
class OutsideText:
    """Text that belongs to no record, such as a search strategy: a possible note."""

    line: int
    text: str
    member: str = ""


class UnreadableFile(Exception):
    """The file can't be imported. `sentence` tells a person why and what to do."""

    def __init__(self, kind: RefusalKind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind: RefusalKind = kind
        self.sentence = sentence


@dataclass(slots=True)
class ReadingReport:
    """Collects warnings, skipped entries and text outside records while a file is read.

    The lists have the first of each: `LISTED_AT_MOST` warnings of a kind, and entries
    and texts of `LETTERS_AT_MOST` letters together. `sink`, if given, receives every
    warning, skipped entry and text outside records, even those that the lists do not
    keep. `encoding` and `platform` are set by readers of binary formats that know them
    from inside (XML, workbooks), and `member` by the reader of archives. `entry` is the
    1-based number of the current entry if the line is not enough to identify it (an XML
    library can be one line), else 0.
    """

    warnings: list[ReadingWarning] = field(default_factory=list)
    warning_counts: Counter[str] = field(default_factory=Counter)
    skipped: list[SkippedText] = field(default_factory=list)
    skipped_count: int = 0
    outside: list[OutsideText] = field(default_factory=list)
    sink: Callable[[ReadingWarning | SkippedText | OutsideText], None] | None = None
    encoding: str = ""
    platform: str = ""
    member: str = ""
    entry: int = 0
    _letters: int = 0

    def warn(self, kind: WarningKind, line: int, message: str) -> None:
        """Add a warning.

        All are counted, and the first `LISTED_AT_MOST` of a kind are listed.
        """
        self.warning_counts[kind] += 1
        notice = ReadingWarning(kind, line, message, self.member, self.entry)
        if self.warning_counts[kind] <= LISTED_AT_MOST:
            self.warnings.append(notice)
        if self.sink:
            self.sink(notice)

    def skip(self, line: int, reason: str, raw: str) -> None:
        """Add an entry that was found but not kept."""
        self.skipped_count += 1
        reason = self._with_entry(reason)
        piece = SkippedText(line, reason, raw[:RAW_AT_MOST], self.member)
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
            _("This text is not part of any record."),
        )
        piece = OutsideText(line, text[:RAW_AT_MOST], self.member)
        if len(self.outside) < LISTED_AT_MOST and self._has_room(piece.text):
            self.outside.append(piece)
        if self.sink:
            self.sink(piece)

    def _has_room(self, text: str) -> bool:
        """Count the letters of a text, and return True if the lists have room for it."""
        self._letters += len(text)
        return self._letters <= LETTERS_AT_MOST
