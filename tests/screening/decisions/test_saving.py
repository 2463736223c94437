"""The server's side of "saved": confirmations, stale pages and the way to log in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from reviewapp.core.models import Member
from screening.decisions.models import Stage
from screening.decisions.models.rounds import Vote
from tests.conftest import Cast
from tests.screening.decisions.conftest import rounds_of
from tests.screening.decisions.test_pages import base

ClientOf = Callable[[Member | None], Client]


def votes_of(member: Member) -> list[str]:
    """Return all votes of a member, oldest first."""
    found = Vote.objects.unblinded(reason="tests look behind the curtain")
    return list(
        found.filter(author=member).order_by("pk").values_list("verdict", flat=True)
    )


def test_an_answer_confirms_the_key_of_its_vote_and_no_other(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    client, here = client_of(cast.ada), f"{base(cast)}screen/{double.code}/"
    one, two, *_ = rounds_of(double).values()
    key = str(uuid.uuid4())
    script = {"Save-Request": key}

    saved = client.post(
        f"{here}{one}/vote/", {"key": key, "verdict": "include"}, headers=script
    )
    again = client.post(
        f"{here}{one}/vote/", {"key": key, "verdict": "include"}, headers=script
    )
    refused = client.post(
        f"{here}{two}/vote/", {"key": key, "verdict": "maybe"}, headers=script
    )
    gone = client.post(
        f"{here}nosuchround/vote/", {"key": key, "verdict": "include"}, headers=script
    )

    assert (saved.status_code, saved["Saved-Key"]) == (200, key)
    assert (again.status_code, again["Saved-Key"]) == (200, key), "sent again"
    for answer, status in ((refused, 422), (gone, 404)):
        assert (answer.status_code, answer["Refused-Key"]) == (status, key)
        assert "Saved-Key" not in answer
    assert votes_of(cast.ada) == ["include"]


def test_a_key_that_is_no_key_is_not_echoed(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    client, here = client_of(cast.ada), f"{base(cast)}screen/{double.code}/"
    one, *_ = rounds_of(double).values()

    answer = client.post(
        f"{here}{one}/vote/",
        {"key": "x\r\nSet-Cookie: a=b", "verdict": "include"},
        headers={"Save-Request": "x"},
    )

    assert "Saved-Key" not in answer
    assert "Refused-Key" not in answer
    assert votes_of(cast.ada) == []


@pytest.mark.parametrize(
    ("shown", "verdict", "status", "stored"),
    [
        ("0", "exclude", 422, ["include"]),
        ("0", "include", 200, ["include"]),
        ("1", "exclude", 200, ["include", "exclude"]),
        ("", "exclude", 200, ["include", "exclude"]),
    ],
)
def test_a_page_with_an_older_state_of_ones_own_vote_does_not_overwrite_it(
    cast: Cast,
    double: Stage,
    client_of: ClientOf,
    shown: str,
    verdict: str,
    status: int,
    stored: list[str],
) -> None:
    client, here = client_of(cast.ada), f"{base(cast)}screen/{double.code}/"
    one, *_ = rounds_of(double).values()

    def vote(value: str, version: str) -> object:
        data = {"key": uuid.uuid4(), "verdict": value, "version": version}
        sent = client.post(
            f"{here}{one}/vote/", data, headers={"Save-Request": str(data["key"])}
        )
        return sent.status_code

    assert vote("include", "0") == 200
    assert vote(verdict, shown) == status
    assert votes_of(cast.ada) == stored


def test_what_others_did_makes_no_page_older(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    here = f"{base(cast)}screen/{double.code}/"
    one, *_ = rounds_of(double).values()
    for member in (cast.ben, cast.ada):
        data = {"key": uuid.uuid4(), "verdict": "include", "version": "0"}
        client_of(member).post(f"{here}{one}/vote/", data)

    assert votes_of(cast.ada) == ["include"]


def test_undo_in_a_stale_tab_does_not_withdraw_a_newer_vote(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    client, here = client_of(cast.ada), f"{base(cast)}screen/{double.code}/"
    one, *_ = rounds_of(double).values()
    for verdict, version in (("include", "0"), ("exclude", "1")):
        data = {"key": uuid.uuid4(), "verdict": verdict, "version": version}
        client.post(f"{here}{one}/vote/", data)

    stale = client.post(f"{here}{one}/undo/", {"version": "1"})
    current = client.post(f"{here}{one}/undo/", {"version": "2"})

    assert stale.status_code == 422
    assert "In another tab you decided exclude at" in stale.content.decode()
    assert current.status_code == 302
    assert votes_of(cast.ada) == ["include", "exclude", "withdrawn"]


def test_a_script_without_a_session_gets_401_and_no_login_page(
    cast: Cast, double: Stage
) -> None:
    here = f"{base(cast)}screen/{double.code}/"
    one, *_ = rounds_of(double).values()
    for headers in ({"Save-Request": "x"}, {"HX-Request": "true"}):
        answer = Client().post(f"{here}{one}/vote/", headers=headers)
        assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/no/page/here/", "/"),
        ("http://testserver/r/a/screen/{stage}/?y=2", "/r/a/screen/{stage}/?y=2"),
        ("http://elsewhere.example/r/a/screen/{stage}/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_login_returns_to_a_page_and_never_to_an_address_of_a_form(
    cast: Cast, double: Stage, referer: str, back: str
) -> None:
    one, *_ = rounds_of(double).values()
    names = {"stage": double.code, "round": one}
    path = f"{base(cast)}screen/{double.code}/{one}/vote/"

    answer = Client().post(path, headers={"Referer": referer.format(**names)})

    target = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    assert target == back.format(**names)


def test_a_typed_address_of_a_form_leads_to_a_page_after_the_login(
    cast: Cast, double: Stage
) -> None:
    one, *_ = rounds_of(double).values()
    vote = f"{base(cast)}screen/{double.code}/{one}/vote/"
    page = f"{base(cast)}screen/{double.code}/?y=2"
    for typed, back in ((vote, "/"), (page, page)):
        answer = Client().get(typed)
        assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [back]
