"""Passkeys with a virtual authenticator of the browser, under the strict policy."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from reviewapp.core.models import Event
from tests import factories
from tests.e2e.conftest import Arrivals
from tests.e2e.people import Person
from tests.factories import PASSWORD

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def plug_in(person: Person) -> Any:
    """Add a virtual authenticator to the person's browser."""
    line = person.context.new_cdp_session(person.page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return line


def test_a_passkey_is_added_and_logs_in_without_a_password(people: Arrivals) -> None:
    user = factories.make_user("Nora")
    nora = people("Nora", user)
    plug_in(nora)
    page = nora.page
    page.goto(f"{nora.site}/accounts/2fa/webauthn/add/")
    # Reauthenticate with the password first.
    page.locator("#id_password").fill(PASSWORD)
    nora.send("Confirm")
    page.locator("#id_name").fill("My laptop")
    page.locator("#id_passwordless").check()
    with page.expect_navigation():
        page.locator("#mfa_webauthn_add").click()
    key = Authenticator.objects.get(user=user, type="webauthn")
    assert key.data["name"] == "My laptop"
    page.goto(f"{nora.site}/accounts/logout/")
    nora.send("Log out")
    page.goto(f"{nora.site}/accounts/login/")
    with page.expect_navigation():
        page.locator("#passkey_login").click()
    expect(page).to_have_url(f"{nora.site}/")
    assert not Event.objects.exists()
