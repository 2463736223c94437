"""Page steps of charting: form, charts, discrepancies."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.people import Person

# A person's answers on a study, by question.
Answers = Callable[[str], dict[str, str]]


def make_form(lead: Person, review: str, name: str, questions: dict[str, str]) -> str:
    """Make and publish a form from questions with their types; return its path."""
    page = lead.open(f"{review}charting/")
    lead.follow(page.get_by_role("link", name="Create form"))
    page.get_by_label("Name").fill(name)
    page.get_by_label("An empty form").check()
    lead.send("Create form")
    for label, kind in questions.items():
        lead.follow(page.get_by_role("link", name="Add question").first)
        page.get_by_label("Question", exact=True).fill(label)
        page.get_by_label("Answer type").select_option(label=kind)
        page.get_by_label("Required before submitting").check()
        lead.send("Save question")
    lead.follow(page.get_by_role("link", name="Publish version"))
    lead.send("Publish version")
    expect(page.get_by_text(f"Version 1, {len(questions)} questions")).to_be_visible()
    return lead.path


def assign(lead: Person, form: str, first: str, second: str, share: int) -> None:
    """Assign charting and start it."""
    page = lead.open(form)
    lead.follow(page.get_by_role("link", name="Assign charting").first)
    first_reviewers = page.get_by_role("group", name=re.compile("^Reviewers"))
    for box in first_reviewers.get_by_role("checkbox").all():
        box.uncheck()
    first_reviewers.get_by_label(first, exact=True).check()
    page.get_by_label("Studies charted twice").fill(str(share))
    seconds = page.get_by_role("group", name=re.compile("^Second reviewers"))
    seconds.get_by_label(second, exact=True).check()
    lead.send("Save assignments")
    lead.follow(page.get_by_role("link", name="Start charting"))
    lead.send("Start charting")
    expect(page.get_by_role("link", name="Close charting")).to_be_visible()


def chart_all(person: Person, form: str, answers: Answers) -> list[str]:
    """Chart every study assigned to the person; return the names of the studies."""
    charted = []
    while True:
        page = person.open(f"{form}mine/")
        following = page.get_by_role("link", name="Chart next study")
        if not following.count():
            return charted
        person.follow(following)
        study = page.get_by_role("heading", level=1).inner_text()
        for label, text in answers(study).items():
            page.get_by_label(label).fill(text)
        person.send("Submit chart")
        charted.append(study)


def settle_differences(admin: Person, form: str, choice: int = 0) -> int:
    """Resolve every discrepancy with one chart's answer; return the number of studies."""
    settled = 0
    page = admin.open(f"{form}discrepancies/")
    while page.get_by_role("link", name="Resolve next discrepancy").count():
        admin.follow(page.get_by_role("link", name="Resolve next discrepancy"))
        for question in page.locator("fieldset.reconcile-field").all():
            question.locator("input[type=radio]").nth(choice).check()
            question.get_by_label("Reason").fill("As the paper has it.")
        admin.send("Save resolutions")
        settled += 1
        page = admin.open(f"{form}discrepancies/")
    return settled


def close(lead: Person, form: str) -> None:
    """Close charting with the form."""
    page = lead.open(form)
    lead.follow(page.get_by_role("link", name="Close charting"))
    lead.send("Close charting")
    expect(page.get_by_text("Closed", exact=True).first).to_be_visible()
