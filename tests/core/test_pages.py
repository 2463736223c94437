"""The kernel's pages: each opens, and uses a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from reviewapp.core.models import Member, Protocol
from reviewapp.core.refusals import Refused
from reviewapp.core.services import protocol
from tests import factories
from tests.conftest import Cast

ClientOf = Callable[[Member | None], Client]
TEXTS: dict[str, Any] = {
    "question": "How do peer workers <b>co-produce</b>?",
    "population": "Adults",
    "concept": "Co-production",
    "context": "Services",
    "registration": "",
    "include": ["Peer reviewed", "2010 or later"],
    "exclude": ["Recovery colleges"],
}


def test_the_pages_of_a_review_open(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.dora)
    for path in (
        "",
        "team/",
        "team/invite/",
        "protocol/",
        "protocol/edit/",
        "audit-log/",
    ):
        response = client.get(f"/r/{cast.review.code}/{path}")
        assert response.status_code == 200, path
        assert response["Cache-Control"] == "private, no-store"
    assert client.get("/").status_code == 200
    assert client.get("/reviews/new/").status_code == 200


def test_strangers_get_404_and_the_wrong_role_gets_a_reason(
    cast: Cast, client_of: ClientOf
) -> None:
    url = f"/r/{cast.review.code}/protocol/edit/"
    assert client_of(None).get(url).status_code == 302
    assert client_of(cast.eve).get(url).status_code == 404
    assert client_of(cast.rex).get(url).status_code == 404
    answer = client_of(cast.ada).get(url)
    assert answer.status_code == 403
    assert (
        "Your role (reviewer) does not allow you to change the protocol."
        in answer.content.decode()
    )


def test_saving_the_protocol_makes_versions(cast: Cast) -> None:
    first = protocol.save_protocol(actor=cast.dora, now=factories.NOW, **TEXTS)
    same = protocol.save_protocol(actor=cast.dora, now=factories.NOW, **TEXTS)
    changed = {**TEXTS, "exclude": ["Youth services"]}
    second = protocol.save_protocol(actor=cast.dora, now=factories.NOW, **changed)
    assert (first.pk, second.version) == (same.pk, 2)
    assert [c.text for c in first.criteria.order_by("position")] == [
        "Peer reviewed",
        "2010 or later",
        "Recovery colleges",
    ]
    with pytest.raises(Refused, match="newer version"):
        protocol.save_protocol(actor=cast.dora, now=factories.NOW, based_on=1, **TEXTS)
    assert Protocol.objects.count() == 2


def test_the_protocol_through_the_browser(cast: Cast, client_of: ClientOf) -> None:
    client, url = client_of(cast.dora), f"/r/{cast.review.code}/protocol/"
    data = {**TEXTS, "include": "One\n\nTwo ", "exclude": "", "based_on": "0"}
    assert client.post(f"{url}edit/", data).status_code == 302
    page = client.get(url).content.decode()
    assert "&lt;b&gt;co-produce" in page
    assert "<li>Two</li>" in page
    stale = client.post(f"{url}edit/", {**data, "question": "Other"})
    assert stale.status_code == 409
    assert Protocol.objects.count() == 1


def test_the_audit_log_never_shows_a_private_event_of_another_member(
    cast: Cast, client_of: ClientOf
) -> None:
    from reviewapp.core import events

    events.record(
        review=cast.review,
        actor=cast.ben,
        kind="vote:cast",
        now=factories.NOW,
        private=True,
        canary="do-not-show",
    )
    url = f"/r/{cast.review.code}/audit-log"
    for member in (cast.ada, cast.cleo, cast.dora, cast.olaf):
        client = client_of(member)
        for path in ("/", ".csv", "/?kind=vote:cast"):
            answer = client.get(url + path)
            body = b"".join(answer) if answer.streaming else answer.content
            assert b"do-not-show" not in body
            assert b">vote:cast<" not in body
    assert "do-not-show" in client_of(cast.ben).get(url + "/").content.decode()
