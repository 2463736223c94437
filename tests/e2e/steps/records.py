"""Steps for sources, imports, duplicates and records added manually."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.counting import Search
from tests.e2e.people import Person


def add_search(librarian: Person, review: str, search: Search, hits: int) -> None:
    """Add a source of the column for databases; its page is open afterwards."""
    page = librarian.open(f"{review}sources/")
    librarian.follow(page.get_by_role("link", name="Add a search").first)
    page.get_by_label(search.kind, exact=True).check()
    page.get_by_label("Name").fill(search.name)
    page.get_by_label("Date of the search").fill("2026-11-02")
    page.get_by_label("Hits reported by the database").fill(str(hits))
    page.get_by_label("Search strategy").fill("1  dinosaur*\n2  limit 1 to english")
    page.get_by_role("button", name="Save source").click()
    expect(page.get_by_role("heading", name=search.name, level=1)).to_be_visible()


def upload(librarian: Person, files: list[Path]) -> None:
    """Upload files to the open source, check each preview and import it."""
    page, source = librarian.page, librarian.path
    _send(librarian, files)
    for file in files:
        if len(files) > 1:
            librarian.open(source)
            librarian.follow(page.get_by_role("link", name=file.name, exact=True))
        expect(page.get_by_role("heading", name="Preview")).to_be_visible()
        page.get_by_role("button", name=re.compile(r"^Import \d+ record")).click()
        expect(page.get_by_text("The records are imported")).to_be_visible()
    librarian.open(source)


def _send(librarian: Person, files: list[Path]) -> None:
    """Choose and upload files: one file opens its own page, several are listed."""
    page = librarian.page
    page.locator("input[type=file]").set_input_files([str(file) for file in files])
    page.get_by_role("button", name="Upload").click()
    if len(files) == 1:
        expect(page.get_by_role("heading", name=files[0].name, level=1)).to_be_visible()
    for file in files[1:]:
        row = page.get_by_role("row", name=re.compile(re.escape(file.name)))
        expect(row).to_contain_text("To confirm")


def be_refused(librarian: Person, file: Path, why: str) -> None:
    """Upload a file that can't be read; the page says why and imports nothing."""
    _send(librarian, [file])
    expect(librarian.page.locator(".notice.error")).to_contain_text(why)


def add_reference_list(librarian: Person, review: str, name: str) -> None:
    """Add a source of the column for other methods; its page is open afterwards."""
    page = librarian.open(f"{review}sources/")
    librarian.follow(page.get_by_role("link", name="Add another method"))
    page.get_by_label("Reference list").check()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Where and how you searched").fill("Lists of included reports")
    page.get_by_role("button", name="Save source").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def enter(librarian: Person, *, is_known: bool = False, **fields: str) -> None:
    """Add a record manually; ``is_known``: the page must say that it is a duplicate."""
    page = librarian.page
    source = librarian.path
    librarian.follow(page.get_by_role("link", name="Add a record manually"))
    for label, text in fields.items():
        page.get_by_label(label.replace("_", " "), exact=False).first.fill(text)
    page.get_by_role("button", name="Add record").click()
    if is_known:
        expect(page.locator("#matches")).to_contain_text("duplicate:")
        page.get_by_role("button", name="Add anyway").click()
    expect(page.get_by_role("status").last).to_contain_text("added")
    librarian.open(source)


def search_duplicates(librarian: Person, review: str) -> None:
    """Run deduplication and wait until the job is done."""
    page = librarian.open(f"{review}duplicates/")
    page.get_by_role("button", name="Run deduplication").click()
    expect(page.get_by_role("button", name="Run deduplication")).to_be_visible()


def answer_pairs(person: Person, review: str, key: str) -> int:
    """Decide on all possible duplicates with one key; return their number."""
    page = person.open(f"{review}duplicates/")
    answered = 0
    if page.get_by_role(
        "link", name=re.compile(r"^Review \d+ possible duplicate")
    ).count():
        page.keyboard.press("d")
        expect(page.get_by_role("heading", name="Possible duplicate")).to_be_visible()
        while person.path.endswith("/duplicates/") is False:
            before = person.path
            page.keyboard.press(key)
            page.wait_for_function("path => location.pathname !== path", arg=before)
            answered += 1
    expect(page.get_by_role("heading", name="Duplicates", level=1)).to_be_visible()
    return answered


def numbers(person: Person, path: str) -> dict[str, int]:
    """Return the counts of a page by their labels."""
    page = person.open(path)
    names = page.locator("dl.numbers dt").all_inner_texts()
    values = page.locator("dl.numbers dd").all_inner_texts()
    return {
        name.strip("−=+ "): int(re.sub(r"\D", "", value))
        for name, value in zip(names, values, strict=True)
    }
