"""Texts in template files that do not go through gettext."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, TokenType

from tests.translation.words import is_read, untranslated_words

BLOCK = re.compile(r"blocktrans(?:late)?\b")
# A block that holds CSS classes.
CLASS_BLOCK = re.compile(r"block (shape|body_class|frame_class)\b")
END_OF_BLOCK = re.compile(r"endblocktrans(?:late)?\b")
# A literal argument of a tag: {% include "a.html" with title="No records" %}.
LITERAL = re.compile(r"""(\b[\w-]+)=(["'])(.*?)\2""")
IN_GETTEXT = re.compile(r"""_\((["']).*?\1\)""")
# Arguments of tags that are names, URLs or formats.
NO_TEXT_ARGUMENTS = {"class", "classes", "id", "name", "key", "icon", "kind", "url"}
# What replaces a tag or variable in the text that is left: neither letters nor spaces.
GAP = "\u2063"


def untranslated(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, text) for every text of a template that is not translated."""
    source = path.read_text(encoding="utf-8")
    kept, is_hidden = [], ""
    for token in Lexer(source).tokenize():
        lines = "\n" * token.contents.count("\n")
        if is_hidden:
            if token.token_type == TokenType.BLOCK and re.match(
                is_hidden, token.contents
            ):
                is_hidden = ""
            kept.append(lines)
        elif token.token_type == TokenType.TEXT:
            kept.append(token.contents)
        elif token.token_type == TokenType.BLOCK and BLOCK.match(token.contents):
            is_hidden = END_OF_BLOCK.pattern
            kept.append(GAP + lines)
        elif token.token_type == TokenType.BLOCK and token.contents == "comment":
            is_hidden = r"endcomment\b"
            kept.append(lines)
        else:
            if CLASS_BLOCK.match(token.contents):
                is_hidden = r"endblock\b"
            kept.append(GAP + lines)
            if token.token_type == TokenType.BLOCK:
                yield from ((token.lineno, text) for text in _literals(token.contents))
    if path.suffix == ".txt":
        for number, line in enumerate("".join(kept).splitlines(), 1):
            if untranslated_words(line):
                yield number, line.replace(GAP, "…").strip()
    else:
        parser = _Texts()
        parser.feed("".join(kept))
        parser.close()
        yield from parser.found


def _literals(contents: str) -> Iterator[str]:
    """Yield the literal arguments of a tag that a person may read."""
    for name, _, text in LITERAL.findall(IN_GETTEXT.sub("", contents)):
        if name not in NO_TEXT_ARGUMENTS and " " in text and untranslated_words(text):
            yield f"{name}={text}"


class _Texts(HTMLParser):
    """Collects texts and attributes with words, with their lines."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._skipped = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "code", "pre", "kbd"}:
            self._skipped = tag
        for name, value in attrs:
            if is_read(name, value or "") and untranslated_words(value or ""):
                text = (value or "").replace(GAP, "…")
                self.found.append((self.getpos()[0], f"{name}={text}"))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._skipped:
            self._skipped = ""

    def handle_data(self, data: str) -> None:
        line = self.getpos()[0]
        for part in [] if self._skipped else re.split(f"({GAP})", data):
            if untranslated_words(part):
                blank = part[: len(part) - len(part.lstrip())]
                self.found.append((line + blank.count("\n"), " ".join(part.split())))
            line += part.count("\n")
