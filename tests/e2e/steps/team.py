"""Steps for accounts, the review, invitations and the protocol."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.core import mail
from playwright.sync_api import expect

from tests.e2e.people import Person

PASSWORD = "a horse that reads abstracts"


def address(person: Person) -> str:
    """Return the email address of a person."""
    return f"{person.name.lower()}@example.org"


def sign_up(person: Person) -> None:
    """Fill in the open sign-up form."""
    page = person.page
    page.get_by_label("Your name").fill(person.name)
    page.get_by_label(re.compile("^E-?mail")).fill(address(person))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("link", name=re.compile("Sign up|Log in"))).to_have_count(0)


def log_out_and_in_again(person: Person) -> None:
    """Log out and log in again through the login page."""
    page = person.open("/")
    page.locator("details.menu:visible summary", has_text=person.name).click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_label(re.compile("^E-?mail")).fill(address(person))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Your reviews")).to_be_visible()


def start_review(lead: Person, title: str) -> str:
    """Start a review from the empty list; return its path."""
    page = lead.open("/")
    lead.follow(page.get_by_role("link", name="New review"))
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Start review").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    return lead.path


def invite(lead: Person, review: str, guest: Person, role: str) -> None:
    """Invite a person by email; they open the link, sign up and join."""
    page = lead.open(review)
    lead.follow(page.get_by_role("link", name="Team"))
    lead.follow(page.get_by_role("link", name="Invite"))
    page.get_by_label("Email address").fill(address(guest))
    page.get_by_label("Role").select_option(role.lower())
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("status")).to_contain_text(address(guest))
    guest.open(_link_to(address(guest)))
    guest.follow(guest.page.get_by_role("link", name="Sign up"))
    sign_up(guest)
    guest.page.get_by_role("button", name="Join the review").click()
    expect(guest.page.locator(".side-name")).to_have_text(
        lead.page.locator(".side-name").inner_text()
    )


def _link_to(receiver: str) -> str:
    letters = [letter for letter in mail.outbox if letter.to == [receiver]]
    assert letters, f"no mail to {receiver}"
    found = re.search(r"https?://\S+/invitations/\S+", str(letters[-1].body))
    assert found, letters[-1].body
    return urlsplit(found.group()).path


def write_protocol(lead: Person, review: str, **fields: str) -> None:
    """Write the protocol; the names of the fields are their labels."""
    page = lead.open(review)
    lead.follow(page.get_by_role("link", name="Protocol", exact=True))
    lead.follow(page.get_by_role("link", name="Write the protocol"))
    for label, text in fields.items():
        page.get_by_label(label.replace("_", " ")).fill(text)
    page.get_by_role("button", name="Save as new version").click()
    expect(page.get_by_text("Version 1, saved by")).to_be_visible()
