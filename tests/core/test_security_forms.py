"""Forged forms, extra fields, invitations, the security log and unreadable input."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from reviewapp.core.models import Event, Invitation, Member, Review, Role, User
from reviewapp.core.services import team
from tests import factories
from tests.conftest import Cast
from tests.core.test_security import LATER, sources
from tests.factories import NOW, PASSWORD

ClientOf = Callable[[Member | None], Client]


# ── Forged requests ──────────────────────────────────────────────────────────


def strict(member: Member) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member.user)
    return client


@pytest.mark.parametrize("name", ["review:rename", "review:invite", "review:configure"])
@pytest.mark.parametrize("extra", [{}, {"HX-Request": "true"}, {"X-CSRFToken": "x"}])
def test_a_post_without_the_token_changes_nothing(
    cast: Cast, name: str, extra: dict[str, str]
) -> None:
    before = Event.objects.count()
    url = reverse(name, args=[cast.review.code])
    form = {"title": "Forged", "email": "m@evil.example", "role": "lead"}
    answer = strict(cast.dora).post(url, form, headers=extra)
    assert answer.status_code == 403
    assert Event.objects.count() == before


def test_a_post_from_another_origin_is_refused_even_with_a_token(cast: Cast) -> None:
    client, url = strict(cast.dora), f"/r/{cast.review.code}/title/"
    page = client.get(url).content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)[1]  # type: ignore[index]
    foreign = {"Origin": "https://evil.example"}
    form = {"title": "New", "csrfmiddlewaretoken": token}
    assert client.post(url, form, headers=foreign).status_code == 403
    assert client.post(url, form).status_code == 302


def test_htmx_sends_the_token_that_the_page_gives_it(cast: Cast) -> None:
    client, url = strict(cast.dora), f"/r/{cast.review.code}/title/"
    page = client.get(url).content.decode()
    token = re.search(r'hx-headers=\'\{"X-CSRFToken": "([^"]+)"', page)[1]  # type: ignore[index]
    headers = {"X-CSRFToken": token, "HX-Request": "true"}
    assert client.post(url, {"title": "New"}, headers=headers).status_code == 302


def test_the_api_wants_the_token_too(cast: Cast) -> None:
    url = f"/api/v1/reviews/{cast.review.code}/rounds/none/votes/"
    answer = strict(cast.ada).post(url, {}, content_type="application/json")
    assert answer.status_code in {403, 404}
    assert strict(cast.ada).post("/api/v1/reviews/").status_code in {403, 405}


def test_nothing_is_exempt_from_the_token() -> None:
    exempt = [name for name, text in sources() if "csrf_exempt" in text]
    assert exempt == []


# ── Fields that were not offered ─────────────────────────────────────────────
STUFFED = {
    "id": "1",
    "pk": "1",
    "code": "aaaaaaaaaaaaaa",
    "review": "1",
    "user": "1",
    "created_by": "1",
    "actor": "1",
    "is_staff": "1",
    "is_superuser": "1",
    "removed_at": "",
    "archived_at": "2026-01-01",
    "needs_second_factor": "on",
    "token_digest": "0",
    "accepted_at": "2026-01-01",
    "expires_at": "2099-01-01",
}


def test_fields_that_a_form_does_not_offer_are_ignored(
    cast: Cast, client_of: ClientOf
) -> None:
    client, here = client_of(cast.dora), f"/r/{cast.review.code}/"
    before = Review.objects.values().get(pk=cast.review.pk)
    client.post(f"{here}title/", {**STUFFED, "title": "New"})
    after = Review.objects.values().get(pk=cast.review.pk)
    assert {name for name in after if after[name] != before[name]} == {"title"}
    client.post(
        f"{here}team/invite/", {**STUFFED, "email": "n@example.org", "role": "reviewer"}
    )
    made = Invitation.objects.get(email="n@example.org")
    assert (made.invited_by, made.review, made.accepted_at) == (
        cast.dora,
        cast.review,
        None,
    )
    assert made.expires_at < made.created_at + timedelta(days=15)
    client.post(f"{here}team/{cast.ben.code}/role/", {**STUFFED, "role": "observer"})
    ben = Member.objects.get(pk=cast.ben.pk)
    assert (ben.role, ben.user, ben.review) == ("observer", cast.ben.user, cast.review)


def test_signing_up_makes_an_ordinary_account(db: None) -> None:
    form = {
        **STUFFED,
        "name": "Nora",
        "email": "nora@example.org",
        "password1": PASSWORD,
        "is_active": "",
        "joined_at": "2001-01-01",
    }
    Client().post("/accounts/signup/", form)
    nora = User.objects.get(email="nora@example.org")
    assert nora.is_active
    assert nora.joined_at.year > 2001
    assert not hasattr(nora, "is_superuser")


def test_a_role_that_does_not_exist_is_refused(cast: Cast, client_of: ClientOf) -> None:
    url = f"/r/{cast.review.code}/team/{cast.ben.code}/role/"
    assert client_of(cast.dora).post(url, {"role": "owner"}).status_code == 200
    assert Member.objects.get(pk=cast.ben.pk).role == Role.REVIEWER


# ── Invitations ──────────────────────────────────────────────────────────────
def test_an_invitation_works_once_and_not_after_its_time(
    cast: Cast, client_of: ClientOf
) -> None:
    _, once = team.invite_member(
        actor=cast.dora, email="n@x.org", role="reviewer", now=LATER
    )
    _, old = team.invite_member(
        actor=cast.dora, email="o@x.org", role="reviewer", now=NOW
    )
    assert client_of(cast.eve).post(f"/invitations/{once}/").status_code == 302
    nora = Client()
    nora.force_login(factories.make_user("Nora"))
    for token in (once, old, "made-up"):
        assert nora.post(f"/invitations/{token}/").status_code == 409
        assert nora.get(f"/invitations/{token}/").status_code == 409
    assert not Member.objects.filter(user__email="nora@example.org").exists()


def test_used_withdrawn_expired_and_unknown_links_are_answered_the_same(
    cast: Cast,
) -> None:
    _, old = team.invite_member(
        actor=cast.dora, email="o@x.org", role="reviewer", now=NOW
    )
    gone, withdrawn = team.invite_member(
        actor=cast.dora, email="w@x.org", role="reviewer", now=LATER
    )
    team.withdraw_invitation(actor=cast.dora, invitation=gone, now=NOW)
    pages = {
        re.sub(r"[A-Za-z0-9_-]{43,64}", "", Client().get(url).content.decode())
        for url in (f"/invitations/{token}/" for token in (old, withdrawn, "x" * 43))
    }
    assert len(pages) == 1


def test_viewing_an_invitation_does_not_use_it(cast: Cast, client_of: ClientOf) -> None:
    _, token = team.invite_member(
        actor=cast.dora, email="n@x.org", role="reviewer", now=LATER
    )
    for _ in range(2):
        assert client_of(cast.eve).get(f"/invitations/{token}/").status_code == 200
    assert not Member.objects.filter(review=cast.review, user=cast.eve.user).exists()


def test_an_invited_user_has_a_verified_address(
    cast: Cast, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    _, token = team.invite_member(
        actor=cast.dora, email="nora@example.org", role="reviewer", now=LATER
    )
    nora = Client()
    nora.get(f"/invitations/{token}/")
    form = {"name": "Nora", "email": "nora@example.org", "password1": PASSWORD}
    assert nora.post("/accounts/signup/", form)["Location"].startswith("/invitations/")
    other = Client()
    other.get(f"/invitations/{token}/")
    answer = other.post("/accounts/signup/", {**form, "email": "mallory@example.org"})
    assert "confirm" in answer["Location"]


# ── The log ──────────────────────────────────────────────────────────────────
def test_logins_and_refusals_are_logged_without_addresses_or_passwords(
    cast: Cast, client_of: ClientOf, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "reviewapp.security"):
        form = {"login": "ada@example.org", "password": "a wrong one"}
        Client().post("/accounts/login/", form)
        Client().post("/accounts/login/", {**form, "password": PASSWORD})
        client_of(cast.ada).get(f"/r/{cast.review.code}/team/invite/")
    lines = [r.getMessage() for r in caplog.records if r.name == "reviewapp.security"]
    assert any(line.startswith("login failed: address ") for line in lines)
    assert any(line.startswith("logged in by password: user ") for line in lines)
    assert any(line.startswith("NotAllowed: GET /r/") for line in lines)
    assert not re.search("example.org|wrong one|correct horse", "\n".join(lines))


def test_users_are_emailed_when_a_secret_has_changed(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    client = Client()
    form = {"login": "ada@example.org", "password": PASSWORD}
    client.post("/accounts/login/", form)
    new = {"password1": "another long sentence", "password2": "another long sentence"}
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    assert [mail.to for mail in mailoutbox] == [["ada@example.org"]]
    assert "password" in mailoutbox[0].subject.lower()


# ── Unreadable input ─────────────────────────────────────────────────────────
NUL = [
    "records/?q=%00",
    "records/?after=%00",
    "reports/?words=%00",
    "audit-log/?after=%00",
]
LONG_NAME = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="'
    + b"n" * 5000
    + b'"\r\n\r\nx\r\n--x--\r\n'
)


def test_no_form_and_no_query_breaks_the_program(
    cast: Cast, client_of: ClientOf
) -> None:
    client, here = client_of(cast.dora), f"/r/{cast.review.code}/"
    client.raise_request_exception = False
    wrong = ["export/records.csv?stage=%00", *NUL]
    said = {path: client.get(here + path) for path in wrong}
    assert {answer.status_code for answer in said.values()} == {400}
    assert "NUL" in said[NUL[0]].content.decode()
    api = f"/api/v1/reviews/{cast.review.code}/rounds/none/vote/"
    kind = "application/json"
    deep = client.post(api, b"[" * 100_000, content_type=kind)
    assert deep.status_code == 400
    assert "nested" in deep.json()["detail"]
    form = {"content_type": "multipart/form-data; boundary=x"}
    strictly = strict(cast.dora)
    strictly.get("/accounts/password/change/")
    strictly.raise_request_exception = False
    assert strictly.post("/nothing/", LONG_NAME, **form).status_code == 404
    assert strictly.post(f"{here}title/", LONG_NAME, **form).status_code in {400, 403}


def test_links_in_emails_lead_to_this_site_whatever_host_was_asked(
    cast: Cast, settings: Any, mailoutbox: list[Any]
) -> None:
    settings.SITE_URL = "https://review.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    form = {"email": "ada@example.org"}
    Client().post("/accounts/password/reset/", form, headers={"Host": "evil.example"})
    assert "https://review.example.org/accounts/" in mailoutbox[0].body
    assert "evil.example/accounts" not in mailoutbox[0].body
