"""Reader of Ovid's text formats: Reprint/Medlars with tags, Citation with labels.

A line `<12. >` or `<12>` starts a record. In Reprint/Medlars it is followed by lines
`TI  - text`. Older exports have no number; there, `VN  - Ovid Technologies` starts a
record. In Citation it is followed by a line with the name of the field, and indented
lines with its value. A file can contain both: each record is read in its own form. Text
before the first record, and a search strategy after the last, belongs to no record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from screening.citations.citation import Citation
from screening.citations.people import names_of_list
from screening.citations.reading.format_marks import FormatMark, Recognised
from screening.citations.reading.lines import TextLines
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.tagged_text.ovid_fields import (
    NO_CONTENT,
    citation_of_ovid,
    tag_of_label,
)
from screening.citations.reading.tagged_text.tagged import (
    StrayLines,
    TaggedEntry,
    skip_empty,
    skip_overlong,
)
from screening.citations.translation import gettext as _

REPRINT_MARKS = (
    FormatMark("line", re.compile(r"^ {0,3}<\d+\. ?>[ \t]*$", re.M)),
    FormatMark("line", re.compile(r"^ {0,2}VN {1,2}- Ovid", re.M)),
)
CITATION_MARKS = (FormatMark("line", re.compile(r"^ {0,3}<\d+>[ \t]*$", re.M)),)

BEGUN = re.compile(r"\s{0,3}<\s?\d{1,9}\s?\.?\s?>\s*")
TAG = re.compile(r"\s{0,2}([A-Z][A-Z0-9]) {1,2}-(?: (.*)|)", re.S)
VENDOR = re.compile(r"\s{0,2}VN {1,2}- ")
LABEL = re.compile(r"[A-Z][A-Za-z/&() -]{2,60}:?")
# More than any list of authors has.
AUTHOR_CHARS = 100_000
STRATEGY = re.compile(
    r"(?:Search (?:Strategy|History)\b|Database(?:s|\(s\))?: ?(?:Ovid|.*<)|[-*_=]{20,}\s*$)",
    re.I,
)


class _OvidScanner:
    """Turns lines into entries by the rules in the docstring of this module."""

    def __init__(self, report: ReadingReport) -> None:
        self.report = report
        self.strays = StrayLines(report)
        self.entry: TaggedEntry | None = None
        self.numbered = False
        self.blank_before = True

    def entries(self, lines: TextLines) -> Iterator[TaggedEntry]:
        for line in lines:
            if done := self._take(line, lines.number):
                yield done
            self.blank_before = not line.strip()
            if self.entry and self.entry.overlong():
                skip_overlong(self.entry, self.report)
                self.entry = None
        if self.entry:
            yield self.entry
        self.strays.flush()

    def _take(self, line: str, number: int) -> TaggedEntry | None:
        entry = self.entry
        if "<" in line[:4] and BEGUN.fullmatch(line):
            self.numbered = True
            return self._begin(line, number)
        if "VN" in line[:4] and VENDOR.match(line) and self._begins_unnumbered(entry):
            if self.numbered:
                self.report.warn(
                    "missing-record-start",
                    number,
                    _("The record does not start with its number in angle brackets."),
                )
            return self._begin(line, number)
        if entry and self.blank_before and STRATEGY.match(line):
            self.entry = None
            self.strays.add(line, number)
            return entry
        if entry:
            entry.lines.append(line)
        elif line.strip() or self.strays.lines:
            self.strays.add(line, number)
        return None

    @staticmethod
    def _begins_unnumbered(entry: TaggedEntry | None) -> bool:
        return entry is None or any(map(VENDOR.match, entry.lines))

    def _begin(self, line: str, number: int) -> TaggedEntry | None:
        done, self.entry = self.entry, TaggedEntry(number)
        self.strays.flush()
        self.entry.lines.append(line)
        return done


def read_ovid(
    lines: TextLines, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read Ovid's records one by one. Records without content are skipped."""
    for entry in _OvidScanner(report).entries(lines):
        _take_apart(entry)
        if entry.has_content(NO_CONTENT):
            yield citation_of_ovid(entry, report)
        else:
            skip_empty(entry, report)


def _take_apart(entry: TaggedEntry) -> None:
    lines = entry.lines
    if BEGUN.fullmatch(lines[0]):
        lines = lines[1:]
    tagged = sum(1 for line in lines if TAG.fullmatch(line))
    if tagged >= 2 or (tagged and len(lines) <= 2):
        _take_tagged(entry, lines)
    elif any(tag_of_label(line) for line in lines if line[:1].strip()):
        _take_labelled(entry, lines)
    else:
        _take_plain(entry, lines)
    entry.settle()


def _take_tagged(entry: TaggedEntry, lines: list[str]) -> None:
    # Text that looks like a tag is indented more than the first tag.
    indent = min(
        (len(line) - len(line.lstrip()) for line in lines if TAG.fullmatch(line)),
        default=0,
    )
    for line in lines:
        match = TAG.fullmatch(line)
        if match and match.start(1) == indent:
            entry.put(match.group(1), match.group(2) or "")
        elif entry.tag and line.strip():
            entry.go_on(line.strip())


def _take_labelled(entry: TaggedEntry, lines: list[str]) -> None:
    """Read labels at the margin with indented values."""
    for line in lines:
        indented = line[:1].isspace()
        tag = "" if indented else tag_of_label(line)
        if tag or (not indented and LABEL.fullmatch(line.rstrip())):
            entry.put(tag or f"label {line.strip()}", "")
        elif entry.tag and line.strip():
            entry.go_on(line.strip())
        elif line.strip():
            entry.put("TI", line.strip())


def _take_plain(entry: TaggedEntry, lines: list[str]) -> None:
    """Read lines without tags or labels: authors, title and source, one line each."""
    texts = [line.strip() for line in lines if line.strip()]
    order = {1: ["TI"], 2: ["TI", "SO"]}.get(len(texts), ["AU", "TI", "SO", "AB"])
    for tag, text in zip(order, texts, strict=False):
        entry.put(
            tag, "; ".join(names_of_list(text[:AUTHOR_CHARS])) if tag == "AU" else text
        )
    for text in texts[len(order) :]:
        entry.go_on(text)
