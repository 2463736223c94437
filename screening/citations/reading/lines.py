"""Bytes to lines: the scanner that all text formats use.

The stream is read and decoded in blocks, so memory stays constant. UTF-8 is read as
UTF-8. A line that is not UTF-8 is read as the most likely of Windows-1252, ISO 8859-1
and MacRoman, with a warning. Line ends can be CRLF, LF, CR or mixed. Control characters
are removed here, once, for all formats.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from screening.citations.reading.encodings import guess_legacy, looks_mojibake
from screening.citations.reading.plain_text import are_plain
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.translation import gettext as _

# Small enough to stay in the processor's cache.
CHUNK_BYTES = 1 << 17
# A longer line is cut, because no real export has one.
LINE_BYTES = 4 << 20

# U+FEFF occurs inside files that were joined from files with a byte order mark.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
# The same as bytes of UTF-8: C1 controls, U+FEFF, and the bytes of mojibake.
CONTROL_BYTES = bytes(c for c in range(128) if CONTROL.match(chr(c)))
# Each pattern starts with one literal byte, which makes the search very fast.
SUSPECT_BYTES = tuple(
    map(
        re.compile,
        (
            b"\xc2[\x80-\x9f]",
            b"\xef(?:\xbb\xbf|\xbf[\xbe\xbf])",
            b"\xc3(?:[\x82-\x85][\xc2\xc5\xc6\xcb\xe2]|\xa2\xe2)",
        ),
    )
)
HAS_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
NOT_PLAIN = re.compile(b"[" + re.escape(CONTROL_BYTES) + b"]")
# The beginning of a letter of UTF-8 without its end. In Windows-1252 these bytes are "Ã"
# and the like before another sign, which is no end of a text.
CUT_LETTER = re.compile(
    rb"(?:[\xc2-\xc6\xd0-\xd1]|[\xe0-\xef][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{1,2})\Z"
)
# Removed to look only at the few other bytes: those of letters that are not ASCII.
ASCII_TEXT = bytes(c for c in range(128) if c not in CONTROL_BYTES)


class TextLines(Iterator[str]):
    """The lines of a byte stream as text, without their line ends.

    `number` is the 1-based number of the last line. `encoding` is certain when all
    lines have been read and `conclude` was called. `forced` means that a person chose
    the encoding, so nothing is guessed.
    """

    def __init__(
        self,
        stream: BinaryIO,
        head: bytes,
        encoding: str,
        report: ReadingReport,
        *,
        forced: bool = False,
    ) -> None:
        self.number = 0
        self.encoding = encoding
        self._stream = stream
        self._report = report
        self._saw_multibyte = False
        self._legacy = ""
        self._legacy_line = 0
        # True if the file ends inside a letter of UTF-8.
        self._is_cut = False
        self._ends = {"CRLF": False, "LF": False, "CR": False}
        # True if `plain.fold_plain` can fold the text of the current block.
        self.plain = False
        self._read_before = 0
        # Indexes of lines of the current block that may have control characters or
        # mojibake.
        self._suspects: list[int] = []
        self._forced = forced
        self._bom, codec = _bom_and_codec(head, encoding)
        if forced:
            codec = codec or encoding.removesuffix("-bom")
        self._pieces = self._texts(head, codec)
        self._lines = self._each()
        self._concluded = False

    def __iter__(self) -> Iterator[str]:
        # The generator itself, which saves one call for each of millions of lines.
        return self._lines

    def __next__(self) -> str:
        return next(self._lines)

    def _each(self) -> Iterator[str]:
        for block in self._clean_blocks():
            for line in block.split("\n"):
                self.number += 1
                yield line

    def blocks(self) -> Iterator[str]:
        """Yield many lines at a time, separated by LF: an alternative to iterating.

        `number` is the number of the last line of the block.
        """
        for block in self._clean_blocks():
            self.number = self._read_before
            yield block

    def _clean_blocks(self) -> Iterator[str]:
        for text in self._pieces:
            block = text.removesuffix("\n")
            if self._suspects:
                lines = block.split("\n")
                for index in self._suspects:
                    if index < len(lines):
                        number = self._read_before + index + 1
                        lines[index] = self._cleaned(lines[index], number)
                block = "\n".join(lines)
            self._read_before += block.count("\n") + 1
            yield block

    def _cleaned(self, line: str, number: int) -> str:
        """Return the line without control characters, and warn of them and of mojibake."""
        garbled = "" if line.isascii() else looks_mojibake(line)
        if garbled:
            self._report.warn(
                "mojibake-suspected",
                number,
                _(
                    "Some characters look garbled, for example “{example}”. The text was "
                    "not changed."
                ).format(example=garbled),
            )
        fewer = CONTROL.sub("", line)
        if len(fewer.replace("\ufeff", "")) != len(line.replace("\ufeff", "")):
            self._report.warn(
                "control-characters-removed",
                number,
                _("Control characters (such as NUL) were removed."),
            )
        return fewer

    def _texts(self, head: bytes, codec: str) -> Iterator[str]:
        """Yield blocks of whole lines as text with LF as its only line end."""
        head = head[len(self._bom) :]
        if codec:
            yield from self._wide_texts(head, codec)
            return
        for block in self._blocks(head):
            yield self._decoded(block)

    def _decoded(self, block: bytes) -> str:
        if b"\r" in block:
            block = self._with_plain_bytes(block)
        else:
            self._ends["LF"] = self._ends["LF"] or b"\n" in block
        try:
            text = block.decode("utf-8")
        except UnicodeDecodeError:
            return self._decoded_by_line(block)
        is_ascii = len(text) == len(block)
        if is_ascii:
            self.plain = True
            self._suspects = _suspects(block, is_ascii=True)
        else:
            self._saw_multibyte = True
            self._look_at(block)
        return text

    def _look_at(self, block: bytes) -> None:
        """Look for suspicious lines and for letters that are not plain."""
        rest = block.translate(None, ASCII_TEXT)
        is_suspect = any(
            pattern.search(rest) for pattern in (NOT_PLAIN, *SUSPECT_BYTES)
        )
        self._suspects = _suspects(block) if is_suspect else []
        self.plain = are_plain(rest.decode("utf-8"))

    def _with_plain_bytes(self, block: bytes) -> bytes:
        """Return the block with LF as its only line end."""
        without = block.replace(b"\r", b"")
        crlf, cr = block.count(b"\r\n"), len(block) - len(without)
        has_lf = self._ends["LF"] or without.count(b"\n") > crlf
        self._note_ends(crlf=crlf > 0, cr=cr > crlf, lf=has_lf)
        if cr == crlf:
            return without
        return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _decoded_by_line(self, block: bytes) -> str:
        """Decode lines one by one, because some are not UTF-8."""
        self.plain = False
        self._suspects = []
        texts = []
        for index, line in enumerate(block.removesuffix(b"\n").split(b"\n")):
            if line.isascii():
                text = line.decode("ascii")
            else:
                text = self._decoded_line(line, self._read_before + index + 1)
                self._suspects.append(index)
            texts.append(text)
        if NOT_PLAIN.search(block):
            self._suspects = list(range(len(texts)))
        return "\n".join(texts) + "\n"

    def _decoded_line(self, line: bytes, number: int) -> str:
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            self._saw_multibyte = self._saw_multibyte or len(text) != len(line)
            return text
        if not self._legacy_line and HAS_MULTIBYTE.search(line):
            # There is valid UTF-8 beside the error: one letter was cut, the encoding is
            # right.
            text = line.decode("utf-8", errors="replace")
            if text.count("\ufffd") * 4 <= sum(not c.isascii() for c in text) + 3:
                self._warn_replaced(number)
                self._saw_multibyte = True
                return text
        self._legacy = self._legacy or guess_legacy(line)
        self._legacy_line = self._legacy_line or number
        if self._legacy == "iso-8859-1":
            # cp1252 differs only where ISO 8859-1 has control codes, which are never
            # text.
            self._legacy = guess_legacy(line)
        codec = "cp1252" if self._legacy == "iso-8859-1" else self._legacy
        text = line.decode(codec, errors="replace")
        if "\ufffd" in text:
            self._warn_replaced(number)
        return text

    def _warn_replaced(self, number: int) -> None:
        self._report.warn(
            "invalid-bytes-replaced",
            number,
            _("Bytes that are not valid in this encoding were replaced with “\ufffd”."),
        )

    def _blocks(self, head: bytes) -> Iterator[bytes]:
        """Yield the stream in blocks that end after line ends, never inside CRLF."""
        rest = head
        while True:
            more = self._stream.read(CHUNK_BYTES)
            rest += more
            if not more:
                break
            cut = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, len(rest) - 1)) + 1
            if not cut and len(rest) > LINE_BYTES:
                cut = len(rest) - 1
            if cut:
                yield rest[:cut]
                rest = rest[cut:]
        if rest:
            yield self._with_whole_letters(rest)

    def _with_whole_letters(self, last: bytes) -> bytes:
        """Return the last block. A letter that was cut at its end becomes U+FFFD.

        In other encodings the same bytes are hardly ever the end of a file.
        """
        cut = CUT_LETTER.search(last[-4:])
        if not cut or self._legacy_line:
            return last
        self._is_cut = True
        return last[: -len(cut.group())] + "\ufffd".encode()

    def _wide_texts(self, head: bytes, codec: str) -> Iterator[str]:
        """Yield text of UTF-16 and UTF-32, whose line ends can't be found in the bytes."""
        decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        rest, more, final = "", head, not head
        while True:
            rest += decoder.decode(more, final)
            text = rest if final else rest[: -1 if rest.endswith("\r") else len(rest)]
            cut = len(text) if final else max(text.rfind("\n"), text.rfind("\r")) + 1
            if not cut and len(rest) > LINE_BYTES:
                cut = len(text)
            if cut:
                yield self._with_plain_ends(rest[:cut])
                rest = rest[cut:]
            if final:
                return
            more = self._stream.read(CHUNK_BYTES)
            final = not more

    def _with_plain_ends(self, text: str) -> str:
        crlf, cr, lf = text.count("\r\n"), text.count("\r"), text.count("\n")
        self._note_ends(crlf=crlf > 0, cr=cr > crlf, lf=lf > crlf)
        if "\ufffd" in text:
            self._warn_replaced(self._read_before + 1)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._suspects = _suspects(text.encode("utf-8", "surrogatepass"))
        return text

    def _note_ends(self, *, crlf: bool, cr: bool, lf: bool) -> None:
        for name, present in (("CRLF", crlf), ("LF", lf), ("CR", cr)):
            self._ends[name] = self._ends[name] or present

    def conclude(self) -> None:
        """Determine the encoding, and warn of what only the whole file shows."""
        if self._concluded:
            return
        self._concluded = True
        if self._is_cut:
            self._warn_replaced(self.number)
            self._warn_of_end()
        present = [name for name, seen in self._ends.items() if seen]
        if len(present) > 1:
            self._report.warn(
                "mixed-line-endings",
                0,
                _("The file mixes different line endings: {endings}.").format(
                    endings=", ".join(present)
                ),
            )
        if self._forced:
            return
        if self._legacy_line:
            self._conclude_legacy()
        elif self.encoding in ("utf-16-le", "utf-16-be"):
            self._warn_guessed(1)
        elif self.encoding in ("ascii", "utf-8"):
            self.encoding = "utf-8" if self._saw_multibyte else "ascii"

    def _warn_of_end(self) -> None:
        """Warn of a file that ends in the middle, unless a reader did so for its end."""
        if self._report.warning_counts["record-not-terminated"]:
            return
        self._report.warn(
            "record-not-terminated",
            self.number,
            _(
                "The file ends in the middle of a letter. Its last record may be incomplete."
            ),
        )

    def _conclude_legacy(self) -> None:
        if self._saw_multibyte:
            self.encoding = "mixed"
            self._report.warn(
                "mixed-encodings",
                self._legacy_line,
                _(
                    "The file mixes encodings: some lines are UTF-8, others {encoding}. "
                    "Each line was read in its own encoding."
                ).format(encoding=self._legacy),
            )
        else:
            self.encoding = self._legacy
            self._warn_guessed(self._legacy_line)

    def _warn_guessed(self, line: int) -> None:
        self._report.warn(
            "encoding-guessed",
            line,
            _(
                "The file does not declare its encoding. It was read as {encoding}. "
                "Check letters with accents."
            ).format(encoding=self.encoding),
        )


