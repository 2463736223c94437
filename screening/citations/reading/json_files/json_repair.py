"""Repair of a JSON object that was cut off."""

from __future__ import annotations

import json
import re
from typing import Any

TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+("?)|[{}\[\],]', re.S)
CUT_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{0,3})?\Z")


def close_json(text: str, decoder: json.JSONDecoder) -> dict[str, Any] | None:
    """Return the object of a text that ends too early, as far as it goes, or None."""
    stack: list[str] = []
    comma = 0
    ended = True
    for token in TOKEN.finditer(text):
        mark = token.group()
        if mark[0] == '"':
            ended = bool(token[1])
        elif mark in "{[":
            stack.append("}" if mark == "{" else "]")
        elif mark == ",":
            comma = token.start() if len(stack) == 1 else comma
        elif stack:
            stack.pop()
    end = "".join(reversed(stack))
    whole = text if ended else CUT_ESCAPE.sub("", text) + '"'
    for candidate in (whole + end, text[:comma] + "}" if comma else "{}"):
        try:
            value = decoder.decode(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    return None
