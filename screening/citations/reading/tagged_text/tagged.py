"""Shared parts of the readers of tagged lines: one entry, and text between entries."""

from __future__ import annotations

from screening.citations.reading.reading_report import ReadingReport
from screening.citations.translation import gettext as _

Fields = dict[str, list[str]]

# No record has more lines. Longer text is not a record.
RECORD_LINES = 100_000
OUTSIDE_LINES = 2000


class TaggedEntry:
    """The lines of one record and the values of its tags.

    The lines of a continued value stay separated by LF: each format decides whether
    they are one text or separate values.
    """

    __slots__ = ("begun", "ended", "fields", "first", "last", "lines", "tag", "tail")

    def __init__(self, first: int, begun: bool = True) -> None:
        self.first = first
        self.begun = begun
        self.ended = False
        self.fields: Fields = {}
        self.lines: list[str] = []
        self.tag = ""
        self.last: list[str] = []
        self.tail: list[str] = []

    def put(self, tag: str, value: str) -> None:
        """Start a value."""
        if self.tail:
            self.settle()
        self.tag = tag
        self.last = self.fields.setdefault(tag, [])
        self.last.append(value)

    def go_on(self, line: str) -> None:
        """Continue the last value with one more line."""
        self.tail.append(line)

    def settle(self) -> None:
        """Append the continued lines to the last value."""
        if self.tail:
            self.last[-1] = "\n".join([self.last[-1], *self.tail])
            self.tail = []

    def overlong(self) -> bool:
        """Return True if the entry has more lines than any record."""
        return len(self.lines) >= RECORD_LINES

    def has_content(self, without: frozenset[str]) -> bool:
        """Return True if any other tag than these has a value."""
        return any(
            value.strip()
            for tag, values in self.fields.items()
            if tag not in without
            for value in values
        )

    @property
    def raw(self) -> str:
        """Return the source text, without blank lines at its end."""
        return "\n".join(self.lines).rstrip()


class StrayLines:
    """Lines that belong to no record, added to the report block by block."""

    def __init__(self, report: ReadingReport) -> None:
        self.report = report
        self.lines: list[str] = []
        self.first = 0

    def add(self, line: str, number: int) -> None:
        """Add a line. Only the first lines of a long text are kept."""
        if not self.lines:
            self.first = number
        if len(self.lines) < OUTSIDE_LINES:
            self.lines.append(line)

    def flush(self) -> None:
        """End the block and add it to the report."""
        text = "\n".join(self.lines).strip()
        if text:
            self.report.put_outside(self.first, text)
        self.lines = []


def skip_overlong(entry: TaggedEntry, report: ReadingReport) -> None:
    """Report an entry that is too long for a record."""
    reason = _("The record has more than {limit:,} lines.").format(limit=RECORD_LINES)
    report.skip(entry.first, reason, "\n".join(entry.lines[:1000]))


def skip_empty(entry: TaggedEntry, report: ReadingReport) -> None:
    """Report an entry without content."""
    report.warn("empty-record", entry.first, _("The record has no content."))
    report.skip(entry.first, _("The record has no content."), entry.raw)


def is_indented_text(line: str, entry: TaggedEntry | None) -> bool:
    """Return True if a line is indented more than the first of the entry.

    Then it is text that looks like a tag. Some files indent all their tags.
    """
    if line[:1] != " " or entry is None or not entry.lines:
        return False
    first = entry.lines[0]
    return len(line) - len(line.lstrip()) > len(first) - len(first.lstrip())


def tagged_values(fields: Fields, *tags: str) -> list[str]:
    """Return all values of these tags, in the order of the tags."""
    found: list[str] = []
    for tag in tags:
        if tag in fields:
            found += fields[tag]
    return found


def tagged_lines(fields: Fields, *tags: str) -> list[str]:
    """Return all values of these tags if every line is a separate value."""
    found: list[str] = []
    for value in tagged_values(fields, *tags):
        if "\n" in value:
            found += filter(None, map(str.strip, value.split("\n")))
        elif value and not value.isspace():
            found.append(value.strip())
    return found


def first_value(fields: Fields, *tags: str) -> str:
    """Return the first value that is not blank, with its lines as one text."""
    for tag in tags:
        if tag in fields:
            for value in fields[tag]:
                text = " ".join(value.split())
                if text:
                    return text
    return ""
