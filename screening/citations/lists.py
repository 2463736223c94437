"""Lists that a program printed into a text: of Python, JSON, R, NumPy or PostgreSQL.

`['Vestad, Runa', 'Olk, Pim']`, `["limpet", "tide"]`, `c("a", "b")`, `{"a","b"}`,
`['a' 'b']`, and `[{"name": "Olk, Pim"}]`. Text is never evaluated.
"""

from __future__ import annotations

import json
import re
from typing import Any

# A longer value is not taken apart.
LETTERS_AT_MOST = 200_000
BRACKETS = {"[": "]", "(": ")", "{": "}"}
OPENS = re.compile(r"(?:c|list|array|set|frozenset)?\s*(?=[\[({])", re.I)
QUOTES = "\"'“”‘’"
# A quotation mark that ends an item, what separates it, and the mark of the next.
BETWEEN = re.compile(
    r"(?<!\\)([\"'“”’])\s*(?:[,;]\s*|\s)(?:[urb]?)(?=[\"'“”‘])[\"'“”‘]"
)
# The end of an item without a mark: "[None, 'Olk, Pim']".
BARE = re.compile(
    r"^(?:None|nan|null|NULL|NA)\s*,\s*|\s*,\s*(?:None|nan|null|NULL|NA)$"
)
ESCAPE = re.compile(
    r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(n|t|r)|(.))",
    re.S,
)
# Keys that hold a person or a keyword in a list of objects.
NAMES = ("name", "full_name", "fullname", "display_name", "literal", "label", "term")
FAMILIES = ("family", "last", "lastname", "last_name", "surname")
GIVENS = ("given", "first", "firstname", "first_name", "forename")
PYTHON_TEXT = re.compile(r"'((?:[^'\\]|\\.)*)'(?=\s*[:,}\]])", re.S)


def list_items(text: str) -> list[str] | None:
    """Return the items of a printed list, None if the text is no list."""
    text = text.strip()
    if len(text) < 2 or len(text) > LETTERS_AT_MOST:
        return None
    inner = _inside(text)
    if inner is None:
        return None
    if not inner:
        return []
    if inner[0] in "{[":
        return _items_of_objects(text)
    inner = BARE.sub("", inner).strip().rstrip(",").strip()
    if inner[:2] in ("u'", 'u"'):
        inner = inner[1:]
    if len(inner) < 2 or inner[0] not in QUOTES or inner[-1] not in QUOTES:
        return None
    parts = BETWEEN.split(inner[1:-1])
    return [item for part in parts[::2] if (item := _unescaped(part).strip())]


def first_item(text: str) -> str:
    """Return a text without the list of one item around it ("['A title']")."""
    if text[:1] not in BRACKETS or text[1:2] not in "'\"":
        return text
    items = list_items(text)
    return items[0] if items and len(items) == 1 else text


def _inside(text: str) -> str | None:
    """Return what is between the brackets of a list, None if the text is no list."""
    opened = OPENS.match(text)
    if opened:
        begin = opened.end()
        if text[-1] != BRACKETS[text[begin]]:
            return None
        inner = text[begin + 1 : -1].strip()
        return inner if not inner or inner[0] in QUOTES + "{[uNn" else None
    # "a", "b" without brackets.
    is_quoted = text[0] in "\"'" and text[-1] in "\"'" and BETWEEN.search(text)
    return text if is_quoted else None


def _unescaped(text: str) -> str:
    def letter(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code:
            return chr(int(code, 16))
        return " " if match[3] else match[4]

    if "\\" not in text:
        return text.replace('""', '"')
    found = ESCAPE.sub(letter, text)
    # Two escapes can be one letter. Half of one is not a letter.
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _items_of_objects(text: str) -> list[str] | None:
    """Return the items of a list of objects or of lists, as JSON or Python prints them."""
    for printed in (text, PYTHON_TEXT.sub(_as_json, text)):
        try:
            found = json.loads(printed)
        except (ValueError, RecursionError):
            continue
        items = [item for one in _flat(found, 3) if (item := _named(one).strip())]
        return items or None
    return None


def _as_json(match: re.Match[str]) -> str:
    return json.dumps(_unescaped(match[1]))


def _flat(value: Any, deep: int) -> list[Any]:
    if isinstance(value, list) and deep:
        return [inner for one in value for inner in _flat(one, deep - 1)]
    return [value]


def _named(value: Any) -> str:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return ""
    keys = {str(key).lower(): one for key, one in value.items() if isinstance(one, str)}
    family = next((keys[key] for key in FAMILIES if keys.get(key)), "")
    given = next((keys[key] for key in GIVENS if keys.get(key)), "")
    if family:
        return f"{family}, {given}" if given else family
    return next((keys[key] for key in NAMES if keys.get(key)), given)
