"""Bytes to blocks of text, for formats in which line ends mean nothing (XML, JSON).

`lines` cuts at line ends, but an XML library of 500 MB can be a single line. Here, the
text comes in blocks of a fixed size, with LF line ends and without control characters.
Bytes that are not UTF-8 are read as Windows-1252 or MacRoman, letter by letter.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from screening.citations.reading.encodings import BOMS, guess_legacy, sniff_encoding
from screening.citations.reading.format_marks import Recognised
from screening.citations.reading.lines import CONTROL, CONTROL_BYTES, HAS_MULTIBYTE
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.translation import gettext as _

BLOCK_BYTES = 1 << 18
DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
# The only codecs that a file can declare. Others are not text, or run code on import.
BY_DECLARATION = frozenset(
    [*(f"windows-{n}" for n in range(1250, 1259)), "macintosh", "koi8-r", "koi8-u"]
    + [f"iso-8859-{n}" for n in (*range(1, 12), *range(13, 17))]
    + ["gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"]
)
LATIN = {"iso-8859-1": "iso-8859-1", "windows-1252": "cp1252"}
# C1 control characters, and byte order marks inside files that were joined.
CONTROL_IN_UTF8 = re.compile(rb"\xc2[\x80-\x9f]|\xef(?:\xbb\xbf|\xbf[\xbe\xbf])")
C1 = re.compile(rb"[\x80-\x9f]")
# A byte that is not UTF-8, as the error handler "surrogateescape" represents it.
NO_UTF8 = re.compile("[\udc80-\udcff]+")


class _LineNumbers:
    """Line numbers of places in a text, which must be asked for in rising order."""

    def __init__(self, text: str, first: int) -> None:
        self._text = text
        self._line = first
        self._place = 0

    def at(self, place: int) -> int:
        self._line += self._text.count("\n", self._place, place)
        self._place = place
        return self._line


class TextBlocks(Iterator[str]):
    """The text of a stream in blocks. `report.encoding` is final after the last block."""

    def __init__(
        self, stream: BinaryIO, recognised: Recognised, report: ReadingReport
    ) -> None:
        self._stream = stream
        self._report = report
        self._line = 1
        self._legacy = ""
        self._legacy_line = 0
        self._saw_multibyte = False
        self._head = stream.read(BLOCK_BYTES)
        sniffed = sniff_encoding(self._head)
        self._codec = ""
        self._suspect = True
        report.encoding = sniffed
        self._choose(sniffed, recognised.encoding)
        self._blocks = self._each()

    def __next__(self) -> str:
        return next(self._blocks)

    def _choose(self, sniffed: str, corrected: str) -> None:
        """Choose the codec: a person's choice, then the bytes, then the declaration.

        The bytes count more than the declaration. If a file declares UTF-16 but has no
        zero bytes, a program rewrote it and kept the old declaration.
        """
        self._declared = bool(DECLARED.match(self._head))
        if corrected not in ("", "ascii", "utf-8", "binary", sniffed):
            self._codec = corrected.removesuffix("-bom")
            self._report.encoding = corrected
        elif sniffed.startswith(("utf-16", "utf-32")):
            self._codec = sniffed.removesuffix("-bom")
        elif found := DECLARED.match(self._head):
            name = found.group(1).decode("ascii", "replace").lower()
            # The reader of UTF-8 falls back to these two automatically.
            self._legacy = LATIN.get(name, "")
            if name in BY_DECLARATION and not self._legacy:
                self._codec = self._report.encoding = name
        for name, bom in BOMS:
            if sniffed == name:
                self._head = self._head.removeprefix(bom)

    def _each(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._codec or "utf-8")(
            "replace" if self._codec else "surrogateescape"
        )
        block, held = self._head, ""
        while True:
            more = self._stream.read(BLOCK_BYTES)
            text = held + self._decoded(decoder, block, final=not more)
            # A CR at the end of a block can be the first half of a line end.
            held = "\r" if more and text.endswith("\r") else ""
            text = text.removesuffix(held)
            if "\r" in text:
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            if self._suspect:
                text = self._cleaned(text)
            self._line += text.count("\n")
            if text:
                yield text
            if not more:
                break
            block = more
        self._conclude()

    def _decoded(
        self, decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool
    ) -> str:
        text = decoder.decode(block, final)
        if self._codec:
            self._suspect = True
            return text
        self._suspect = len(block.translate(None, CONTROL_BYTES)) != len(block)
        if text.isascii():
            return text
        self._suspect = self._suspect or bool(CONTROL_IN_UTF8.search(block))
        if NO_UTF8.search(text):
            self._suspect = True
            if not self._saw_multibyte and not HAS_MULTIBYTE.search(block):
                self._legacy = self._legacy or guess_legacy(block)
                if self._legacy == "iso-8859-1" and C1.search(block):
                    self._legacy = "cp1252"
            return self._with_legacy_letters(text)
        self._saw_multibyte = True
        return text

    def _with_legacy_letters(self, text: str) -> str:
        """Replace bytes that are not UTF-8 by letters, and cut letters by U+FFFD."""
        mixed = self._saw_multibyte or bool(
            re.search(r"[^\x00-\x7f\udc80-\udcff]", text)
        )
        self._saw_multibyte = mixed
        legacy = self._legacy or "cp1252"
        codec = "cp1252" if legacy == "iso-8859-1" else legacy
        lines = _LineNumbers(text, self._line)

        def letters(match: re.Match[str]) -> str:
            escaped = match.group()
            data = escaped.encode("utf-8", "surrogateescape")
            if mixed and (len(data) > 1 or data < b"\xc0"):
                self._warn_replaced(lines.at(match.start()))
                return "\ufffd"
            self._legacy_line = self._legacy_line or lines.at(match.start())
            self._legacy = legacy
            return data.decode(codec, "replace")

        return NO_UTF8.sub(letters, text)

    def _cleaned(self, text: str) -> str:
        if self._codec and "\ufffd" in text:
            self._warn_replaced(_LineNumbers(text, self._line).at(text.index("\ufffd")))
        last, lines = 0, _LineNumbers(text, self._line)
        # Only the first ones of a block are reported.
        for match in islice(CONTROL.finditer(text), 200):
            line = lines.at(match.start())
            if line != last and match.group() != "\ufeff":
                last = line
                self._report.warn(
                    "control-characters-removed",
                    line,
                    _("Control characters (such as NUL) were removed."),
                )
        return CONTROL.sub("", text)

    def _warn_replaced(self, line: int) -> None:
        self._report.warn(
            "invalid-bytes-replaced",
            line,
            _("Bytes that are not valid in this encoding were replaced with “\ufffd”."),
        )

    def _conclude(self) -> None:
        """Determine the encoding, and warn of what only the whole file shows."""
        report = self._report
        if self._codec:
            return
        if self._legacy_line and self._saw_multibyte:
            report.encoding = "mixed"
            report.warn(
                "mixed-encodings",
                self._legacy_line,
                _(
                    "The file mixes encodings: some letters are UTF-8, others "
                    "{encoding}. Each letter was read in its own encoding."
                ).format(encoding=self._legacy),
            )
        elif self._legacy_line:
            report.encoding = self._legacy
            if not self._declared:
                report.warn(
                    "encoding-guessed",
                    self._legacy_line,
                    _(
                        "The file does not declare its encoding. It was read as "
                        "{encoding}. Check letters with accents."
                    ).format(encoding=self._legacy),
                )
        elif report.encoding in ("ascii", "utf-8"):
            report.encoding = "utf-8" if self._saw_multibyte else "ascii"
