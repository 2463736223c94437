"""Captures everything a person can fetch: every URL of the table and its links."""

from __future__ import annotations

import itertools
import os
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.http import HttpResponseBase
from django.urls import Resolver404, resolve

from tests.blinding import addresses
from tests.blinding.harness import Browser
from tests.blinding.matrix import BY_NAME, NOBODY
from tests.blinding.world import World

# Only text that differs between two answers of the same world.
NOISE = [
    (re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*'), rb"\1masked"),
    (re.compile(rb"(X-CSRFToken[^:]*: ?\S*?)[A-Za-z0-9]{64}"), rb"\1masked"),
    (re.compile(rb"(nonce[-=]\"?)[A-Za-z0-9_+/=-]+"), rb"\1masked"),
    # The key of a future request (reviewapp/core/blinding.py: Contribution.key).
    (re.compile(rb'(name="key" value=")[0-9a-f-]{36}'), rb"\1masked"),
]
# How many links to one kind of page (a record, a page or filter of a list) are
# followed, in addition to those of the hidden rounds (World.alternatives).
FOLLOWED = 20 if os.environ.get("DEEP") else 2
PAGES = 2000


@dataclass(frozen=True)
class Answer:
    """The masked answer to one request."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class Seen:
    """All answers that one person got, by URL."""

    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def broken(self) -> list[str]:
        """Return the URLs that failed."""
        return [url for url, answer in self.answers.items() if answer.status >= 500]

    @property
    def pages(self) -> int:
        """Return the number of pages that were shown."""
        return sum(answer.status == 200 for answer in self.answers.values())

    def with_text(self, text: str) -> list[str]:
        """Return the URLs whose answer contains ``text``, headers included."""
        return [
            url
            for url, answer in self.answers.items()
            if text.encode() in answer.body or text in str(answer.headers)
        ]


def masked(response: HttpResponseBase) -> Answer:
    """Return status, headers and body without CSRF tokens, nonces and request keys."""
    if response.streaming:
        body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    else:
        body = response.content  # type: ignore[attr-defined]
    for pattern, stand_in in NOISE:
        body = pattern.sub(stand_in, body)
    headers = sorted(
        (name, NOISE[2][0].sub(NOISE[2][1], value.encode()).decode())
        for name, value in response.headers.items()
    )
    cookies = sorted((name, "set") for name in response.cookies)
    return Answer(response.status_code, (*headers, *cookies), body)


def observe(
    world: World, browser: Browser, *, deep: bool = True, part: tuple[int, int] = (0, 1)
) -> Seen:
    """Fetch every URL of the table and, with ``deep``, every link on the pages.

    ``part``: (k, n) fetches every n-th URL, starting with the k-th.
    """
    seen, followed = Seen(), Counter[str]()
    first = list(dict.fromkeys(first_urls(world)))
    waiting = deque(first[part[0] :: part[1]])
    known = set(waiting)
    while waiting:
        url = waiting.popleft()
        response = browser.get(url)
        seen.answers[url] = masked(response)
        if not deep or "html" not in response.get("Content-Type", ""):
            continue
        for link in links(url, seen.answers[url].body.decode()):
            if link in known or not _is_ours(link):
                continue
            known.add(link)
            kind = kind_of_link(link)
            followed[kind] += 1
            if followed[kind] <= FOLLOWED:
                waiting.append(link)
        assert len(seen.answers) < PAGES, "the pages lead to more and more pages"
    return seen


@cache
def kind_of_link(link: str) -> str:
    """Return the name of the URL with the names of its parameters.

    ``?after=`` is another kind than ``?state=``.
    """
    path, _, query = link.partition("?")
    try:
        name = resolve(path).view_name
    except Resolver404:
        name = path
    return name + "?" + "&".join(sorted(part for part, _ in parse_qsl(query)))


def first_urls(world: World) -> Iterator[str]:
    """Return the URL of every row that can be fetched, with this world's codes.

    Where a row takes a code, the codes behind the hidden rounds are included.
    """
    for address in addresses.every():
        row = BY_NAME.get(address.name)
        if not row or row.get == NOBODY:
            continue
        yield addresses.url(address, world.args, row) + row.query
        for argument in address.arguments:
            for code in world.alternatives.get(argument, ()):
                codes = {**world.args, row.args.get(argument, argument): code}
                yield addresses.url(address, codes, row) + row.query


def _is_ours(link: str) -> bool:
    path = link.partition("?")[0]
    return path == "/" or path.startswith(("/r/", "/api/", "/reviews/"))


class _Links(HTMLParser):
    """A parser that collects links, htmx requests and every choice of a GET form."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._form: str | None = None
        self._choices: dict[str, list[str]] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        for name in ("href", "hx-get", "src", "data-src", "data-url", "data"):
            if has.get(name):
                self.found.append(has[name])
        if tag == "form" and has.get("method", "get").lower() == "get":
            self._form, self._choices = has.get("action", ""), {}
        elif self._form is not None:
            self._in_form(tag, has)

    def _in_form(self, tag: str, has: dict[str, str]) -> None:
        if tag == "select":
            self._select = has.get("name", "")
        elif tag == "option" and self._select:
            self._choices.setdefault(self._select, []).append(has.get("value", ""))
        elif tag == "input" and has.get("name"):
            typed = has.get("type") in {"search", "text", None}
            value = "peer" if typed else has.get("value", "")
            self._choices.setdefault(has["name"], []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "form" and self._form is not None:
            for name, value in itertools.chain.from_iterable(
                ((name, value) for value in values)
                for name, values in self._choices.items()
            ):
                self.found.append(f"{self._form}?{urlencode({name: value})}")
            self._form = None


@lru_cache(maxsize=2000)  # Most pages are the same in the worlds that are compared.
def links(url: str, html: str) -> list[str]:
    """Return the targets of a page's links in order, as paths with their queries."""
    parser = _Links()
    parser.feed(html)
    found = []
    for link in parser.found:
        parts = urlsplit(urljoin(url, link))
        if parts.netloc in {"", "testserver"} and parts.scheme in {"", "http"}:
            found.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def difference(one: Seen, two: Seen) -> str:
    """Return the first difference between two worlds; "" if there is none."""
    for url in sorted(one.answers.keys() ^ two.answers.keys()):
        where = "the first" if url in one.answers else "the second"
        return f"{url} is there in {where} world only"
    for url, answer in one.answers.items():
        other = two.answers[url]
        if answer != other:
            return f"{url} differs: {_first_difference(answer, other)}"
    return ""


def _first_difference(one: Answer, two: Answer) -> str:
    if one.status != two.status:
        return f"status {one.status} / {two.status}"
    if one.headers != two.headers:
        return f"headers {set(one.headers) ^ set(two.headers)}"
    pairs = enumerate(zip(one.body, two.body, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(one.body), len(two.body)))
    around = slice(max(0, at - 80), at + 80)
    return f"…{one.body[around]!r}… / …{two.body[around]!r}…"
