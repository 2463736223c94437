"""Numbers of meeting abstracts, by which a supplement tells its items apart."""

from __future__ import annotations

import re

_ITEM = re.compile(
    r"^\W*(?:(?i:(?:(?:meeting|poster|oral|conference|late.breaking)\s+)?(?:abstract|poster|paper|presentation|session)s?"
    r"\W*(?:(?:no|number|nr|id)\b)?\W*))?"
    r"(?P<item>(?:[A-Z]{1,4}[-.]?)?\d{1,5}(?:[.-]\d{1,4})*[A-Z]?)[\])]?(?:[.:)–—-]\s*|\s+)(?=\S.{6})"
)
_ITEM_AT_END = re.compile(
    r"[\[(]\s*(?:(?:meeting |poster |conference )?(?:abstract|poster|abstr\.?)\W*(?:(?:no|number|nr)\b)?\W*)"
    r"(?P<item>[A-Z]{0,4}-?\d{1,5})\s*[\])][\s.]*$",
    re.I,
)
_DIGITS = re.compile(r"\d+")
_LEADING = re.compile(r"[a-z]+")
_ITEM_PARTS = re.compile(r"([a-z]*)[-.]?0*(\d*)")


def item_number(title: str) -> str:
    """Return the number of a meeting abstract in its title, "" without one.

    "P-012 Effect of …" and "P12. Effect of …" have the same number: "p12".
    """
    match = _ITEM.match(title)
    if not match and ("(" in title or "[" in title):
        match = _ITEM_AT_END.search(title)
    if not match:
        return ""
    parts = _ITEM_PARTS.findall(match["item"].lower())
    return ".".join(letters + number for letters, number in parts if letters or number)


def other_item(a: str, b: str) -> bool:
    """Return True if two item numbers are of two items: other numbers, other letters.

    A number without letters may have lost them ("P12", "12").
    """
    if not a or not b or a == b:
        return False
    if _DIGITS.findall(a) != _DIGITS.findall(b):
        return True
    one, other = _LEADING.match(a), _LEADING.match(b)
    return bool(one and other and one[0] != other[0])