def _suspects(block: bytes, *, is_ascii: bool = False) -> list[int]:
    """Return the indexes of lines that may have control characters or mojibake."""
    places: list[int] = []
    # Searching for each single byte is together faster than one pattern.
    if any(map(block.__contains__, CONTROL_BYTES)):
        places += (match.start() for match in NOT_PLAIN.finditer(block))
    if not is_ascii:
        for pattern in SUSPECT_BYTES:
            if pattern.pattern[:1] in block:
                places += (match.start() for match in pattern.finditer(block))
    indexes, index, before = [-1], 0, 0
    for place in sorted(places):
        index += block.count(b"\n", before, place)
        before = place
        if index != indexes[-1]:
            indexes.append(index)
    return indexes[1:]


def _bom_and_codec(head: bytes, encoding: str) -> tuple[bytes, str]:
    """Return the byte order mark to skip and, for wide encodings, the codec."""
    boms = {
        "utf-8-bom": (codecs.BOM_UTF8, ""),
        "utf-16-le-bom": (codecs.BOM_UTF16_LE, "utf-16-le"),
        "utf-16-be-bom": (codecs.BOM_UTF16_BE, "utf-16-be"),
        "utf-32-le-bom": (codecs.BOM_UTF32_LE, "utf-32-le"),
        "utf-32-be-bom": (codecs.BOM_UTF32_BE, "utf-32-be"),
        "utf-16-le": (b"", "utf-16-le"),
        "utf-16-be": (b"", "utf-16-be"),
    }
    bom, codec = boms.get(encoding, (b"", ""))
    return (bom if head.startswith(bom) else b""), codec
