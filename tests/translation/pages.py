"""Texts and forms of a page, as a person meets them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from tests.translation.known_data import without_data
from tests.translation.words import is_read, untranslated_words

SKIPPED = {"script", "style", "code", "pre", "kbd"}
VOID = {"input", "br", "img", "meta", "link", "hr", "use", "path", "col"}


@dataclass
class Form:
    """A form: where it goes, what is in it, and its buttons."""

    action: str
    method: str = "get"
    is_htmx: bool = False
    # Name, type, value as rendered, and the choices of a list.
    fields: list[tuple[str, str, str, list[str]]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """Collects the texts and forms of one HTML or SVG document."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.forms: list[Form] = []
        self._skipped: list[str] = []
        self._form: Form | None = None
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        # Codes that programs and documents use, and values that are marked as data.
        is_code = tag in SKIPPED or "mono" in has.get("class", "").split()
        if is_code or has.get("translate") == "no":
            self._skipped.append(tag)
        for name, value in has.items():
            if is_read(name, value):
                self.texts.append(value)
        if tag == "meta" and has.get("name") == "description":
            self.texts.append(has.get("content", ""))
        if tag == "input" and has.get("type") in {"submit", "button", "reset"}:
            self.texts.append(has.get("value", ""))
        self._in_form(tag, has)

    def _in_form(self, tag: str, has: dict[str, str]) -> None:
        post = has.get("hx-post")
        if tag == "form":
            method = "post" if post else has.get("method", "get").lower()
            self._form = Form(post or has.get("action", ""), method, bool(post))
            self.forms.append(self._form)
            return
        if post:
            self.forms.append(Form(post, "post", is_htmx=True))
        if self._form is None or "disabled" in has:
            return
        name, kind = has.get("name", ""), has.get("type", "text").lower()
        if tag == "button" and kind in {"text", "submit"}:
            self._form.buttons.append((name, has.get("value", "")))
        elif tag in {"input", "textarea"} and name:
            kind = "textarea" if tag == "textarea" else kind
            value = has.get("value", "on" if kind in {"checkbox", "radio"} else "")
            self._form.fields.append((name, kind, value, []))
        elif tag == "select" and name:
            self._form.fields.append((name, "select", "", []))
        elif tag == "option" and self._form.fields:
            self._form.fields[-1][3].append(has.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if self._skipped and tag == self._skipped[-1]:
            self._skipped.pop()
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.texts.append(data)


def untranslated(content: str) -> Iterator[str]:
    """Yield every text of a page with a word that is neither translated nor data."""
    for text in Page(content).texts:
        words = _wrong_words(text)
        if words:
            yield f"{' '.join(text.split())} [{words}]"


@cache
def _wrong_words(text: str) -> str:
    # Most texts have no such word: look for data only in the others.
    if not untranslated_words(text):
        return ""
    return " ".join(dict.fromkeys(untranslated_words(without_data(text))))
