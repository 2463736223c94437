"""Repair of XML records with errors, so that nothing is lost.

Text that only looks like a tag (an unescaped `<` or `&`) becomes text. A tag without an
end is closed where its parent ends, and an end without a tag is removed. References to
characters that XML forbids are removed.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"</(?P<end>[A-Za-z_][\w.:-]*)\s*+>"
    r"|<(?P<name>[A-Za-z_][\w.:-]*)"
    r"(?P<attributes>(?:\s++[A-Za-z_][\w.:-]*+\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'))*+)"
    r"\s*+(?P<closed>/?)>"
)
ATTRIBUTE = re.compile(r"([A-Za-z_][\w.:-]*+)\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)')")
REFERENCE = re.compile(r"&(#x[0-9A-Fa-f]{1,8}|#[0-9]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});")
CUT_TAG = re.compile(r"<[/!?]?[A-Za-z\[-][^<>]*\Z")
DEEP = 200
SECTION = re.compile(r"<!--|<\?|<!\[CDATA\[")
END_OF = {"<!--": "-->", "<?": "?>", "<![CDATA[": "]]>"}


@dataclass(slots=True)
class RepairedXml:
    """Well-formed text and the repairs: control characters removed, tags closed."""

    text: str
    controls: bool = False
    unclosed: bool = False


def flatten_xml(text: str) -> str:
    """Return the text without comments and instructions, with CDATA as plain text."""
    parts: list[str] = []
    place, missing = 0, set[str]()
    while match := SECTION.search(text, place):
        begin = match.group()
        parts.append(text[place : match.start()])
        place = match.end()
        end = -1 if begin in missing else text.find(END_OF[begin], place)
        if end < 0:
            # Without an end it is ordinary text.
            missing.add(begin)
            parts.append("&lt;" + begin[1:])
            continue
        if begin == "<![CDATA[":
            parts.append(html.escape(text[place:end], quote=False))
        place = end + len(END_OF[begin])
    return "".join([*parts, text[place:]])


def repair_xml(text: str) -> RepairedXml:
    """Return a flattened record as well-formed XML, with names that have no prefix."""
    result = RepairedXml("")
    text = CUT_TAG.sub("", text)
    parts: list[str] = []
    stack: list[str] = []
    place = 0
    for token in TOKEN.finditer(text):
        parts.append(_text(text[place : token.start()], result))
        place = token.end()
        if token["name"]:
            _open(token, parts, stack, result)
        elif token["end"]:
            _close(_bare(token["end"]), parts, stack, result)
        if not stack and token["name"] is None and token["end"]:
            break
    else:
        parts.append(_text(text[place:], result) if stack else "")
    result.unclosed = result.unclosed or bool(stack)
    parts += [f"</{name}>" for name in reversed(stack)]
    result.text = "".join(parts)
    return result


def _open(
    token: re.Match[str], parts: list[str], stack: list[str], result: RepairedXml
) -> None:
    name = _bare(token["name"])
    if len(stack) >= DEEP:
        return
    attributes: dict[str, str] = {}
    for key, double, single in ATTRIBUTE.findall(token["attributes"]):
        if not key.startswith("xmlns"):
            value = _text(double or single, result).replace('"', "&quot;")
            attributes.setdefault(_bare(key), value)
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    parts.append(f"<{name}{written}{token['closed']}>")
    if not token["closed"]:
        stack.append(name)


def _close(name: str, parts: list[str], stack: list[str], result: RepairedXml) -> None:
    if name not in stack:
        return
    while (last := stack.pop()) != name:
        parts.append(f"</{last}>")
    parts.append(f"</{name}>")


def _bare(name: str) -> str:
    bare = name.rpartition(":")[2]
    return bare if bare[:1].isalpha() or bare[:1] == "_" else "x"


def _text(text: str, result: RepairedXml) -> str:
    """Return text with all special characters of XML escaped."""
    if "&" in text:
        text = REFERENCE.sub(lambda match: _character(match, result), text)
    return html.escape(text, quote=False)


def _character(match: re.Match[str], result: RepairedXml) -> str:
    reference = match.group(1)
    if not reference.startswith("#"):
        return html.unescape(match.group())
    digits = reference[1:]
    number = int(digits[1:], 16) if digits[0] == "x" else int(digits)
    if (
        (number < 32 and number not in (9, 10, 13))
        or 0xD800 <= number <= 0xDFFF
        or number in (0xFFFE, 0xFFFF)
        or number > 0x10FFFF
    ):
        result.controls = True
        return ""
    return chr(number)
