"""RIS in the dialects of databases, reference managers and screening tools.

The line scanner is one for all of them; what a tag means where is in `ris_fields`.
The rules for what belongs to a record:

- `TY` begins a record, `ER` ends it. A `TY` before the `ER` begins the next one, with a
  warning; a second `TY` right after the first is a repeat of it.
- Tags straight after `ER` belong to the record just ended (Ovid writes `NL` there),
  unless they begin one themselves.
- After a blank line outside a record, tags that make a reference (a title or an
  author) are a record that lost its `TY`; anything else is text outside.
- A line without a tag continues the value before it. For tags that hold one value
  each (keywords, ISSN), it is a further value, as EndNote writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .citation import Citation
from .lines import TextLines
from .recognising import Recognised
from .report import Report
from .ris_fields import Fields, citation_of

TAG = re.compile(r"^\s*([A-Z][A-Z0-9])(\s{0,4})[-‐–—]\s?(.*)$", re.S)
# What exporters print between records: counters, banners and links to the full text.
BETWEEN_RECORDS = re.compile(
    r"\s*(?:\d+\.|Record #?\d+ of \d+|Provider: .*|Content: .*|Database: .*"
    r"|Link to the (?:Ovid|External) .*|<\d+\.? ?>)?\s*"
)
BEGINS_RECORD = frozenset({"TI", "T1", "AU", "A1", "ID", "AN", "PY", "Y1", "JF", "JO"})
MAKES_RECORD = frozenset({"TI", "T1", "AU", "A1", "DO", "CT", "BT"})
ONE_VALUE_A_LINE = frozenset({"KW", "SN", "DB", "N1", "UR", "AU", "A1", "L1", "L2"})
ENDED = re.compile(r"\nER  -(.*)")
BEGUN = "\nTY  - "
REGULAR_LINE = re.compile(r"^([A-Z][A-Z0-9])  - (.*)$", re.M)
# Text without an end of record is not held back for longer than this.
PENDING_CHARS = 2 << 20
# More lines than any record has; what goes on for longer is not one.
RECORD_LINES = 100_000


class _Piece:
    """The lines of one record, or of what may turn out to be one."""

    __slots__ = ("begun", "fields", "first", "lines", "open", "tag", "tail")

    def __init__(self, first: int, begun: bool) -> None:
        self.first = first
        self.begun = begun
        self.open = True
        self.fields: Fields = {}
        self.lines: list[str] = []
        self.tag = ""
        self.tail: list[str] = []

    def put(self, tag: str, value: str) -> None:
        if self.tail:
            self.settle()
        self.tag = tag
        values = self.fields.get(tag)
        if values is None:
            self.fields[tag] = [value]
        else:
            values.append(value)

    def continue_value(self, line: str) -> None:
        if self.tag in ONE_VALUE_A_LINE and not line[:1].isspace():
            self.fields[self.tag].append(line)
        else:
            self.tail.append(line)

    def settle(self) -> None:
        """Join the lines that continue the last value to it."""
        if self.tail:
            values = self.fields[self.tag]
            values[-1] = " ".join([values[-1], *self.tail])
            self.tail = []


class _Scanner:
    """Turns lines into pieces; see the rules at the head of this module.

    Most records are regular: a TY line, lines with one tag each, an ER line. They are
    taken whole, with one search for all their tags. Whatever is not so goes line by
    line through `_take`.
    """

    def __init__(self, lines: TextLines, report: Report) -> None:
        self.lines = lines
        self.report = report
        self.number = 0
        self.piece: _Piece | None = None
        self.blank_before = True
        self.outside: list[str] = []
        self.outside_first = 0
        self.tight_tags = False

    def pieces(self) -> Iterator[_Piece]:
        # Every part of the text begins with the line end before its first line.
        rest = ""
        for block in self.lines.blocks():
            parts = ENDED.split(f"{rest}\n{block}")
            for part, end in zip(parts[:-1:2], parts[1::2], strict=True):
                yield from self._ended(part, f"ER  -{end}")
            rest = parts[-1]
            if len(rest) > PENDING_CHARS:
                yield from self._line_by_line(rest.split("\n")[1:])
                rest = ""
        yield from self._line_by_line(rest.split("\n")[1:])
        done = self._finish(at_end=True)
        if done:
            yield done

    def _ended(self, part: str, end: str) -> Iterator[_Piece]:
        """What stands from the end of one record to the end of the next."""
        start = part.find(BEGUN) + 1
        text = part[start:]
        tagged = REGULAR_LINE.findall(text)
        regular = start and len(tagged) == text.count("\n") + 1 and BEGUN not in text
        if not regular or end.strip() != "ER  -":
            yield from self._line_by_line([*part.split("\n")[1:], end])
            return
        if start > 1:
            yield from self._line_by_line(part[1 : start - 1].split("\n"))
        done = self._finish()
        if done:
            yield done
        piece = self.piece = _Piece(self.number + 1, begun=True)
        fields = piece.fields
        for tag, value in tagged:
            if tag in fields:
                fields[tag].append(value)
            else:
                fields[tag] = [value]
        piece.lines = [text, end]
        piece.open = False
        self.blank_before = False
        self.number += len(tagged) + 1

    def _line_by_line(self, lines: list[str]) -> Iterator[_Piece]:
        for line in lines:
            self.number += 1
            done = self._take(line)
            if done:
                yield done

    def _take(self, line: str) -> _Piece | None:
        tag, value = self._split(line)
        done = None
        if tag == "TY":
            done = self._type(line, value)
        elif tag == "ER":
            self._end(line, value)
        elif tag:
            done = self._tagged(line, tag, value)
        else:
            done = self._untagged(line)
        self.blank_before = not line.strip()
        self._give_up_overlong()
        return done

    def _split(self, line: str) -> tuple[str, str]:
        """Tag and value; ("", line) for a line that has no tag."""
        match = TAG.match(line)
        if not match:
            return "", line
        tag, gap, value = match.groups()
        if tag == "TY" and len(gap) < 2 and not self.piece:
            self.tight_tags = True
        # "IQ - a measure" is a line of text where tags are written "AB  - ".
        if len(gap) < 2 and not (self.tight_tags and gap):
            return "", line
        return tag, value

    def _type(self, line: str, value: str) -> _Piece | None:
        piece = self.piece
        if piece and piece.begun and piece.open and set(piece.fields) == {"TY"}:
            piece.lines.append(line)
            piece.put("TY", value)
            return None
        done = self._finish()
        self._flush_outside()
        self.piece = _Piece(self.number, begun=True)
        self.piece.lines.append(line)
        self.piece.put("TY", value)
        return done

    def _end(self, line: str, value: str) -> None:
        piece = self.piece
        if piece and piece.open:
            piece.lines.append(line)
            piece.open = False
        if value.strip():
            self._put_outside(value)

    def _tagged(self, line: str, tag: str, value: str) -> _Piece | None:
        piece, done = self.piece, None
        if piece and not piece.open:
            if not self.blank_before and tag not in BEGINS_RECORD:
                piece.lines.append(line)
                piece.put(tag, value)
                return None
            done = self._finish()
            piece = None
        if piece is None:
            piece = self.piece = _Piece(self.number, begun=False)
        piece.lines.append(line)
        piece.put(tag, value)
        return done

    def _untagged(self, line: str) -> _Piece | None:
        piece, done = self.piece, None
        if piece and not piece.open and line.strip():
            done, piece = self._finish(), None
        noise = BETWEEN_RECORDS.fullmatch(line) is not None
        if piece is None or not piece.open:
            if not noise:
                self._put_outside(line)
        elif not noise or (line.strip() and not self.blank_before):
            piece.lines.append(line)
            piece.continue_value(line)
        elif piece.begun or line.strip():
            piece.lines.append(line)
        return done

    def _give_up_overlong(self) -> None:
        """Skip a piece no record can have the size of; the rest of it is outside."""
        piece = self.piece
        if piece and len(piece.lines) >= RECORD_LINES:
            self.piece = None
            reason = f"The record has more than {RECORD_LINES} lines."
            self.report.skip(piece.first, reason, "\n".join(piece.lines[:1000]))

    def _finish(self, at_end: bool = False) -> _Piece | None:
        """The piece at hand when it is a record; text outside otherwise."""
        piece, self.piece = self.piece, None
        if at_end and not piece:
            self._flush_outside()
        if piece is None:
            return None
        piece.settle()
        if not piece.begun:
            if not MAKES_RECORD.intersection(piece.fields):
                for line in piece.lines:
                    self._put_outside(line, piece.first)
                self._flush_outside()
                return None
            self.report.warn(
                "missing-record-start",
                piece.first,
                "The record does not begin with TY.",
            )
        self._flush_outside()
        if piece.open:
            self.report.warn(
                "record-not-terminated",
                piece.first,
                "The record has no ER line; it may be cut off.",
            )
        while piece.lines and not piece.lines[-1].strip():
            piece.lines.pop()
        return piece

    def _put_outside(self, line: str, first: int = 0) -> None:
        if not self.outside:
            self.outside_first = first or self.number
        # The first lines are kept to be shown; a whole book of them is not.
        if len(self.outside) < 2000:
            self.outside.append(line)

    def _flush_outside(self) -> None:
        text = "\n".join(self.outside).strip()
        if text:
            self.report.put_outside(self.outside_first, text)
        self.outside = []


def citations(
    lines: TextLines, recognised: Recognised, report: Report
) -> Iterator[Citation]:
    """Read RIS records one by one; what can't be one is skipped with its reason."""
    for piece in _Scanner(lines, report).pieces():
        raw = "\n".join(piece.lines)
        if not any(
            value.strip()
            for tag, values in piece.fields.items()
            if tag != "TY"
            for value in values
        ):
            report.warn("empty-record", piece.first, "The record has no content.")
            report.skip(piece.first, "The record has no content.", raw)
            continue
        yield citation_of(piece.fields, recognised.platform, piece.first, raw, report)
