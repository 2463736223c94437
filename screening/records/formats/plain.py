"""Text so plain that little is to be done to fold it: told of many letters at once.

Nearly all text of exports is plain: letters that stay as they are in NFC whatever
stands beside them, and no white space but that of ASCII. Which letters those are is
looked up once for each letter; a whole block of text is then asked about by the few
letters in it that are not ASCII.
"""

from __future__ import annotations

import unicodedata

ASCII = bytes(range(128))
# Vowels and final consonants of Korean that join the letter before them.
JAMO = range(0x1160, 0x1200)
# Letters found plain; at most those of the basic plane.
_plain: set[str] = set()


def is_plain(text: str) -> bool:
    """Whether `fold_plain` may fold this text and every part of it."""
    if text.isascii():
        return True
    rest = text.encode("utf-8", "surrogatepass").translate(None, ASCII)
    return are_plain(rest.decode("utf-8", "surrogatepass"))


def are_plain(letters: str) -> bool:
    """The same for a text's letters that are not ASCII."""
    new = set(letters) - _plain
    if not new:
        return True
    plain = set(filter(_is_plain_letter, new))
    _plain.update(plain)
    return len(plain) == len(new)


def _is_plain_letter(letter: str) -> bool:
    """Whether a letter never changes in NFC: not by itself, not by what is before it.

    Only marks and Korean vowels join the letter before them (UAX #15); letters beyond
    the basic plane are left to the exact way.
    """
    return (
        letter < "\uffff"
        and not letter.isspace()
        and unicodedata.category(letter) not in ("Cc", "Cs", "Mc", "Me", "Mn")
        and ord(letter) not in JAMO
        and unicodedata.normalize("NFC", letter) == letter
    )


def fold_plain(text: str) -> str:
    """What `fields.fold` makes of plain text: runs of white space as one space."""
    text = text.strip()
    if "\t" in text or "\n" in text or "\r" in text:
        return " ".join(text.split())
    while "  " in text:
        text = text.replace("  ", " ")
    return text
