"""Attacks on login, sessions, invitations and redirects."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from tests.attack.caller import Answer, Caller
from tests.attack.ledger import Ledger
from tests.attack.site import Site

ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "http://127.0.0.1@evil.example/",
    "\t//evil.example",
    "/\r\nX-Evil: 1",
)
NEW = "another horse 7319 battery"


def _password() -> str:
    from tests.factories import PASSWORD

    return PASSWORD


def redirects(site: Site, ledger: Ledger) -> None:
    """Put ``next`` into the address and the form, at login and logout."""
    email = site.ours.cast.olaf.user.email
    for where in ELSEWHERE:
        caller = site.somebody()
        form = {"login": email, "password": _password(), "next": where}
        query = urlencode({"next": where})
        answer = caller.post(f"/accounts/login/?{query}", form)
        ledger.tried(f"log-in with next={where}", answer, _is_here(answer))
        out = caller.post(f"/accounts/logout/?{query}", {"next": where})
        ledger.tried(f"log-out with next={where}", out, _is_here(out))
    for path in ("//evil.example/", "//evil.example", "/\\evil.example", "/https:"):
        answer = site.people["ada"].get(path)
        held = answer.status == 404 or (answer.status < 400 and _is_here(answer))
        ledger.tried(f"GET {path}", answer, held)


def _is_here(answer: Answer) -> bool:
    """Return True if the answer redirects to a path of this site."""
    to = urlsplit(answer.location)
    if answer.status != 302:
        return answer.status == 404
    is_path = not to.scheme and not to.netloc and answer.location.startswith("/")
    is_path = is_path and "x-evil" not in answer.headers
    return is_path and "evil.example" not in answer.location


# ── Guessing ─────────────────────────────────────────────────────────────────
def guessing(site: Site, ledger: Ledger) -> None:
    """Guess passwords: the attacker is stopped, and the owner is not."""
    email = site.ours.cast.lena.user.email
    guesser, owner = site.somebody(), site.somebody()
    said = [guesser.log_in(email, f"wrong password {n}") for n in range(6)]
    held = all(answer.status != 302 for answer in said)
    ledger.tried("six wrong passwords", ", ".join(map(str, said)), held)
    right = guesser.log_in(email, _password())
    held = right.status != 302 and "Too many" in right.text
    ledger.tried("then the right one, from there", right, held)
    spoofed = guesser.log_in(email, _password(), X_Forwarded_For="192.0.2.77")
    ledger.tried("… with X-Forwarded-For", spoofed, spoofed.status != 302)
    _disguised(site, ledger, guesser)
    elsewhere = owner.log_in(email, _password())
    ledger.tried("the owner, from elsewhere", elsewhere, elsewhere.status == 302)
    owner = site.somebody()
    sent = owner.post("/accounts/password/reset/", {"email": email})
    ledger.tried("the owner asks for a new password", sent, sent.status == 302)
    changed = _set_password(site, owner, email)
    ledger.tried("… and sets it", changed, changed.status == 302)
    again = site.somebody().log_in(email, NEW)
    ledger.tried("… and logs in with it", again, again.status == 302)
    old = site.people["lena"].get("/")
    ledger.tried("the old device after the reset", old, old.status == 302)
    site.people["lena"] = site.somebody("lena")
    site.people["lena"].log_in(email, NEW)


def _disguised(site: Site, ledger: Ledger, guesser: Caller) -> None:
    """Send the right password from a blocked address with other headers."""
    email = site.ours.cast.lena.user.email
    for name, value in (
        ("Host", f"localhost:{site.port}"),
        ("Host", "localhost:1"),
        ("Host", "127.0.0.1"),
        ("X_Real_IP", "192.0.2.78"),
        ("Forwarded", "for=192.0.2.79"),
        ("X_Client_IP", "192.0.2.80"),
    ):
        # The CSRF check needs the same origin, so the host of the page stays the
        # sender's.
        spoofed = guesser.log_in(email, _password(), **{name: value})
        told = f"{spoofed}, {name}: {value}"
        held = spoofed.status != 302 and "Too many" in spoofed.text
        ledger.tried("… with another header", told, held)
    for spelt in (email.upper(), f" {email} "):
        spoofed = guesser.log_in(spelt, _password())
        ledger.tried(f"… as {spelt!r}", spoofed, spoofed.status != 302)


def _link(text: str) -> str:
    found = re.search(r"https?://\S+/accounts/password/reset/key/\S+", text)
    return found[0] if found else ""


def _set_password(site: Site, caller: Caller, email: str) -> Answer:
    mails = site.mails(email)
    link = _link(mails[-1]) if mails else ""
    asked = caller.get(urlsplit(link).path or "/no-mail/")
    form = {"password1": NEW, "password2": NEW}
    return caller.post(urlsplit(asked.location).path or "/no-link/", form)


# ── Who has an account ───────────────────────────────────────────────────────
ROUNDS = 7
# The difference between medians that a busy machine may have.
NOISE = 1.8
NOISE_SECONDS = 0.06


def enumeration(site: Site, ledger: Ledger) -> None:
    """Compare an address with an account and one without."""
    emails = {"known": "olaf@example.org", "unknown": "zoe%d@example.org"}
    questions: dict[str, Callable[[Caller, str], Answer]] = {
        "log-in": lambda caller, email: caller.log_in(email, "wrong password"),
        "reset": lambda caller, email: caller.post(
            "/accounts/password/reset/", {"email": email}
        ),
        "sign-up": lambda caller, email: caller.post(
            "/accounts/signup/", {"name": "N", "email": email, "password1": NEW}
        ),
    }
    for what, ask in questions.items():
        seconds: dict[str, list[float]] = {"known": [], "unknown": []}
        told: dict[str, set[tuple[object, ...]]] = {"known": set(), "unknown": set()}
        for number in range(ROUNDS):
            for kind, pattern in emails.items():
                email = pattern % number if "%" in pattern else pattern
                caller = site.somebody()
                caller.token()
                # Five resets an hour are allowed for an address; later ones are refused
                # alike.
                answer = ask(caller, email)
                seconds[kind].append(answer.seconds)
                length = len(answer.body.replace(email.encode(), b""))
                if number < 3:
                    told[kind].add((answer.status, answer.location, length))
        is_same = told["known"] == told["unknown"]
        ledger.tried(
            f"{what}, known and unknown", sorted(map(str, told["known"])), is_same
        )
        one, two = (statistics.median(seconds[kind]) for kind in emails)
        close = abs(one - two) < NOISE_SECONDS or max(one, two) < NOISE * min(one, two)
        ledger.tried(f"{what}, time", f"{one * 1e3:.0f} ms, {two * 1e3:.0f} ms", close)


# ── Sessions ─────────────────────────────────────────────────────────────────
def sessions(site: Site, ledger: Ledger) -> None:
    """Use stolen, ended and old sessions."""
    email = site.ours.cast.ben.user.email
    thief, owner = site.somebody(), site.somebody()
    for caller in (thief, owner):
        caller.log_in(email, _password())
    shown = owner.get("/accounts/sessions/")
    devices = re.findall(r"/accounts/sessions/([\w-]+)/end/", shown.text)
    key = thief.cookies["sessionid"]
    ledger.tried("the list of devices", f"{len(devices)} others", key not in shown.text)
    for device in devices:
        stranger = site.stranger.post(f"/accounts/sessions/{device}/end/")
        held = stranger.status in {302, 404} and thief.get("/").status == 200
        ledger.tried("a stranger ends somebody's session", stranger, held)
        break
    for device in devices:
        owner.post(f"/accounts/sessions/{device}/end/")
    answer = thief.get("/")
    ledger.tried("an ended session, the next request", answer, answer.status == 302)
    stolen = owner.twin()
    owner.post("/accounts/logout/")
    answer = stolen.get("/")
    ledger.tried("a copied cookie after log-out", answer, answer.status == 302)
    fixed = site.somebody()
    fixed.cookies["sessionid"] = "a" * 32
    fixed.log_in(email, _password())
    is_new = fixed.cookies["sessionid"] != "a" * 32
    ledger.tried("a session key set beforehand", "a new key at log-in", is_new)
    site.people["ben"] = fixed


# ── Invitations ──────────────────────────────────────────────────────────────
def invitations(site: Site, ledger: Ledger) -> None:
    """Use invitations twice, expired, withdrawn and guessed; and after a removal."""
    from reviewapp.core.models import Member
    from tests.factories import make_user

    dora = site.people["dora"]
    guests = {name: site.somebody(name) for name in ("Mallory", "Trudy")}
    for name, caller in guests.items():
        user = make_user(name)
        _verify(user)
        caller.log_in(user.email, _password())
    mallory, trudy = guests["Mallory"], guests["Trudy"]
    path = _invite(site, "mallory@example.org")
    used = mallory.post(path, {"role": "lead", "review": site.theirs.cast.review.code})
    role = Member.objects.filter(user__name="Mallory").values_list("role", flat=True)
    held = used.status == 302 and list(role) == ["reviewer"]
    ledger.tried("an invitation, with role=lead in the form", list(role), held)
    again = trudy.post(path)
    ledger.tried(
        "… used again by somebody else", again, again.status in {404, 409, 410}
    )
    nothing = trudy.post("/invitations/" + "a" * 43 + "/")
    same = (again.status, len(again.body)) == (nothing.status, len(nothing.body))
    ledger.tried("… and a token that never was", f"{nothing}, the same page", same)
    expired = trudy.post(f"/invitations/{site.ours.token}/")
    ledger.tried("an expired one", expired, expired.status == again.status)
    late = _invite(site, "trudy@example.org")
    page = dora.get(site.here("team/")).text
    for code in re.findall(r"/team/invitations?/([\w-]+)/", page):
        dora.post(site.here(f"team/invitations/{code}/withdraw/"))
    for action in re.findall(r'action="([^"]*withdraw[^"]*)"', page):
        dora.post(action)
    withdrawn = trudy.post(late)
    held = withdrawn.status == again.status
    ledger.tried("a withdrawn one", withdrawn, held)
    inside = mallory.get(site.here())
    found = Member.objects.get(user__name="Mallory", review=site.ours.cast.review)
    dora.post(site.here(f"team/{found.code}/remove/"))
    removed = mallory.get(site.here())
    held = inside.status == 200 and removed.status == 404
    ledger.tried("a member, right after being removed", removed, held)
    for path in ("team/", "records/", "flow.csv", "audit-log.csv"):
        answer = mallory.get(site.here(path))
        ledger.tried(f"… for {path}", answer, answer.status == 404)


def _verify(user: object) -> None:
    from allauth.account.models import EmailAddress

    email = user.email  # type: ignore[attr-defined]
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)


def _invite(site: Site, email: str) -> str:
    form = {"email": email, "role": "reviewer"}
    site.people["dora"].post(site.here("team/invite/"), form)
    found = re.search(r"https?://\S+(/invitations/\S+)", "\n".join(site.mails(email)))
    return found[1] if found else "/no-mail/"
