"""People in browsers: one context each, which records every error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    ViewportSize,
    expect,
)

# The machine may be busy with other tests.
PATIENCE_MS = 20_000
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

# This runs before the page's own scripts: a violation of the content security policy
# becomes a line on the console, and therefore a failed test.
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Person:
    """A person at a browser. ``trouble`` must be empty at the end of each test."""

    name: str
    site: str
    context: BrowserContext
    page: Page
    trouble: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Open a path of the site; fails unless the status is 200."""
        response = self.page.goto(self.site + path)
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"
        return self.page

    def send(self, button: str | Locator, **options: Any) -> None:
        """Press a button that submits a form, and wait for the next page."""
        if isinstance(button, str):
            button = self.page.get_by_role("button", name=button, **options)
        self.follow(button)

    def follow(self, link: Locator) -> None:
        """Click what opens another page, and wait for that page.

        A click alone returns before the next page is there; what is counted or read
        after it may be the page before.
        """
        with self.page.expect_navigation():
            link.click()

    @property
    def path(self) -> str:
        """Return the path that is open."""
        return urlsplit(self.page.url).path

    @contextmanager
    def expecting(self, *words: str) -> Iterator[None]:
        """Expect trouble that contains one of the words."""
        self.expected += words
        yield
        self.page.wait_for_timeout(50)
        self.trouble = [
            line for line in self.trouble if not any(word in line for word in words)
        ]
        for word in words:
            self.expected.remove(word)

    def note(self, line: str) -> None:
        """Record an error of the page."""
        self.trouble.append(f"{self.name}, {self.path}: {line}")

    def watch(self, page: Page) -> None:
        """Record errors, refused requests and requests to other hosts."""
        page.on("pageerror", lambda error: self.note(f"error: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on(
            "response",
            lambda answer: (
                self.note(f"{answer.status} {answer.url}")
                if answer.status >= 400
                else None
            ),
        )

    def _console(self, message: ConsoleMessage) -> None:
        # The response of a refused request has the status.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.note(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        own = urlsplit(self.site)
        if parts.scheme not in {"blob", "data"} and parts.netloc != own.netloc:
            self.note(f"asked another host: {request.url}")

    def _failed(self, request: Request) -> None:
        # The browser cancels requests of a page that the person leaves.
        if request.failure != "net::ERR_ABORTED":
            self.note(f"failed: {request.failure} {request.url}")


def arrive(browser: Browser, site: str, name: str, **options: object) -> Person:
    """Return a new browser for ``name`` without a login."""
    context = browser.new_context(
        **{"viewport": DESK, "reduced_motion": "reduce", **options}  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE_MS)
    if options.get("java_script_enabled", True):
        context.add_init_script(TELL_VIOLATIONS)
    page = context.new_page()
    person = Person(name, site, context, page)
    person.watch(page)
    return person
