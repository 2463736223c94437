"""RIS line by line: the exact rules for what belongs to a record.

- `TY` starts a record, `ER` ends it. A `TY` before the `ER` starts the next record,
  with a warning. A second `TY` directly after the first is a repetition.
- Tags directly after `ER` belong to the record that just ended (Ovid writes `NL`
  there), unless they start a record themselves.
- After a blank line outside a record, tags of a reference (a title or an author) are a
  record that lost its `TY`. Anything else is text outside records.
- A line without a tag continues the value before it. For tags with one value per line
  (keywords, ISSN) it is another value, as EndNote writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.tagged_text.ris_fields import Fields, values_of
from screening.citations.translation import gettext as _

TAG = re.compile(r"^\s*([A-Z][A-Z0-9])(\s{0,4})[-‐–—]\s?(.*)$", re.S)
# Exporters print these between records: counters, banners and links to the full text.
NOISE = (
    r"\d+\.|Record #?\d+ of \d+|Provider: .*|Content: .*|Database: .*"
    r"|Link to the (?:Ovid|External) .*|<\d+\.? ?>"
)
BETWEEN_RECORDS = re.compile(rf"\s*(?:{NOISE})?\s*")
BEGINS_RECORD = frozenset({"TI", "T1", "AU", "A1", "ID", "AN", "PY", "Y1", "JF", "JO"})
MAKES_RECORD = frozenset({"TI", "T1", "AU", "A1", "DO", "CT", "BT"})
ONE_VALUE_A_LINE = frozenset({"KW", "SN", "DB", "N1", "UR", "AU", "A1", "L1", "L2"})
# No record has more lines. Longer text is not a record.
RECORD_LINES = 100_000


# Its fields, its first line, its text, and True if it is known to be plain text.
Record = tuple[Fields, int, str, bool]


class RisEntry:
    """The lines of one record, or of text that may become one."""

    __slots__ = ("begun", "first", "lines", "open", "tag", "tail", "values")

    def __init__(self, first: int, begun: bool) -> None:
        self.first = first
        self.begun = begun
        self.open = True
        self.values: dict[str, list[str]] = {}
        self.lines: list[str] = []
        self.tag = ""
        self.tail: list[str] = []

    @classmethod
    def of_record(cls, record: Record) -> RisEntry:
        """Return the entry of a finished record, for tags that can follow its end."""
        fields, first, raw, _ = record
        entry = cls(first, begun=True)
        entry.values = {tag: list(values_of(fields, tag)) for tag in fields}
        entry.lines = [raw]
        entry.open = False
        return entry

    def record(self) -> Record:
        """Return the fields in the form of `ris_fields`, the first line and the text."""
        fields = {
            tag: f"\n{tag}  - ".join(values) if len(values) > 1 else values[0]
            for tag, values in self.values.items()
        }
        return fields, self.first, "\n".join(self.lines), False

    def put(self, tag: str, value: str) -> None:
        self.settle()
        self.tag = tag
        self.values.setdefault(tag, []).append(value)

    def continue_value(self, line: str) -> None:
        if self.tag in ONE_VALUE_A_LINE and not line[:1].isspace():
            self.settle()
            self.values[self.tag].append(line)
        else:
            self.tail.append(line)

    def settle(self) -> None:
        """Append the continued lines to the last value."""
        if self.tail:
            values = self.values[self.tag]
            values[-1] = " ".join([values[-1], *self.tail])
            self.tail = []


class RisLineScanner:
    """Turns lines into entries by the rules in the docstring of this module."""

    def __init__(self, report: ReadingReport) -> None:
        self.report = report
        # Number of lines that were read.
        self.number = 0
        self.entry: RisEntry | None = None
        self.blank_before = True
        self.outside: list[str] = []
        self.outside_first = 0
        self.tight_tags = False

    def take_lines(self, lines: Iterable[str]) -> Iterator[RisEntry]:
        for line in lines:
            self.number += 1
            done = self._take(line)
            if done:
                yield done

    def _take(self, line: str) -> RisEntry | None:
        tag, value = self._split(line)
        done = None
        if tag == "TY":
            done = self._type(line, value)
        elif tag == "ER":
            done = self._end(line, value)
        elif tag:
            done = self._tagged(line, tag, value)
        else:
            done = self._untagged(line)
        self.blank_before = not line.strip()
        self._give_up_overlong()
        return done

    def _split(self, line: str) -> tuple[str, str]:
        """Return tag and value, or ("", line) for a line without a tag."""
        match = TAG.match(line)
        if not match:
            return "", line
        tag, gap, value = match.groups()
        if tag == "TY" and len(gap) < 2 and not self.entry:
            self.tight_tags = True
        if self._is_indented_text(line, match):
            return "", line
        # "IQ - a measure" is a line of text in a file with tags such as "AB  - ".
        if len(gap) < 2 and not (self.tight_tags and gap):
            return "", line
        return tag, value

    def _is_indented_text(self, line: str, match: re.Match[str]) -> bool:
        """Return True if a tag is indented more than the tags of the open record.

        Then it is text that looks like a tag. Some files indent all their tags.
        """
        entry = self.entry
        indent = match.start(1)
        if not indent or entry is None or not entry.open:
            return False
        first = entry.lines[0]
        return indent > len(first) - len(first.lstrip())

    def _type(self, line: str, value: str) -> RisEntry | None:
        entry = self.entry
        if entry and entry.begun and entry.open and set(entry.values) == {"TY"}:
            entry.lines.append(line)
            entry.put("TY", value)
            return None
        done = self.finish()
        self.flush_outside()
        self.entry = RisEntry(self.number, begun=True)
        self.entry.lines.append(line)
        self.entry.put("TY", value)
        return done

    def _end(self, line: str, value: str) -> RisEntry | None:
        entry = self.entry
        tag, kind = self._split(value)
        # "ER  - TY  - JOUR": the line break between two records was lost.
        is_two = tag == "TY"
        if entry and entry.open:
            entry.lines.append(line[: len(line) - len(value)] if is_two else line)
            entry.open = False
        if is_two:
            return self._type(value, kind)
        if value.strip():
            self._put_outside(value)
        return None

    def _tagged(self, line: str, tag: str, value: str) -> RisEntry | None:
        entry, done = self.entry, None
        if entry and not entry.open:
            if not self.blank_before and tag not in BEGINS_RECORD:
                entry.lines.append(line)
                entry.put(tag, value)
                return None
            done = self.finish()
            entry = None
        if entry is None:
            entry = self.entry = RisEntry(self.number, begun=False)
        entry.lines.append(line)
        entry.put(tag, value)
        return done

    def _untagged(self, line: str) -> RisEntry | None:
        entry, done = self.entry, None
        if entry and not entry.open and line.strip():
            done, entry = self.finish(), None
        noise = BETWEEN_RECORDS.fullmatch(line) is not None
        if entry is None or not entry.open:
            if not noise:
                self._put_outside(line)
        elif not noise or (line.strip() and not self.blank_before):
            entry.lines.append(line)
            entry.continue_value(line)
        elif entry.begun or line.strip():
            entry.lines.append(line)
        return done

    def _give_up_overlong(self) -> None:
        """Skip an entry that is too long for a record.

        Its rest is text outside records.
        """
        entry = self.entry
        if entry and len(entry.lines) >= RECORD_LINES:
            self.entry = None
            reason = _("The record has more than {limit:,} lines.").format(
                limit=RECORD_LINES
            )
            self.report.skip(entry.first, reason, "\n".join(entry.lines[:1000]))

    def finish(self, at_end: bool = False) -> RisEntry | None:
        """Return the current entry if it is a record.

        Otherwise it is text outside records.
        """
        entry, self.entry = self.entry, None
        if at_end and not entry:
            self.flush_outside()
        if entry is None:
            return None
        entry.settle()
        if not entry.begun:
            if not MAKES_RECORD.intersection(entry.values):
                if not any(map("".join, entry.values.values())):
                    # "EF  -": tags without a value contain nothing that could be lost.
                    return None
                for line in entry.lines:
                    self._put_outside(line, entry.first)
                self.flush_outside()
                return None
            self.report.warn(
                "missing-record-start",
                entry.first,
                _("The record does not start with TY."),
            )
        self.flush_outside()
        if entry.open:
            self.report.warn(
                "record-not-terminated",
                entry.first,
                _("The record has no ER line. It may be incomplete."),
            )
        while entry.lines and not entry.lines[-1].strip():
            entry.lines.pop()
        return entry

    def _put_outside(self, line: str, first: int = 0) -> None:
        if not self.outside:
            self.outside_first = first or self.number
        # The first lines are kept to be shown. The rest of a long text is not.
        if len(self.outside) < 2000:
            self.outside.append(line)

    def flush_outside(self) -> None:
        text = "\n".join(self.outside).strip()
        if text:
            self.report.put_outside(self.outside_first, text)
        self.outside = []
