"""One line of text as people see it: without invisible and reordering characters."""

from __future__ import annotations

import unicodedata

# Joiners between letters of these scripts are part of the spelling (Arabic to Sinhala,
# Tibetan and Myanmar, Khmer and Mongolian); elsewhere they only make names look alike.
_JOINED = ((0x0600, 0x0E00), (0x0F00, 0x10A0), (0x1780, 0x18B0))
_JOINERS = "\u200c\u200d"


def visible_line(text: str) -> str:
    """Return ``text`` without control characters and without invisible ones.

    Removes zero-width characters, soft hyphens, and marks and overrides of the writing
    direction: with them, two different names look the same, or a title reads backwards.
    Tabs and line breaks become spaces.
    """
    kept = []
    for place, character in enumerate(text):
        kind = unicodedata.category(character)
        if character in "\t\n\r\v\f\u2028\u2029":
            kept.append(" ")
        elif kind not in {"Cc", "Cf", "Cs"} or _joins(text, place):
            kept.append(character)
    return "".join(kept)


def _joins(text: str, place: int) -> bool:
    """Return True for a joiner between two letters of a script that needs it."""
    if text[place] not in _JOINERS or not 0 < place < len(text) - 1:
        return False
    around = (ord(text[place - 1]), ord(text[place + 1]))
    return all(any(low <= one < high for low, high in _JOINED) for one in around)
