"""Sessions, two-factor authentication and passwords."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client

from reviewapp.accounts import login_sessions
from reviewapp.accounts.secrets_at_rest import MFAAdapter
from reviewapp.core.models import Event, Member, Review, User
from reviewapp.core.refusals import Refused
from reviewapp.core.services import reviews
from tests.conftest import Cast
from tests.factories import NOW, PASSWORD

ClientOf = Callable[[Member | None], Client]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def log_in(name: str, **extra: Any) -> Client:
    client = Client(**extra)
    form = {"login": f"{name}@example.org", "password": PASSWORD}
    answer = client.post("/accounts/login/", form)
    assert answer.status_code == 302, answer.content.decode()
    return client


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def codes(client: Client) -> list[str]:
    page = client.get("/accounts/sessions/").content.decode()
    return [
        part.split("/end/")[0]
        for part in page.split('action="/accounts/sessions/')[1:]
        if not part.startswith("others")
    ]


# ── Devices ──────────────────────────────────────────────────────────────────
def test_the_page_shows_where_i_am_logged_in_and_never_a_key(cast: Cast) -> None:
    here, there = log_in("ada", HTTP_USER_AGENT=FIREFOX), log_in("ada")
    page = here.get("/accounts/sessions/").content.decode()
    assert "Firefox on Linux" in page
    assert "(this device)" in page
    for client in (here, there):
        assert client.cookies["sessionid"].value not in page
    assert len(codes(here)) == 1


def test_a_user_logs_out_one_device_or_all_others(cast: Cast) -> None:
    here, second, third = (log_in("ada") for _ in range(3))
    [one, _] = codes(here)
    assert here.post(f"/accounts/sessions/{one}/end/").status_code == 302
    assert sorted([is_in(second), is_in(third)]) == [False, True]
    here.post("/accounts/sessions/others/end/")
    assert not is_in(second)
    assert not is_in(third)
    assert is_in(here)


def test_nobody_ends_the_session_of_another_user(cast: Cast) -> None:
    ada, ben = log_in("ada"), log_in("ben")
    code = login_sessions.session_code(ben.cookies["sessionid"].value)
    assert ada.post(f"/accounts/sessions/{code}/end/").status_code == 404
    assert is_in(ben)
    assert ada.get(f"/accounts/sessions/{code}/end/").status_code == 405


def test_a_new_password_logs_out_all_other_devices(cast: Cast) -> None:
    here, there = log_in("ada"), log_in("ada")
    form = {
        "oldpassword": PASSWORD,
        "password1": "another long sentence",
        "password2": "another long sentence",
    }
    assert here.post("/accounts/password/change/", form).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert (
        Session.objects.filter(
            session_key__in=UserSession.objects.filter(user=cast.ada.user).values(
                "session_key"
            )
        ).count()
        == 1
    )


def test_the_key_of_a_session_changes_with_the_login(cast: Cast) -> None:
    client = Client()
    client.get("/accounts/login/")
    client.session.save()
    before = client.session.session_key
    client.cookies["sessionid"] = before
    form = {"login": "ada@example.org", "password": PASSWORD}
    client.post("/accounts/login/", form)
    assert client.cookies["sessionid"].value != before


def test_the_key_of_a_session_changes_when_the_password_is_given_again(
    cast: Cast,
) -> None:
    client = log_in("ada")
    before = client.cookies["sessionid"].value
    wrong = client.post("/accounts/reauthenticate/", {"password": "a wrong one"})
    assert wrong.status_code == 200
    assert client.cookies["sessionid"].value == before
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    after = client.cookies["sessionid"].value
    assert after != before
    assert is_in(client)
    thief = Client()
    thief.cookies["sessionid"] = before
    assert not is_in(thief)
    # This is the same device as before, and the only one.
    rows = UserSession.objects.filter(user=cast.ada.user)
    assert [row.session_key for row in rows] == [after]
    assert "(this device)" in client.get("/accounts/sessions/").content.decode()


def test_last_seen_is_updated_from_time_to_time(cast: Cast) -> None:
    client = log_in("ada")
    row = UserSession.objects.get(user=cast.ada.user)
    UserSession.objects.update(last_seen_at=NOW)
    client.get("/")
    row.refresh_from_db()
    assert row.last_seen_at == NOW  # no write for every page
    session = client.session
    session[login_sessions.SEEN] -= login_sessions.NOTE_EVERY + 1
    session.save()
    client.get("/")
    row.refresh_from_db()
    assert row.last_seen_at > NOW


def test_a_session_ends_when_it_is_too_old(cast: Cast, settings: Any) -> None:
    client = log_in("ada")
    assert is_in(client)
    session = client.session
    session[login_sessions.BEGAN] = time.time() - settings.LOGIN_LASTS_SECONDS - 1
    session.save()
    assert not is_in(client)
    assert not Session.objects.filter(session_key=session.session_key).exists()


# ── Two-factor authentication ────────────────────────────────────────────────
def give_factor(member: Member) -> str:
    secret = generate_totp_secret()
    TOTP.activate(member.user, secret)
    return str(secret)


def want_factor(cast: Cast) -> None:
    give_factor(cast.dora)
    reviews.change_settings(
        actor=cast.dora, needs_second_factor=True, keep_until=None, now=NOW
    )


def test_a_lead_without_two_factor_authentication_cannot_require_it(cast: Cast) -> None:
    with pytest.raises(Refused, match="for your own account first"):
        reviews.change_settings(
            actor=cast.dora, needs_second_factor=True, keep_until=None, now=NOW
        )


def test_without_two_factor_authentication_no_page_of_the_review_opens(
    cast: Cast, client_of: ClientOf
) -> None:
    want_factor(cast)
    client = client_of(cast.ada)
    for path in ("", "team/", "audit-log.csv", "records/"):
        answer = client.get(f"/r/{cast.review.code}/{path}")
        assert answer.status_code == 403, path
        page = answer.content.decode()
        assert 'href="/accounts/2fa/"' in page
        assert cast.review.title not in page
    api = client.get(f"/api/v1/reviews/{cast.review.code}/flow/")
    assert api.status_code == 403
    assert "two-factor authentication" in api.json()["detail"]
    assert client.get("/").status_code == 200
    assert client.get("/accounts/2fa/").status_code == 200
    assert client_of(cast.eve).get(f"/r/{cast.review.code}/").status_code == 404
    give_factor(cast.ada)
    assert client.get(f"/r/{cast.review.code}/").status_code == 200


def test_recovery_codes_alone_do_not_count(cast: Cast, client_of: ClientOf) -> None:
    want_factor(cast)
    RecoveryCodes.activate(cast.ada.user)
    assert Authenticator.objects.filter(user=cast.ada.user).count() == 1
    assert client_of(cast.ada).get(f"/r/{cast.review.code}/").status_code == 403


def test_the_audit_log_has_the_setting_before_and_after(cast: Cast) -> None:
    want_factor(cast)
    event = Event.objects.get(kind="review:configured")
    assert event.data == {
        "before": {"needs_second_factor": False},
        "after": {"needs_second_factor": True},
    }


def test_only_a_lead_changes_the_settings_on_the_page(
    cast: Cast, client_of: ClientOf
) -> None:
    url = f"/r/{cast.review.code}/settings/"
    form = {"keep_until": "2027-05-01"}
    assert client_of(cast.cleo).post(url, form).status_code == 403
    assert client_of(cast.dora).post(url, form).status_code == 302
    assert str(Review.objects.get(pk=cast.review.pk).keep_until) == "2027-05-01"
    assert 'value="2027-05-01"' in client_of(cast.dora).get(url).content.decode()


def test_login_asks_for_two_factor_authentication_also_after_a_password_reset(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    give_factor(cast.ada)
    client = Client()
    form = {"login": "ada@example.org", "password": PASSWORD}
    answer = client.post("/accounts/login/", form)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(client)
    fresh = Client()
    fresh.post("/accounts/password/reset/", {"email": "ada@example.org"})
    link = next(
        word for word in mailoutbox[-1].body.split() if "/password/reset/key/" in word
    )
    page = fresh.get(urlsplit(link).path)
    new = {"password1": "another long sentence", "password2": "another long sentence"}
    fresh.post(page["Location"], new)
    assert not is_in(fresh)


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("127.0.0.1:8000", "localhost:8000</a> instead"),
        ("[::1]:8000", "localhost:8000</a> instead"),
        ("192.0.2.7", "with its host name instead"),
        ("localhost:8000", ""),
        ("review.example.org", ""),
    ],
)
def test_passkeys_are_offered_where_browsers_take_them(
    cast: Cast, client_of: ClientOf, settings: Any, host: str, says: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    login = Client().get("/accounts/login/", headers={"host": host}).content.decode()
    page = client_of(cast.ada).get("/accounts/2fa/", headers={"host": host})
    assert ("passkey_login" in login) is not bool(says)
    assert ("/accounts/2fa/webauthn/add/" in page.content.decode()) is not bool(says)
    assert (says or "Add a key") in page.content.decode()


def test_a_new_authentication_method_logs_out_all_other_devices(cast: Cast) -> None:
    from allauth.mfa.signals import authenticator_added
    from django.test import RequestFactory

    here, there = log_in("ada"), log_in("ada")
    request = RequestFactory().get("/")
    request.session = here.session
    authenticator_added.send(
        sender=Authenticator, request=request, user=cast.ada.user, authenticator=None
    )
    assert is_in(here)
    assert not is_in(there)


def test_seeds_are_encrypted_and_open_with_an_earlier_key(
    cast: Cast, settings: Any
) -> None:
    secret = give_factor(cast.ada)
    RecoveryCodes.activate(cast.ada.user)
    rows = Authenticator.objects.filter(user=cast.ada.user)
    assert secret not in str(list(rows.values_list("data", flat=True)))
    totp = TOTP(rows.get(type="totp"))
    stored = totp.instance.data["secret"]
    codes = RecoveryCodes(rows.get(type="recovery_codes")).get_unused_codes()
    assert MFAAdapter().decrypt(stored) == secret
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "new"
    assert MFAAdapter().decrypt(stored) == secret
    assert RecoveryCodes(rows.get(type="recovery_codes")).get_unused_codes() == codes
    settings.SECRET_KEY_FALLBACKS = []
    assert MFAAdapter().decrypt(stored) not in {secret, stored}
    assert MFAAdapter().decrypt("JBSWY3DPEHPK3PXP") == "JBSWY3DPEHPK3PXP"


def test_an_address_is_changed_with_the_password_only(
    cast: Cast, client_of: ClientOf
) -> None:
    form = {"email": "mallory@example.org", "action_add": ""}
    answer = client_of(cast.ada).post("/accounts/email/", form)
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not EmailAddress.objects.filter(email="mallory@example.org").exists()
    assert client_of(cast.ada).get("/accounts/2fa/totp/activate/").status_code == 302


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("reviewapp2026", False),
        ("systematic-review", False),
        ("PrismaScreening1", False),
        ("password1234", False),
        ("short", False),
        ("a review of twelve herons", True),
        ("åßç " * 30, True),
    ],
)
def test_easy_passwords_are_refused_and_long_ones_of_any_letters_taken(
    db: None, password: str, is_taken: bool
) -> None:
    form = {"name": "Nora", "email": "nora@example.org", "password1": password}
    answer = Client().post("/accounts/signup/", form)
    assert (answer.status_code == 302) is is_taken
    if is_taken:
        assert User.objects.get(email="nora@example.org").check_password(password)


def test_an_operator_logs_out_one_user_or_all(cast: Cast) -> None:
    ada, ben = log_in("ada"), log_in("ben")
    call_command("end_sessions", "ADA@example.org", stdout=io.StringIO())
    assert (is_in(ada), is_in(ben)) == (False, True)
    call_command("end_sessions", "--all", stdout=io.StringIO())
    assert not is_in(ben)
    with pytest.raises(CommandError):
        call_command("end_sessions", "nobody@example.org")
