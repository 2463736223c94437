"""Attacks on two-factor authentication: a stolen password, a known code."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from tests.attack.caller import Answer, Caller
from tests.attack.ledger import Ledger
from tests.attack.people import NEW, _password, _set_password
from tests.attack.site import Site

INSIDE = ("", "/accounts/2fa/", "/accounts/2fa/recovery-codes/", "/accounts/email/")
AUTHENTICATE = "/accounts/2fa/authenticate/"


def second_factors(site: Site, ledger: Ledger) -> None:
    """Use a code of Ben's in the other review, which then requires it of everyone."""
    cast = site.theirs.cast
    email = cast.ben.user.email
    secret = _give(cast.ben.user)
    thief = site.somebody("thief")
    answer = thief.log_in(email, _password())
    held = answer.location.startswith(AUTHENTICATE)
    ledger.tried("a stolen password where there is a second factor", answer, held)
    _stays_out(site, ledger, thief)
    _guess(ledger, thief)
    _replay(site, ledger, email, secret)
    _reset(site, ledger, email)
    _wanted(site, ledger)


def _give(user: object) -> str:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    return secret


def _code(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def _is_out(answer: Answer) -> bool:
    leads = answer.location.startswith(("/accounts/login/", AUTHENTICATE))
    return answer.status in {401, 403} or (answer.status == 302 and leads)


def _stays_out(site: Site, ledger: Ledger, thief: Caller) -> None:
    code = site.theirs.cast.review.code
    inside = [path or f"/r/{code}/" for path in INSIDE]
    for path in (*inside, "/", f"/api/v1/reviews/{code}/flow/", "/accounts/data.json"):
        answer = thief.get(path)
        ledger.tried(f"… with the password alone: {path}", answer, _is_out(answer))
    for path in ("/accounts/2fa/totp/deactivate/", "/accounts/password/change/"):
        answer = thief.post(path, {"password1": NEW, "password2": NEW})
        ledger.tried(f"… POST {path}", answer, _is_out(answer))


def _guess(ledger: Ledger, thief: Caller) -> None:
    said = [thief.post(AUTHENTICATE, {"code": f"{n:06}"}) for n in range(8)]
    told = ", ".join(str(answer.status) for answer in said)
    stopped = said[-1].status == 429 or "Too many" in said[-1].text
    held = stopped and all(answer.location in {"", AUTHENTICATE} for answer in said)
    ledger.tried("eight guesses at the code", told, held)


def _replay(site: Site, ledger: Ledger, email: str, secret: str) -> None:
    owner, eavesdropper = site.somebody(), site.somebody()
    for caller in (owner, eavesdropper):
        caller.log_in(email, _password())
    # The guesses count for the account, so the right code is refused too.
    _forgive()
    code = _code(secret)
    right = owner.post(AUTHENTICATE, {"code": code})
    inside = owner.get("/")
    held = right.status == 302 and inside.status == 200
    ledger.tried("the owner with the right code", inside, held)
    again = eavesdropper.post(AUTHENTICATE, {"code": code})
    out = eavesdropper.get("/")
    ledger.tried("the same code a second time", again, _is_out(out))


def _forgive() -> None:
    """Delete the counters of attempts; the cache contains nothing else."""
    from django.core.cache import cache

    cache.clear()


def _reset(site: Site, ledger: Ledger, email: str) -> None:
    caller = site.somebody()
    caller.post("/accounts/password/reset/", {"email": email})
    changed = _set_password(site, caller, email)
    out = caller.get("/")
    held = changed.status == 302 and _is_out(out)
    ledger.tried("a new password by mail, then in without the factor", out, held)
    fresh = site.somebody()
    asked = fresh.log_in(email, NEW)
    held = asked.location.startswith(AUTHENTICATE)
    ledger.tried("… and the log-in with it", asked, held)


def _wanted(site: Site, ledger: Ledger) -> None:
    """Test a review that requires two-factor authentication of its members."""
    cast, lead = site.theirs.cast, site.stranger
    settings = f"/r/{cast.review.code}/settings/"
    first = lead.post(settings, {"needs_second_factor": "on"})
    ledger.tried("a lead without one wants it of others", first, first.status == 409)
    _give(cast.dora.user)
    _forgive()
    answer = lead.post(settings, {"needs_second_factor": "on"})
    ledger.tried("a lead with one does", answer, answer.status == 302)
    ada = site.somebody()
    ada.log_in(cast.ada.user.email, _password())
    title = cast.review.title.encode()
    api = f"/api/v1/reviews/{cast.review.code}"
    for path in ("team/", "audit-log.csv", "export/file/?as=csv", "report.txt"):
        answer = ada.get(f"/r/{cast.review.code}/{path}")
        held = answer.status == 403 and title not in answer.body
        ledger.tried(f"… a member without: {path}", answer, held)
    for path in (f"{api}/flow/", f"{api}/export/?as=csv"):
        answer = ada.get(path)
        ledger.tried(f"… over the API: {path}", answer, answer.status == 403)
    back = lead.post(settings, {"keep_until": ""})
    ledger.tried("the lead takes it back", back, back.status == 302)
    again = ada.get(urlsplit(f"/r/{cast.review.code}/").path)
    ledger.tried("… and the member is in", again, again.status == 200)
