"""Fast folding of plain text, checked for many letters at once.

Nearly all text of exports is plain: its letters stay the same in NFC whatever is beside
them, and its only white space is ASCII. Each letter is looked up once. A block of text
is then checked by its few letters that are not ASCII.
"""

from __future__ import annotations

import unicodedata

ASCII = bytes(range(128))
# Vowels and final consonants of Korean combine with the letter before them.
JAMO = range(0x1160, 0x1200)
# Letters known to be plain; at most those of the basic plane.
_plain: set[str] = set()


def is_plain(text: str) -> bool:
    """Return True if `fold_plain` can fold this text and every part of it."""
    if text.isascii():
        return True
    rest = text.encode("utf-8", "surrogatepass").translate(None, ASCII)
    return are_plain(rest.decode("utf-8", "surrogatepass"))


def are_plain(letters: str) -> bool:
    """Return the same for the letters of a text that are not ASCII."""
    new = set(letters) - _plain
    if not new:
        return True
    plain = set(filter(_is_plain_letter, new))
    _plain.update(plain)
    return len(plain) == len(new)


def _is_plain_letter(letter: str) -> bool:
    """Return True if a letter never changes in NFC, whatever letter is before it.

    Only marks and Korean vowels combine with the letter before them (UAX #15). Letters
    beyond the basic plane are left to the exact method.
    """
    return (
        letter < "\uffff"
        and not letter.isspace()
        and unicodedata.category(letter) not in ("Cc", "Cs", "Mc", "Me", "Mn")
        and ord(letter) not in JAMO
        and unicodedata.normalize("NFC", letter) == letter
    )


def fold_plain(text: str) -> str:
    """Return what `fields.fold` makes of plain text: runs of white space as one space."""
    text = text.strip()
    if "\t" in text or "\n" in text or "\r" in text:
        return " ".join(text.split())
    while "  " in text:
        text = text.replace("  ", " ")
    return text
