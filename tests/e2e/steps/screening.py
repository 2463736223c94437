"""Steps for screening assignments, voting by keyboard, conflicts and closing."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.people import Person

# A person's vote on a title: a verdict, and a reason where one is required.
Judge = Callable[[str], tuple[str, str]]
Lines = list[tuple[int, list[str]]]
KEYS = {"include": "i", "exclude": "e", "unsure": "u"}
FORM = "form[data-vote]"


def set_policy(
    lead: Person, review: str, stage: str, lines: Lines, seed: int
) -> list[int]:
    """Set the screening assignments, check the preview and save; return its counts."""
    page = lead.open(f"{review}stages/")
    lead.follow(page.get_by_role("heading", name=stage).get_by_role("link"))
    page.get_by_role(
        "link", name=re.compile("^(Set screening assignments|Change assignments)$")
    ).first.click()
    page.get_by_label("Fixed assignment").check()
    for no, (share, names) in enumerate(lines, 1):
        if not page.get_by_role("heading", name=f"Rule {no}", exact=True).count():
            page.get_by_role("button", name="Add rule").click()
        line = page.locator("section.card", has_text=f"Rule {no}")
        line.get_by_label("Percentage").fill(str(share))
        for name in names:
            line.get_by_label(name, exact=True).check()
    page.get_by_label("Seed").fill(str(seed))
    page.get_by_role("button", name="Preview assignments").click()
    expect(page.locator("#preview")).to_be_visible()
    drawn = page.locator("#preview td[data-label='Total']").all_inner_texts()
    lead.send("Save assignments")
    return [int(number) for number in drawn]


def reasons(lead: Person, review: str, stage: str) -> list[str]:
    """Return the exclusion reasons of a stage, in order."""
    page = lead.open(f"{review}stages/")
    lead.follow(page.get_by_role("heading", name=stage).get_by_role("link"))
    card = page.locator("section.card", has_text="Reasons for exclusion")
    expect(card.locator("ol li")).not_to_have_count(0)
    return card.locator("ol li").all_inner_texts()


def start(lead: Person, review: str, stage: str) -> None:
    """Start a stage on its confirmation page."""
    page = lead.open(f"{review}stages/")
    lead.follow(page.get_by_role("heading", name=stage).get_by_role("link"))
    lead.follow(page.get_by_role("link", name="Start stage", exact=True))
    lead.send("Start stage", exact=True)
    expect(page.get_by_text("Under way since")).to_be_visible()


def screen(person: Person, review: str, stage: str, judge: Judge) -> dict[str, str]:
    """Vote on all assigned records by keyboard; return the verdicts by title."""
    page = person.open(review)
    person.follow(page.locator(".side-nav").get_by_role("link", name=stage, exact=True))
    expect(page.get_by_role("heading", name=stage, level=1)).to_be_visible()
    cast: dict[str, str] = {}
    while page.locator(FORM).count():
        title = page.locator(".record h2").inner_text()
        verdict, reason = judge(title)
        if reason:
            page.get_by_label("Reason for exclusion").select_option(label=reason)
            page.locator("body").press("Escape")
        press(person, KEYS[verdict])
        cast[title] = f"{verdict} {reason}".strip()
    expect(page.get_by_role("heading", name="You have screened all")).to_be_visible()
    return cast


def press(person: Person, key: str) -> None:
    """Press a key of the screening page and wait for another record."""
    page = person.page
    # The scripts listen to keys only once the page has loaded.
    page.wait_for_load_state()
    before = shown(person)
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press(key)
    page.wait_for_function(
        "before => (document.querySelector('form[data-vote]')?.action ?? '') !== before",
        arg=before,
    )


def shown(person: Person) -> str:
    """Return the address for a vote on the shown record; "" if none is shown."""
    return str(
        person.page.evaluate("document.querySelector('form[data-vote]')?.action ?? ''")
    )


def undo_first(person: Person, review: str, stage: str) -> None:
    """Vote on the first record by mistake and undo the vote."""
    page = person.open(review)
    person.follow(page.locator(".side-nav").get_by_role("link", name=stage, exact=True))
    expect(page.get_by_role("heading", name=stage, level=1)).to_be_visible()
    first = shown(person)
    press(person, "e")
    press(person, "z")
    assert shown(person) == first
    expect(page.locator("progress")).to_have_attribute("value", "0")


def finish(person: Person) -> None:
    """Mark the screening as finished, on the page of an empty queue."""
    person.send("Mark my screening as finished")
    row = person.page.get_by_role("row", name=re.compile(person.name))
    expect(row).to_contain_text("Finished")


def settle_conflicts(admin: Person, review: str, judge: Judge) -> dict[str, str]:
    """Resolve all conflicts with a rationale; return the decisions by title."""
    page = admin.open(f"{review}conflicts/")
    settled: dict[str, str] = {}
    if page.get_by_role("link", name="Resolve next conflict").count():
        admin.follow(page.get_by_role("link", name="Resolve next conflict"))
    while page.locator("form[action$='/resolve/']").count():
        title = page.locator(".record h2").inner_text()
        verdict, reason = judge(title)
        expect(
            page.locator("section[aria-labelledby=votes] tbody tr")
        ).not_to_have_count(0)
        if reason:
            page.get_by_label("Reason for exclusion").select_option(label=reason)
        page.get_by_label("Rationale").fill("Read again together.")
        admin.send(page.locator(f"form[action$='/resolve/'] button[value={verdict}]"))
        settled[title] = f"{verdict} {reason}".strip()
    expect(page.get_by_text("No conflicts to resolve")).to_be_visible()
    return settled


def close(lead: Person, review: str, stage: str) -> None:
    """Close a stage."""
    page = lead.open(f"{review}stages/")
    lead.follow(page.get_by_role("heading", name=stage).get_by_role("link"))
    lead.follow(page.get_by_role("link", name="Close stage"))
    lead.send("Close stage permanently")
    expect(page.get_by_text("votes are visible to the team").first).to_be_visible()
