"""Detection of text encodings from bytes."""

from __future__ import annotations

import codecs
import re

BOMS = (
    ("utf-8-bom", codecs.BOM_UTF8),
    ("utf-32-le-bom", codecs.BOM_UTF32_LE),
    ("utf-32-be-bom", codecs.BOM_UTF32_BE),
    ("utf-16-le-bom", codecs.BOM_UTF16_LE),
    ("utf-16-be-bom", codecs.BOM_UTF16_BE),
)

# Encodings that a person can choose. They are also names of Python codecs.
CHOICES = (
    "utf-8",
    "utf-16-le",
    "utf-16-be",
    "cp1252",
    "iso-8859-1",
    "mac-roman",
    "cp1250",
    "cp1251",
    "shift_jis",
    "gb18030",
    "euc-kr",
)

# UTF-8 that was read as Windows-1252 and saved again: a lead byte as a letter (Â, Ã,
# â€) and a continuation byte (80-BF) as it appears in that encoding.
CONTINUATION = "\x81\x8d\x8f\x90\x9d\u00a0-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
MOJIBAKE = re.compile(f"[ÂÃÅÄ][{CONTINUATION}]|â[€„†‚][{CONTINUATION}]")
NOT_MOJIBAKE = re.compile("[ÂÃÅÄ][\u00a0»«“”’‘–—…]")

# Letters that are frequent in European names and titles, by byte.
LIKELY_CP1252 = frozenset(
    "áàâäãåæçéèêëíìîïñóòôöõøœúùûüýÿßÁÀÂÄÅÆÇÉÈÊÍÑÓÖØÚÜŠŽšž–—‘’“”•…™©®°±µ§«»".encode(
        "cp1252"
    )
)
LIKELY_MAC = frozenset(
    "áàâäãåæçéèêëíìîïñóòôöõøœúùûüÿßÁÀÂÄÅÆÇÉÈÊÍÑÓÖØÚÜ–—‘’“”•…™©®°±µ§«»".encode(
        "mac-roman"
    )
)


def sniff_encoding(head: bytes) -> str:
    """Return the encoding by byte order mark or UTF-16's zero bytes, else "utf-8"."""
    for name, bom in BOMS:
        if head.startswith(bom):
            return name
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(sample) >= 8 and max(even, odd) * 10 > len(sample) * 3:
        return "utf-16-le" if odd > even else "utf-16-be"
    return "ascii" if head.isascii() else "utf-8"


def decode_sample(head: bytes, encoding: str) -> str:
    """Return the head of a file as text that is good enough to recognise its format."""
    codec = encoding.removesuffix("-bom")
    text = head.decode(codec, errors="replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def guess_legacy(line: bytes) -> str:
    """Return the one-byte encoding of a line that is not UTF-8, by its likely letters.

    The result is `mac-roman`, `cp1252`, or `iso-8859-1` if the line does not differ
    between the two.
    """
    mac = _likely_letters(line, "mac-roman", LIKELY_MAC)
    windows = _likely_letters(line, "cp1252", LIKELY_CP1252)
    if mac > windows:
        return "mac-roman"
    return "cp1252" if re.search(rb"[\x80-\x9f]", line) else "iso-8859-1"


def _likely_letters(line: bytes, codec: str, likely: frozenset[int]) -> int:
    """Count the bytes that are frequent letters, with no capital inside a word."""
    text = line.decode(codec, errors="replace")
    return sum(
        byte in likely and not (letter.isupper() and before.islower())
        for byte, letter, before in zip(line, text, " " + text, strict=False)
        if byte >= 0x80
    )


def looks_mojibake(text: str) -> str:
    """Return the first word that looks like UTF-8 misread as Windows-1252, else ""."""
    if not any(mark in text for mark in "ÂÃÅÄâ"):
        return ""
    for match in MOJIBAKE.finditer(text):
        if not NOT_MOJIBAKE.search(match.group()):
            before = text[: match.start()].rpartition(" ")[2]
            after = text[match.end() :].partition(" ")[0]
            return f"{before[-40:]}{match.group()}{after[:40]}"
    return ""
