"""Login, sign-up and reset: how often strangers can try, and what they learn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from reviewapp import settings as production
from reviewapp.core.models import Member, User
from reviewapp.core.services import team
from tests import factories
from tests.conftest import Cast

ClientOf = Callable[[Member | None], Client]
TOO_MANY = "Too many failed login attempts"


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    """Reset the counters before each test."""
    cache.clear()
    yield
    cache.clear()


def limits(**rates: dict[str, str]) -> Any:
    return override_settings(RATE_LIMITS=rates)


# ── Logging in ───────────────────────────────────────────────────────────────
RATES = production.ACCOUNT_RATE_LIMITS


def try_password(client: Client, email: str, password: str = "", **extra: Any) -> Any:
    return client.post(
        "/accounts/login/", {"login": email, "password": password or "wrong"}, **extra
    )


@override_settings(ACCOUNT_RATE_LIMITS=RATES)
def test_guessing_a_password_locks_out_only_the_attacker(
    cast: Cast,
) -> None:
    guesser, ada = Client(REMOTE_ADDR="203.0.113.9"), Client(REMOTE_ADDR="192.0.2.1")
    for _ in range(5):
        try_password(guesser, "ada@example.org")
    locked = try_password(guesser, "ada@example.org", factories.PASSWORD)
    assert locked.status_code == 200
    assert "Too many failed login attempts" in locked.content.decode()
    assert try_password(ada, "ada@example.org", factories.PASSWORD).status_code == 302


@override_settings(ACCOUNT_RATE_LIMITS=RATES)
def test_an_account_can_be_guessed_at_from_many_places_only_so_often(
    cast: Cast,
) -> None:
    with limits(login={"account": "6/h"}):
        for i in range(6):
            try_password(Client(REMOTE_ADDR=f"203.0.113.{i}"), "ada@example.org")
        last = try_password(Client(REMOTE_ADDR="203.0.113.77"), "ada@example.org")
        other = try_password(Client(REMOTE_ADDR="203.0.113.77"), "ben@example.org")
    assert "Too many failed login attempts" in last.content.decode()
    assert "Too many failed login attempts" not in other.content.decode()


@override_settings(ACCOUNT_RATE_LIMITS=RATES, ALLOWED_HOSTS=["*"])
def test_attempts_are_counted_whatever_host_or_route_the_request_names(
    cast: Cast,
) -> None:
    guesser, last = Client(REMOTE_ADDR="203.0.113.9"), ""
    for i in range(6):
        spelt = ("ada@example.org", " ADA@example.org", "Ada@Example.org ")[i % 3]
        last = try_password(
            guesser,
            spelt,
            factories.PASSWORD if i == 5 else "",
            HTTP_HOST=f"host{i}.example.org:{8000 + i}",
            HTTP_X_FORWARDED_FOR=f"198.51.100.{i}, 192.0.2.{i}",
            HTTP_X_REAL_IP=f"198.51.100.{i}",
            HTTP_FORWARDED=f"for=198.51.100.{i}",
            HTTP_X_FORWARDED_HOST=f"h{i}.example.org",
        ).content.decode()
    assert TOO_MANY in last


@override_settings(ACCOUNT_RATE_LIMITS=RATES, ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_behind_a_proxy_only_the_address_that_the_proxy_saw_counts(cast: Cast) -> None:
    def tried(client: Client, said: str, saw: str, password: str = "") -> str:
        answer = try_password(
            client, "ada@example.org", password, HTTP_X_FORWARDED_FOR=f"{said}, {saw}"
        )
        return str(answer.content.decode())

    proxy = Client(REMOTE_ADDR="10.0.0.1")
    pages = [tried(proxy, f"198.51.100.{i}", "203.0.113.9") for i in range(6)]
    assert TOO_MANY in pages[-1]
    assert TOO_MANY not in pages[-2]
    # The owner uses the same proxy from another address.
    assert tried(proxy, "203.0.113.9", "192.0.2.1", factories.PASSWORD) == ""


@override_settings(ACCOUNT_RATE_LIMITS=RATES)
def test_guessing_from_many_addresses_does_not_lock_out_a_logged_in_owner(
    cast: Cast,
) -> None:
    home = Client(REMOTE_ADDR="192.0.2.1")
    assert try_password(home, "ada@example.org", factories.PASSWORD).status_code == 302
    with limits(login={"account": "3/h"}):
        for i in range(4):
            try_password(Client(REMOTE_ADDR=f"203.0.113.{i}"), "ada@example.org")
        away, here = (
            try_password(
                Client(REMOTE_ADDR=address), "ada@example.org", factories.PASSWORD
            )
            for address in ("203.0.113.99", "192.0.2.1")
        )
    assert TOO_MANY in away.content.decode()
    assert here.status_code == 302


def _masked(page: bytes, email: str) -> str:
    text = page.decode()
    text = text.replace(email, "ADDRESS") if email else text
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]*', "token", text)
    text = re.sub(r'nonce="[^"]*', "nonce", text)
    return re.sub(r"[A-Za-z0-9]{64}", "token", text)


@override_settings(ACCOUNT_RATE_LIMITS=RATES)
@pytest.mark.parametrize("tries", [1, 6])
def test_a_wrong_password_and_an_unknown_address_are_answered_the_same(
    cast: Cast, tries: int
) -> None:
    pages = []
    for email in ("ada@example.org", "zoe@example.org"):
        client = Client(REMOTE_ADDR="203.0.113.5")
        for _ in range(tries):
            answer = try_password(client, email)
        pages.append((answer.status_code, _masked(answer.content, email)))
    assert pages[0] == pages[1]


def test_an_unknown_address_costs_as_much_hashing_as_a_known_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    original = MD5PasswordHasher.encode

    def encode(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return str(original(self, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    costs = []
    for email in ("ada@example.org", "zoe@example.org"):
        hashed.clear()
        try_password(Client(), email)
        costs.append(len(hashed))
    assert costs[0] == costs[1] > 0


def test_a_password_reset_does_not_reveal_who_has_an_account(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    answers = []
    for email in ("ada@example.org", "zoe@example.org"):
        answer = Client().post("/accounts/password/reset/", {"email": email})
        answers.append((answer.status_code, answer["Location"]))
    assert answers[0] == answers[1]
    assert [mail.to for mail in mailoutbox] == [
        ["ada@example.org"],
        ["zoe@example.org"],
    ]


@override_settings(ACCOUNT_EMAIL_VERIFICATION="mandatory")
def test_with_a_mail_server_sign_up_does_not_reveal_who_has_an_account(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    answers = []
    for email in ("ada@example.org", "zoe@example.org"):
        form = {"name": "N", "email": email, "password1": factories.PASSWORD}
        answer = Client().post("/accounts/signup/", form)
        answers.append((answer.status_code, answer.get("Location")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 302
    assert get_user_model().objects.filter(email="ada@example.org").count() == 1


def _sign_up(client: Client, email: str) -> Any:
    form = {"name": "N", "email": email, "password1": "another long sentence"}
    return client.post("/accounts/signup/", form)


@override_settings(SIGN_UP="invited")
def test_without_a_mail_server_sign_up_reveals_nothing(
    cast: Cast,
) -> None:
    answers = [
        _sign_up(Client(), email) for email in ("ada@example.org", "zoe@example.org")
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    known, unknown = (_masked(answer.content, "") for answer in answers)
    assert known == unknown
    assert "by invitation only" in known
    assert not User.objects.filter(email="zoe@example.org").exists()


@override_settings(SIGN_UP="invited")
def test_an_invitation_allows_sign_up_only_for_its_address(
    cast: Cast,
) -> None:
    now = timezone.now()
    _, token = team.invite_member(
        actor=cast.dora, email="Nora@example.org", role="reviewer", now=now
    )
    nora = Client()
    nora.get(f"/invitations/{token}/")
    pages = []
    for email in ("ada@example.org", "zoe@example.org"):
        answer = _sign_up(nora, email)
        assert "address that was invited" in answer.content.decode()
        pages.append((answer.status_code, _masked(answer.content, email)))
    assert pages[0] == pages[1]
    assert _sign_up(nora, "nora@example.org")["Location"] == f"/invitations/{token}/"


@override_settings(SIGN_UP="invited")
@pytest.mark.parametrize("how", ["used", "withdrawn", "expired", "made up"])
def test_an_expired_invitation_allows_no_sign_up(cast: Cast, how: str) -> None:
    now = timezone.now()
    made = now - timedelta(days=13)
    sent, token = team.invite_member(
        actor=cast.dora, email="n@example.org", role="reviewer", now=made
    )
    client = Client()
    client.get(f"/invitations/{token}/")
    if how == "used":
        team.accept_invitation(user=factories.make_user("Nora"), token=token, now=now)
    elif how == "withdrawn":
        team.withdraw_invitation(actor=cast.dora, invitation=sent, now=now)
    elif how == "expired":
        type(sent).objects.update(expires_at=now - timedelta(seconds=1))
    else:
        session = client.session
        session["invitation_url"] = "/invitations/made-up/"
        session.save()
    assert "by invitation only" in _sign_up(client, "n@example.org").content.decode()


@override_settings(SIGN_UP="invited")
def test_the_first_account_needs_no_invitation(db: None) -> None:
    assert _sign_up(Client(), "first@example.org").status_code == 302
    assert "by invitation only" in _sign_up(Client(), "b@x.org").content.decode()


@override_settings(ACCOUNT_RATE_LIMITS={"signup": "2/h/ip", "reset_password": "2/h/ip"})
@pytest.mark.parametrize("page", ["signup", "password/reset"])
def test_signing_up_and_resetting_have_limits(db: None, page: str) -> None:
    client = Client(REMOTE_ADDR="203.0.113.50")
    found = [
        client.post(
            f"/accounts/{page}/",
            {
                "name": "N",
                "email": f"nobody{i}@example.org",
                "password1": factories.PASSWORD,
            },
        )
        for i in range(4)
    ]
    assert found[-1].status_code == 429
    assert "too many requests" in found[-1].content.decode()
