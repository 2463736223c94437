"""RIS reader for the dialects of databases, reference managers and screening tools.

`ris_lines` has the rules for what belongs to a record, `ris_fields` the meaning of the
tags. Nearly all records are regular: a TY line, tags, an ER line. They are parsed here
as a whole, with one search for all their tags. Other text is read line by line. Both
methods give the same result, and a test compares them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from screening.citations.citation import Citation
from screening.citations.reading.format_marks import FormatMark, Recognised
from screening.citations.reading.lines import TextLines
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.tagged_text.ris_fields import Fields, citations_of_ris
from screening.citations.reading.tagged_text.ris_lines import (
    BEGINS_RECORD,
    BETWEEN_RECORDS,
    NOISE,
    ONE_VALUE_A_LINE,
    RECORD_LINES,
    Record,
    RisEntry,
    RisLineScanner,
)

MARKS = (
    FormatMark("line", re.compile(r"^[ \t]*TY {1,4}-", re.M)),
    FormatMark(
        "line", re.compile(r"^(?:ER|T[I1]|A[U1]) {2}-", re.M), at_least=3, weak=True
    ),
)

END = "\nER  -"
BEGIN = "\nTY  - "
# A tag with its value, and the next values with the same tag.
TAGGED = re.compile(r"\n([A-Z][A-Z0-9])  - (.*(?:\n\1  - .*)*+)")
# The same with the next lines that have no tag.
CONTINUED = re.compile(
    r"\n([A-Z][A-Z0-9])  -(.*(?:\n\1  -.*|\n(?![A-Z][A-Z0-9]  -).*)*+)"
)
# Lines for which only the exact rules can decide whether they have a tag.
LIKE_A_TAG = re.compile(r"\n[^\S\n]*[A-Z][A-Z0-9][^\S\n]{2,4}[-‐–—]")
BLANK_LINE = re.compile(r"\n[^\S\n]*+(?:\n|\Z)")
INDENTED_LINE = re.compile(r"\n[^\S\n]")
# Tags directly after the end that start no record (Ovid's NL).
AFTER_END = re.compile(
    rf"(?:\n(?!{'|'.join(sorted(BEGINS_RECORD))}|TY|ER)[A-Z][A-Z0-9]  - .*+)++"
)
ONLY_NOISE = re.compile(rf"(?:\n[^\S\n]*+(?:{NOISE})?[^\S\n]*+)*+")
# Longer text is read line by line, which has no limit on the number of parts.
PARTS_AT_MOST = 1000
# Text without the end of a record is not held back for longer than this.
PENDING_CHARS = 2 << 20


class _RisScanner(RisLineScanner):
    """Separates text into records: regular ones as a whole, the others line by line."""

    def __init__(self, report: ReadingReport) -> None:
        super().__init__(report)
        self.continues = False
        # A regular record, kept until the text after its end is known.
        self.whole: Record | None = None

    def records(self, lines: TextLines) -> Iterator[Record]:
        """Yield the records. Other text goes to the report."""
        # Every part of the text starts with the rest of the line that ended the record
        # before it; the first part starts with nothing.
        rest, is_plain = "", True
        for block in lines.blocks():
            is_plain = lines.plain and (is_plain or not rest)
            parts = f"{rest}\n{block}".split(END)
            for part, following in pairwise(parts):
                end_at = following.find("\n")
                end = following[:end_at] if end_at >= 0 else following
                begin = part.find("\n")
                start = part.find(BEGIN, begin)
                fields = None
                if start >= 0 and not (end and end.strip()):
                    fields = self._fields(part, start)
                if fields is None:
                    yield from self._lines(f"{part[begin:]}{END}{end}")
                    continue
                if start > begin or self.entry or self.outside:
                    yield from self._between(part[begin:start], is_plain)
                    if self.entry:  # A record started between the two.
                        yield from self._lines(f"{part[start:]}{END}{end}")
                        continue
                if self.whole:
                    yield self.whole
                text = f"{part[start + 1 :]}{END}{end}"
                self.whole = fields, self.number + 1, text, is_plain
                self.number += text.count("\n") + 1
            if len(parts) > 1:
                is_plain = lines.plain
            rest = parts[-1]
            if len(rest) > PENDING_CHARS:
                yield from self._lines(rest[rest.find("\n") :])
                rest = ""
        yield from self._lines(rest[rest.find("\n") :] if rest else "")
        done = self.finish(at_end=True)
        if done:
            yield done.record()

    def _lines(self, text: str) -> Iterator[Record]:
        """Read lines by the exact rules. Each line has its line end before it."""
        if self.whole:
            self.entry = RisEntry.of_record(self.whole)
            self.blank_before = False
            self.whole = None
        for entry in self.take_lines(text.split("\n")[1:]):
            yield entry.record()

    def _between(self, text: str, is_plain: bool) -> Iterator[Record]:
        """Read the lines before a regular record. `entry` remains only if it continues."""
        if self.whole and text.startswith("\n") and not text[1:2].isspace():
            text = self._after_end(text, is_plain)
        if not text or text.isspace() or ONLY_NOISE.fullmatch(text):
            self.number += text.count("\n")
        else:
            yield from self._lines(text)
        if self.entry and self.entry.open:
            return
        done = self.finish()
        self.flush_outside()
        if done:
            yield done.record()

    def _after_end(self, text: str, is_plain: bool) -> str:
        """Add tags directly after a record to it, and return the text without them."""
        after = AFTER_END.match(text)
        if not (self.whole and after) or not ONLY_NOISE.fullmatch(text, after.end()):
            return text
        fields, first, raw, was_plain = self.whole
        pairs = TAGGED.findall(after.group())
        if len(pairs) > PARTS_AT_MOST:
            return text
        self.whole = (
            _merged([*fields.items(), *pairs]),
            first,
            raw + after.group(),
            was_plain and is_plain,
        )
        self.number += after.group().count("\n")
        return text[after.end() :]

    def _fields(self, part: str, start: int) -> Fields | None:
        """Return the fields of a regular record from `start`, None for other text."""
        length = len(part) - start
        if length >= RECORD_LINES:
            return None
        if not self.continues:
            pairs = TAGGED.findall(part, start)
            fields: Fields = dict(pairs)
            if len(fields) != len(pairs) <= PARTS_AT_MOST:
                fields = _merged(pairs)
            # Nothing is left over, so every line has a tag.
            if sum(map(len, fields.values())) + len(BEGIN) * len(fields) == length:
                return fields if "\n" not in fields["TY"] else None
        # "IQ - a measure" may be a tag in a file without double spaces.
        return None if self.tight_tags else self._continued(part, start)

    def _continued(self, part: str, start: int) -> Fields | None:
        """Return the same if some lines have no tag, as EndNote writes them."""
        pairs = CONTINUED.findall(part, start)
        if len(pairs) > PARTS_AT_MOST:
            return None
        self.continues = False
        fields: Fields = {}
        for tag, text in pairs:
            value = _value(text)
            if "\n" in text and text.count("\n") != text.count(f"\n{tag}  - "):
                values = self._with_lines_after(tag, text)
                if values is None:
                    return None
                value = values
            fields[tag] = f"{fields[tag]}\n{tag}  - {value}" if tag in fields else value
        return None if "\n" in fields["TY"] else fields

    def _with_lines_after(self, tag: str, text: str) -> str | None:
        """Return the values of a tag as one text, with the lines that have no tag."""
        between = f"\n{tag}  - "
        values: list[str] = []
        for value in text.split(f"\n{tag}  -"):
            if "\n" in value:
                if LIKE_A_TAG.search(value):
                    return None
                self.continues = True
            value = _value(value)
            if "\n" not in value:
                values.append(value)
            elif BLANK_LINE.search(value):
                values += _values_in_lines(tag, value)
            elif tag not in ONE_VALUE_A_LINE:
                values.append(value.replace("\n", " "))
            elif INDENTED_LINE.search(value):
                values += _values_in_lines(tag, value)
            else:
                values.append(value.replace("\n", between))
        return between.join(values)


def _merged(pairs: list[tuple[str, str]]) -> Fields:
    fields: Fields = {}
    for tag, value in pairs:
        fields[tag] = f"{fields[tag]}\n{tag}  - {value}" if tag in fields else value
    return fields


def _value(text: str) -> str:
    """Return the text after a tag, without the one space before it."""
    return text[1:] if text[:1].isspace() and text[0] != "\n" else text


def _values_in_lines(tag: str, text: str) -> list[str]:
    """Return a value and the next lines without a tag as values.

    The rule is that of `LineScanner`: a blank line and noise after a blank line are
    ignored. Other lines continue the value or are separate values.
    """
    first, *lines = text.split("\n")
    values = [[first]]
    blank_before = False
    for line in lines:
        is_blank = not line.strip()
        is_noise = blank_before and BETWEEN_RECORDS.fullmatch(line)
        blank_before = is_blank
        if is_blank or is_noise:
            continue
        if tag in ONE_VALUE_A_LINE and not line[0].isspace():
            values.append([line])
        else:
            values[-1].append(line)
    return [" ".join(parts) for parts in values]


def read_ris_fields(lines: TextLines, report: ReadingReport) -> Iterator[Record]:
    """Yield the records as tagged fields, with their first lines and their texts."""
    return _RisScanner(report).records(lines)


def read_ris(
    lines: TextLines, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read RIS records one by one.

    Text that can't be a record is skipped with its reason.
    """
    return citations_of_ris(
        _RisScanner(report).records(lines), recognised.platform, report
    )
