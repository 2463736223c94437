"""Refusals come back on the page of the form, with what was typed."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reviewapp.core.models import Member, Review
from reviewapp.core.services import protocol
from screening.reports.models import Report
from screening.reports.services import retrieval
from tests import factories
from tests.conftest import Cast

ClientOf = Callable[[Member | None], Client]
TYPED = {
    "question": "What helps?",
    "population": "Adults",
    "concept": "",
    "context": "",
    "registration": "",
}


def text_of(answer: Any) -> str:
    """Return the text of an answer as its reader sees it."""
    return html.unescape(answer.content.decode())


def make_report(member: Member) -> Report:
    """Return a report that awaits retrieval."""
    records = factories.make_records(member, 1)
    sent = retrieval.send_to_retrieval(actor=member, records=records, now=factories.NOW)
    return sent[0]


def save_protocol(member: Member) -> None:
    """Save a first version of the protocol."""
    protocol.save_protocol(
        actor=member, now=factories.NOW, include=["One"], exclude=[], **TYPED
    )


def test_a_form_comes_back_with_the_refusal_on_top_and_what_was_typed(
    cast: Cast, client_of: ClientOf
) -> None:
    save_protocol(cast.dora)
    data = {**TYPED, "question": "Typed & kept?", "include": "x", "based_on": "0"}

    answer = client_of(cast.dora).post(f"/r/{cast.review.code}/protocol/edit/", data)

    page = text_of(answer)
    assert answer.status_code == 409
    assert "newer version" in page
    assert page.index("error-summary") < page.index("Typed & kept?")
    assert "go back in your browser" not in page


def test_a_form_on_the_page_of_something_else_comes_back_there(
    cast: Cast, client_of: ClientOf
) -> None:
    report = make_report(cast.lena)
    here = f"/r/{cast.review.code}/reports/{report.code}/"

    answer = client_of(cast.lena).post(
        f"{here}file/",
        {"file": SimpleUploadedFile("p.pdf", b"<html>", "application/pdf")},
        headers={"Referer": f"http://testserver{here}"},
    )

    page = text_of(answer)
    assert answer.status_code == 409
    assert page.index("notice error") < page.index("not a PDF")
    assert 'type="file"' in page


def test_a_page_that_only_confirms_shows_the_refusal_itself(
    cast: Cast, client_of: ClientOf
) -> None:
    answer = client_of(cast.dora).post(
        f"/r/{cast.review.code}/team/{cast.dora.code}/remove/"
    )

    page = text_of(answer)
    assert answer.status_code == 409
    assert 'class="notice error"' in page
    assert "Action not completed" not in page
    assert page.index("notice error") < page.index("form-actions")


@pytest.mark.parametrize(
    ("referer", "target"),
    [
        ("http://testserver/r/{code}/reports/?state=x", "/r/{code}/reports/?state=x"),
        ("http://elsewhere.example/r/{code}/reports/", None),
        ("", None),
    ],
)
def test_a_button_without_a_form_leaves_a_message_on_the_page_it_came_from(
    cast: Cast, client_of: ClientOf, referer: str, target: str | None
) -> None:
    report = make_report(cast.lena)
    code = cast.review.code

    answer = client_of(cast.lena).post(
        f"/r/{code}/reports/{report.code}/seek-again/",
        headers={"Referer": referer.format(code=code)},
    )

    if target is None:
        assert answer.status_code == 409
        return
    assert (answer.status_code, answer["Location"]) == (302, target.format(code=code))
    said = [message.level_tag for message in get_messages(answer.wsgi_request)]
    assert said == ["error"]


def test_a_review_that_will_be_deleted_keeps_what_was_typed_and_changes_nothing(
    cast: Cast, client_of: ClientOf
) -> None:
    save_protocol(cast.dora)
    Review.objects.filter(pk=cast.review.pk).update(
        erase_at=factories.NOW + timedelta(days=9)
    )
    data = {**TYPED, "question": "Too late?", "include": "x", "based_on": "1"}

    answer = client_of(cast.dora).post(f"/r/{cast.review.code}/protocol/edit/", data)

    assert answer.status_code == 409
    assert "Too late?" in text_of(answer)
    assert protocol_versions(cast.dora) == 1


def protocol_versions(member: Member) -> int:
    """Return the number of versions of the protocol."""
    from reviewapp.core.queries.protocol import protocol_versions

    return len(protocol_versions(member))
