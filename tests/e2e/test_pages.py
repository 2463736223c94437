"""Every page of a review: reachable, accessible, fits a phone, without errors."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from reviewapp.core.models import Member
from tests.blinding.world import World
from tests.e2e.conftest import Arrivals
from tests.e2e.people import DESK, PHONE, Person

# Number of pages with the same view that are opened; the first is checked closely.
OF_A_KIND = 3
# Only rules that affect users: https://www.w3.org/WAI/standards-guidelines/wcag/
AXE = {
    "resultTypes": ["violations"],
    # Style sheets are loaded a second time otherwise; no rule here needs them.
    "preload": False,
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}
WIDER_THAN_THE_WINDOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > width + 1)
    .slice(0, 5).map((e) => `${e.tagName} ${e.className} ${e.id}`);
}"""


@dataclass
class Walk:
    """Follows the links of pages inside the site, breadth first."""

    person: Person
    opened: list[str] = field(default_factory=list)
    views: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def from_(self, start: str) -> Walk:
        """Open the page at ``start`` and all pages that can be reached from it."""
        waiting = [start]
        while waiting:
            path = waiting.pop(0)
            if self._is_new(path) and self._opens(path):
                self._look(path)
                waiting += self._links()
        return self

    def _is_new(self, path: str) -> bool:
        if path in self.known:
            return False
        self.known.add(path)
        try:
            view = resolve(urlsplit(path).path).view_name
        except Resolver404:
            self.faults.append(f"{path}: a link to nothing, on {self.person.path}")
            return False
        self.views[view] += 1
        return self.views[view] <= OF_A_KIND

    def _opens(self, path: str) -> bool:
        """Return True if the link is a page, not a file, and opens."""
        page = self.person.page
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="light")
        try:
            answer = page.goto(self.person.site + path)
        except Error as error:
            if "Download is starting" in error.message:
                return False
            raise
        assert answer is not None
        if answer.status != 200:
            self.faults.append(f"{path}: {answer.status}, linked and not to be had")
            return False
        return "text/html" in answer.headers["content-type"]

    def _look(self, path: str) -> None:
        page = self.person.page
        self.opened.append(path)
        is_first = self.views[resolve(urlsplit(path).path).view_name] == 1
        if is_first:
            self._judge(path, "1440 px, light")
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="dark")
        if is_first:
            self._judge(path, "390 px, dark")
        wide = page.evaluate(WIDER_THAN_THE_WINDOW)
        if wide:
            self.faults.append(f"{path}: wider than a phone: {wide}")
        titles = page.locator("h1").count()
        if titles != 1:
            self.faults.append(f"{path}: {titles} main headings")
        primary = page.locator("main .button.primary:visible").count()
        if primary > 1:
            self.faults.append(f"{path}: {primary} primary actions")

    def _judge(self, path: str, how: str) -> None:
        found: Any = Axe().run(self.person.page, options=AXE).response
        for violation in found["violations"]:
            if violation["impact"] in {"serious", "critical"}:
                where = [str(node["target"]) for node in violation["nodes"][:3]]
                self.faults.append(
                    f"{path} ({how}): {violation['id']}, {violation['help']}: {where}"
                )

    def _links(self) -> list[str]:
        page = self.person.page
        hrefs = page.eval_on_selector_all(
            "a[href]", "all => all.map((a) => a.getAttribute('href'))"
        )
        found = []
        for href in hrefs:
            url = urlsplit(urldefrag(urljoin(page.url, href)).url)
            if url.netloc == urlsplit(self.person.site).netloc:
                found.append(url.path + (f"?{url.query}" if url.query else ""))
        return found


def walk(people: Arrivals, member: Member) -> Walk:
    """Return everything that ``member`` can reach from the overview."""
    person = people(member.name, member.user)
    return Walk(person).from_(f"/r/{member.review.code}/")


# Views that a lead must be able to reach by links alone.
WANTED = {
    "review:overview", "review:team", "review:invite", "review:protocol",
    "review:edit_protocol", "review:audit_log", "records:sources", "records:source",
    "records:source_add", "imports:import", "records:list", "records:record",
    "duplicates:overview", "duplicates:merges", "duplicates:pair", "imports:enter",
    "reports:reports", "reports:report", "reports:studies", "reports:study",
    "reports:other", "flow:flow", "flow:box", "flow:export", "charting:forms",
    "charting:form", "charting:preview", "charting:results", "charting:cross",
    "core:home", "account_email",
}  # fmt: skip


def test_every_page_a_lead_reaches_is_whole_and_accessible(
    world: World, people: Arrivals
) -> None:
    seen = walk(people, world.cast.dora)

    assert not seen.faults, "\n".join(seen.faults)
    assert set(seen.views) >= WANTED, WANTED - set(seen.views)


def test_every_page_a_reviewer_reaches_is_whole_and_accessible(
    world: World, people: Arrivals
) -> None:
    seen = walk(people, world.cast.ada)

    assert not seen.faults, "\n".join(seen.faults)
    assert len(seen.opened) > 20, seen.opened
