"""Takes pictures of every page, for a person to look at.

``python -m tests.e2e.screenshots URL LOGIN PASSWORD FOLDER [--only WORD]`` logs in at a
running site (./dev demo), follows the links of each review and takes a picture of every
page at 1440 and 390 px, in both themes.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from playwright.sync_api import Error, Page, ViewportSize, sync_playwright

from tests.e2e.people import DESK, PHONE

# Codes have lower-case letters and digits and are longer than a word.
CODE = re.compile(r"/[a-z0-9]{14}(?=/|$)")
SIZES: dict[str, ViewportSize] = {"desk": DESK, "phone": PHONE}
# Pages are captured down to this height.
LONGEST = 3000


def kind(path: str) -> str:
    """Return the path without codes: pages that differ only by codes are alike."""
    parts = urlsplit(path)
    asked = "" if not parts.query else "?" + re.sub(r"=[^&]*", "", parts.query)
    return CODE.sub("/x", parts.path) + asked


def log_in(page: Page, site: str, login: str, password: str) -> None:
    """Log in through the login page."""
    page.goto(f"{site}/accounts/login/")
    page.locator("#id_login").fill(login)
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(f"{site}/")


def links(page: Page) -> list[str]:
    """Return the paths of the same site that the page links to."""
    hrefs = page.eval_on_selector_all(
        "a[href]", "all => all.map((a) => a.getAttribute('href'))"
    )
    urls = [urlsplit(urldefrag(urljoin(page.url, href)).url) for href in hrefs]
    here = urlsplit(page.url).netloc
    return [
        url.path + (f"?{url.query}" if url.query else "")
        for url in urls
        if url.netloc == here
    ]


def shoot(page: Page, name: str, folder: Path) -> None:
    """Take pictures of the open page in both sizes and both themes."""
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            page.wait_for_timeout(150)
            height = page.evaluate("document.documentElement.scrollHeight")
            page.screenshot(
                path=folder / f"{name}-{size}-{theme}.png",
                full_page=True,
                clip={
                    "x": 0,
                    "y": 0,
                    "width": viewport["width"],
                    "height": min(max(height, viewport["height"]), LONGEST),
                },
            )


def walk(page: Page, site: str, folder: Path, only: str) -> int:
    """Take a picture of one page of each kind; return the number."""
    waiting, known = ["/"], set[str]()
    n = 0
    while waiting:
        path = waiting.pop(0)
        if kind(path) in known or re.search(r"\.(csv|json|ris)\b|/file/", path):
            continue
        known.add(kind(path))
        page.set_viewport_size(DESK)
        try:
            answer = page.goto(site + path)
        except Error:
            continue
        if answer is None or "text/html" not in answer.headers["content-type"]:
            continue
        n += 1
        words = re.sub(r"\W+", "-", kind(path)).strip("-") or "home"
        if only in words:
            shoot(page, f"{n:03}-{words}", folder)
            print(f"{n:03} {answer.status} {path}", flush=True)
        waiting += links(page)
    return n


def main(arguments: list[str]) -> int:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("login")
    parser.add_argument("password")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="a word of the page's address")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"),
            chromium_sandbox=False,
            args=["--disable-gpu", "--disable-quic", "--no-first-run"],
        )
        page = browser.new_page(reduced_motion="reduce")
        site = given.url.rstrip("/")
        log_in(page, site, given.login, given.password)
        n = walk(page, site, given.folder, given.only)
        browser.close()
    print(f"{n} pages in {given.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
