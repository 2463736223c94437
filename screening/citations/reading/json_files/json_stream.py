"""JSON of any size, separated into the objects that are records.

The input is a list of objects, a list inside an object ({"items": [...]}), a single
object, or objects one after the other (JSON lines). At most one object is in memory. An
object with an error is skipped, and reading continues where the next one starts.

Numbers stay the text that the file has, so no value can overflow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from screening.citations.reading.format_marks import Recognised
from screening.citations.reading.json_files.json_repair import close_json
from screening.citations.reading.lines import CONTROL
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.text_stream import TextBlocks
from screening.citations.translation import gettext as _

Object = dict[str, Any]

# Larger than any record, even with its references and a thousand authors.
ITEM_CHARS = 4 << 20
# Lists, objects and values of one record. It limits the memory of the parsed record.
ITEM_MARKS = 600_000
SMALL_CHARS = 1 << 20
LISTS = "articles|data|documents|entries|hits|items|records|references|results|works"
LIST_INSIDE = re.compile(rf'"(?:{LISTS})"\s*+:\s*+\[\s*+(?=[{{\]])', re.I)
OF_A_RECORD = re.compile(r'"(?:title|author|authors|DOI|itemType)"\s*+:')
BETWEEN = re.compile(r"[\s,\[\]]*+")
NO_OBJECT = re.compile(r'"(?:[^"\\\n]|\\.)*+"|[^{\[\],\n"]++|["}]')
LEAD = re.compile(r'\{(\s*+)"([\w.-]{1,60})"')
FIRST_KEYS = frozenset(
    [
        "DOI",
        "ID",
        "abstract",
        "author",
        "authors",
        "categories",
        "citation-key",
        "doi",
        "id",
        "indexed",
        "issued",
        "item",
        "itemType",
        "key",
        "title",
        "type",
        "uid",
    ]
)
DECODER = json.JSONDecoder(
    strict=False, parse_int=str, parse_float=str, parse_constant=str
)


@dataclass(frozen=True, slots=True)
class JsonItem:
    """One object of the file, its text, and the line where it starts."""

    value: Object
    raw: str
    line: int


class _Splitter:
    def __init__(self, blocks: Iterator[str], report: ReadingReport) -> None:
        self._blocks = blocks
        self._report = report
        self._text = ""
        self._place = 0
        self._line = 1
        self._counted = 0
        self._more = True
        self._inside = False
        self._spaces: set[str] = set()
        self._keys = set(FIRST_KEYS)
        self._next = re.compile("")
        self._learn("", "")

    def items(self) -> Iterator[JsonItem]:
        self._begin()
        number, last = 0, 0
        while self._find():
            number += 1
            line = self._line_at(self._place)
            self._report.entry = number if line == last else 0
            last = line
            item = self._item()
            if item:
                yield item
        self._report.entry = 0

    def _fill(self) -> bool:
        """Add a block to the text and drop the part that was read.

        Return False at the end.
        """
        self._line_at(self._place)
        more = next(self._blocks, None) if self._more else None
        if more is None:
            self._more = False
            return False
        self._text = self._text[self._place :] + more
        self._counted -= self._place
        self._place = 0
        return True

    def _line_at(self, place: int) -> int:
        self._line += self._text.count("\n", self._counted, place)
        self._counted = place
        return self._line

    def _begin(self) -> None:
        """Go to the first record, inside a list if an object contains one."""
        self._fill()
        match = LIST_INSIDE.search(self._text)
        if (
            match
            and self._text.lstrip().startswith("{")
            and not OF_A_RECORD.search(self._text, 0, match.start())
        ):
            self._place = match.end()
            self._inside = True

    def _find(self) -> bool:
        """Go to the next object. Return False after the last record."""
        while True:
            between = BETWEEN.match(self._text, self._place)
            end = between.end() if between else self._place
            if self._inside and "]" in self._text[self._place : end]:
                # Text after a list inside an object is not a record.
                return False
            self._place = end
            if end == len(self._text):
                if not self._fill():
                    return False
            elif self._text[end] == "{":
                return True
            else:
                self._pass_no_object()

    def _pass_no_object(self) -> None:
        match = NO_OBJECT.match(self._text, self._place)
        if match and match.end() == len(self._text) and self._fill():
            if len(self._text) < SMALL_CHARS:
                return
            match = NO_OBJECT.match(self._text, self._place)
        text = match.group() if match else self._text[self._place]
        if text.strip(" }"):
            self._report.skip(
                self._line_at(self._place), _("The entry is not a JSON object."), text
            )
        self._place += len(text)

    def _item(self) -> JsonItem | None:
        """Return the object at this place. If it is damaged, skip it and return None."""
        line = self._line_at(self._place)
        tried, fault = 0, ""
        while True:
            size = len(self._text) - self._place
            if size >= tried * 2 or not self._more:
                tried = size
                if self._too_much():
                    self._skip(line, _("The record is too large to be a reference."))
                    return None
                value, end, fault = self._decoded()
                if value is not None:
                    return self._take(value, end, line)
                # Text that was only cut off has no other record after the error.
                following = self._next.search(self._text, end) and self._following()
                if following:
                    self._skip(line, fault, following.start() + 1)
                    return None
            if size > ITEM_CHARS:
                self._skip(line, _("The record is too large to be a reference."))
                return None
            if not self._fill() and tried == size:
                return self._last(line, fault)

    def _too_much(self) -> bool:
        if len(self._text) - self._place <= SMALL_CHARS:
            return False
        marks = sum(self._text.count(mark, self._place) for mark in "[{,")
        return marks > ITEM_MARKS

    def _decoded(self) -> tuple[Object | None, int, str]:
        """Return the object and its end, or None with place and reason of the error."""
        try:
            value, end = DECODER.raw_decode(self._text, self._place)
        except json.JSONDecodeError as error:
            return (
                None,
                error.pos,
                _("The record is not valid JSON ({error}).").format(error=error.msg),
            )
        except RecursionError:
            return None, self._place, _("The record has too many levels of nesting.")
        return value, end, ""

    def _take(self, value: Object, end: int, line: int) -> JsonItem:
        lead = LEAD.match(self._text, self._place)
        if lead and (lead[1] not in self._spaces or lead[2] not in self._keys):
            self._learn(lead[1], lead[2])
        raw = self._text[self._place : end]
        self._place = end
        return JsonItem(value, raw, line)

    def _learn(self, spaces: str, key: str) -> None:
        """Note how records start in this file, to tell them from objects inside them."""
        if key and len(self._spaces) < 8 and len(self._keys) < 60:
            self._spaces.add(spaces)
            self._keys.add(key)
        gap = "|".join(map(re.escape, sorted(self._spaces))) or r"\s*+"
        keys = "|".join(map(re.escape, sorted(self._keys)))
        self._next = re.compile(rf'\}}\s*+,?\s*+(?=\{{(?:{gap})"(?:{keys})"\s*+:)')

    def _following(self) -> re.Match[str] | None:
        """Return the end of this record if another seems to start after it."""
        return self._next.search(self._text, self._place + 1)

    def _skip(self, line: int, reason: str, end: int = 0) -> None:
        """Skip to `end`, or else to the place where the next record seems to start."""
        raw = self._text[self._place : end or self._place + 30_000]
        self._report.skip(line, reason, raw)
        if end:
            self._place = end
            return
        self._place += 1
        while not (following := self._next.search(self._text, self._place)):
            self._place = max(self._place, len(self._text) - 300)
            if not self._fill():
                self._place = len(self._text)
                return
        self._place = following.start() + 1

    def _last(self, line: int, fault: str) -> JsonItem | None:
        """Return what can be read of the last object, which has no end."""
        text = self._text[self._place :].rstrip()
        value = None if text.endswith(("]", "}")) else close_json(text, DECODER)
        if not value:
            following = self._following()
            end = following.start() + 1 if following else len(self._text)
            self._skip(line, fault, end)
            return None
        self._place = len(self._text)
        self._report.warn(
            "record-not-terminated",
            line,
            _("The file ends in the middle of this record."),
        )
        return JsonItem(value, text, line)


def json_records(
    stream: BinaryIO, recognised: Recognised, report: ReadingReport
) -> Iterator[JsonItem]:
    """Yield the objects of a JSON file that are records. Damaged ones are skipped."""
    for item in _Splitter(TextBlocks(stream, recognised, report), report).items():
        if (
            "\\u00" in item.raw
            and (clean := _without_control(item.value)) != item.value
        ):
            report.warn(
                "control-characters-removed",
                item.line,
                _("Control characters (such as NUL) were removed."),
            )
            item = replace(item, value=clean)
        yield item


def _without_control(value: Any) -> Any:
    """Return a value without the control characters that a file can write as "\\u0000"."""
    if isinstance(value, str):
        return CONTROL.sub("", value)
    if isinstance(value, list):
        return [_without_control(one) for one in value]
    if isinstance(value, dict):
        return {
            _without_control(key): _without_control(one) for key, one in value.items()
        }
    return value
