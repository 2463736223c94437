"""Values of a JSON object, whatever structure a program gave them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from screening.citations.fields import fold
from screening.citations.markup import plain_text

# If a text is given as an object, these keys have it.
NAMES = ("display_name", "name", "literal", "value", "title", "tag", "keyword", "text")
DEEP = 4


def json_texts(value: Any, deep: int = DEEP) -> Iterator[str]:
    """Yield every text in a value: itself, those of a list, or that of an object."""
    if isinstance(value, str):
        text_ = fold(plain_text(value))
        if text_:
            yield text_
    elif isinstance(value, list) and deep:
        for one in value:
            yield from json_texts(one, deep - 1)
    elif isinstance(value, dict) and deep:
        for name in NAMES:
            if name in value:
                yield from json_texts(value[name], deep - 1)
                return


def json_text(value: Any) -> str:
    """Return the first text in a value, "" if there is none."""
    return next(json_texts(value), "")


def json_number(value: Any) -> str:
    """Return the text of a volume, issue or page. 0 means that there is none."""
    found = json_text(value)
    return "" if found.strip("0.") == "" else found.removesuffix(".0")


def json_value_at(value: Any, *names: str) -> Any:
    """Return the value under a path of names in an object, else None."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
