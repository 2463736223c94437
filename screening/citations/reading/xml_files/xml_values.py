"""Values of the parsed element of one record."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

from screening.citations.fields import fold

# Markup inside a value, not separate values.
INLINE = frozenset(
    [
        "a",
        "b",
        "br",
        "em",
        "font",
        "i",
        "li",
        "ol",
        "p",
        "q",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "sup",
        "u",
        "ul",
    ]
)


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    name: str = element.tag
    return name.rpartition("}")[2] if name.startswith("{") else name


def text_content(element: Element) -> str:
    """Return all text in an element, including that of inline elements (<i>, <style>)."""
    if not len(element):
        return element.text or ""
    if len(element) == 1 and not len(element[0]):
        # A value in one <style> is so frequent that a faster way is worth it.
        inner = element[0]
        return f"{element.text or ''}{inner.text or ''}{inner.tail or ''}"
    return "".join(element.itertext())


def first_text(element: Element | None, *paths: str) -> str:
    """Return the folded text of the first path that has any, else ""."""
    if element is not None:
        for path in paths:
            for found in element.iterfind(path):
                text = fold(text_content(found))
                if text:
                    return text
    return ""


def every_text(element: Element | None, path: str) -> Iterator[str]:
    """Yield the folded texts of all elements at a path, without empty ones."""
    if element is not None:
        for found in element.iterfind(path):
            text = fold(text_content(found))
            if text:
                yield text


def leaf_texts(record: Element) -> dict[str, list[str]]:
    """Return the values of a record by the path of their names, in lower case.

    An element whose text has markup is one value. Underscores in names become hyphens.
    """
    found: dict[str, list[str]] = {}
    todo = [(child, "") for child in reversed(record)]
    while todo:
        element, above = todo.pop()
        path = _path(above, element.tag)
        if _is_value(element) or len(path) > 200:
            text = text_content(element)
            if text and not text.isspace():
                found.setdefault(path, []).append(text)
        else:
            below = f"{path}/"
            todo += [(child, below) for child in reversed(element)]
    return found


def _is_value(element: Element) -> bool:
    if not len(element) or element[0].tag in INLINE:
        return True
    return bool(element.text and not element.text.isspace())


@lru_cache(4096)
def _path(above: str, tag: str) -> str:
    return above + tag.rpartition("}")[2].lower().replace("_", "-")
