"""RIS in the dialects of databases, reference managers and screening tools.

What belongs to a record is ruled in `ris_lines`, what a tag means where in
`ris_fields`. Nearly all records are regular: a TY line, tags, an ER line. They are
taken whole here, with one search for all their tags; whatever is not so goes line by
line. Both ways give the same, and a test holds them to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from .citation import Citation
from .lines import TextLines
from .recognising import Recognised
from .report import Report
from .ris_fields import Fields, citation_of, values_of
from .ris_lines import (
    BETWEEN_RECORDS,
    NOISE,
    ONE_VALUE_A_LINE,
    RECORD_LINES,
    LineScanner,
    Piece,
    Record,
)

END = "\nER  -"
BEGIN = "\nTY  - "
# A tag with its value and the further values straight after it under the same tag.
TAGGED = re.compile(r"\n([A-Z][A-Z0-9])  - (.*(?:\n\1  - .*)*+)")
# A tag with its value and the lines after it that have no tag.
CONTINUED = re.compile(r"\n([A-Z][A-Z0-9])  -(.*(?:\n(?![A-Z][A-Z0-9]  -).*)*+)")
# Lines that only the exact rules know to be tags or not.
LIKE_A_TAG = re.compile(r"\n[^\S\n]*[A-Z][A-Z0-9][^\S\n]{2,4}[-‐–—]")
ONLY_NOISE = re.compile(rf"(?:\n[^\S\n]*+(?:{NOISE})?[^\S\n]*+)*+")
# What has more goes line by line, where no number of parts is too many.
PARTS_AT_MOST = 1000
# Text without an end of record is not held back for longer than this.
PENDING_CHARS = 2 << 20


class _Scanner(LineScanner):
    """Records from text; regular ones whole, the others line by line."""

    def __init__(self, report: Report) -> None:
        super().__init__(report)
        self.continues = False
        # A regular record, until it is known what follows its end.
        self.whole: Record | None = None

    def records(self, blocks: Iterator[str]) -> Iterator[Record]:
        """The records; what is none goes to the report."""
        # Every part of the text begins with the rest of the line that ended the
        # record before it; the first one with nothing.
        rest = ""
        for block in blocks:
            parts = f"{rest}\n{block}".split(END)
            for part, following in pairwise(parts):
                end_at = following.find("\n")
                end = following[:end_at] if end_at >= 0 else following
                begin = part.find("\n")
                start = part.find(BEGIN, begin)
                text = part[start:] if start >= 0 else ""
                fields = self._fields(text) if text and not end.strip() else None
                if fields is None:
                    yield from self._lines(f"{part[begin:]}{END}{end}")
                    continue
                if start > begin or self.piece or self.outside:
                    yield from self._between(part[begin:start])
                    if self.piece:  # a record begun between the two
                        yield from self._lines(f"{text}{END}{end}")
                        continue
                if self.whole:
                    yield self.whole
                self.whole = fields, self.number + 1, f"{text[1:]}{END}{end}"
                self.number += text.count("\n") + 1
            rest = parts[-1]
            if len(rest) > PENDING_CHARS:
                yield from self._lines(rest[rest.find("\n") :])
                rest = ""
        yield from self._lines(rest[rest.find("\n") :] if rest else "")
        done = self.finish(at_end=True)
        if done:
            yield done.record()

    def _lines(self, text: str) -> Iterator[Record]:
        """Take lines by the exact rules; each has its line end before it."""
        if self.whole:
            self.piece = Piece.of_record(self.whole)
            self.blank_before = False
            self.whole = None
        for piece in self.take_lines(text.split("\n")[1:]):
            yield piece.record()

    def _between(self, text: str) -> Iterator[Record]:
        """Take the lines before a regular record; `piece` is left only if it goes on."""
        if not text or text.isspace() or ONLY_NOISE.fullmatch(text):
            self.number += text.count("\n")
        else:
            yield from self._lines(text)
        if self.piece and self.piece.open:
            return
        done = self.finish()
        self.flush_outside()
        if done:
            yield done.record()

    def _fields(self, text: str) -> Fields | None:
        """The fields of a regular record; None for what is not one."""
        if not self.continues:
            pairs = TAGGED.findall(text)
            fields: Fields = dict(pairs)
            if len(fields) != len(pairs) <= PARTS_AT_MOST:
                fields = _merged(pairs)
            # Nothing is left over: every line has a tag.
            if len("".join(fields.values())) + len(BEGIN) * len(fields) == len(text):
                is_one = "\n" not in fields["TY"] and len(text) < RECORD_LINES
                return fields if is_one else None
        # "IQ - a measure" may be a tag in a file with tight tags.
        return None if self.tight_tags else self._continued(text)

    def _continued(self, text: str) -> Fields | None:
        """The same where some lines have no tag, as EndNote writes them."""
        pairs = CONTINUED.findall(text)
        if len(pairs) > PARTS_AT_MOST or len(text) >= RECORD_LINES:
            return None
        self.continues = False
        values: dict[str, list[str]] = {}
        for tag, value in pairs:
            under = values.setdefault(tag, [])
            if "\n" not in value:
                under.append(value[1:] if value[:1].isspace() else value)
                continue
            if LIKE_A_TAG.search(value):
                return None
            self.continues = True
            under += _with_lines_after(tag, value)
        if len(values["TY"]) > 1:
            return None
        return {
            tag: under[0] if len(under) == 1 else f"\n{tag}  - ".join(under)
            for tag, under in values.items()
        }


def _merged(pairs: list[tuple[str, str]]) -> Fields:
    fields: Fields = {}
    for tag, value in pairs:
        fields[tag] = f"{fields[tag]}\n{tag}  - {value}" if tag in fields else value
    return fields


def _with_lines_after(tag: str, text: str) -> list[str]:
    """A value and the lines after it that have no tag, as values.

    The same rule as in `LineScanner`: a blank line is nothing, noise after a blank
    line is nothing, other lines continue the value or are one of their own.
    """
    first, *lines = text.split("\n")
    values = [[first[1:] if first[:1].isspace() else first]]
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


def records(lines: TextLines, report: Report) -> Iterator[Record]:
    """The records as tagged fields, with their first lines and their texts."""
    return _Scanner(report).records(lines.blocks())


def citations(
    lines: TextLines, recognised: Recognised, report: Report
) -> Iterator[Citation]:
    """Read RIS records one by one; what can't be one is skipped with its reason."""
    platform = recognised.platform
    for fields, first, raw in records(lines, report):
        if not _has_content(fields):
            report.warn("empty-record", first, "The record has no content.")
            report.skip(first, "The record has no content.", raw)
            continue
        yield citation_of(fields, platform, first, raw, report)


def _has_content(fields: Fields) -> bool:
    return any(
        "\n" not in text or any(map(str.strip, values_of(fields, tag)))
        for tag, text in fields.items()
        if tag != "TY" and text and not text.isspace()
    )
