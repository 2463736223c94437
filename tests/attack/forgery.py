"""Requests that another site sends in a user's name, and disguised methods."""

from __future__ import annotations

import json
import uuid

from tests.attack.ledger import Ledger
from tests.attack.site import Site
from tests.attack.tenants import VOTE, of_reviews
from tests.blinding import addresses

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FOREIGN = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}


def _events() -> int:
    from reviewapp.core.models import Event

    return Event.objects.count()


def forged(site: Site, ledger: Ledger) -> None:
    """Send every POST without the token, and from another origin."""
    dora = site.people["dora"]
    before = _events()
    for address, row in of_reviews():
        if not row.post:
            continue
        url = addresses.url(address, site.ours.args, row)
        form, body = FORM, b"title=Forged"
        if url.startswith("/api/"):
            form, body = {"Content-Type": "application/json"}, json.dumps(VOTE).encode()
        bare = dora.send("POST", url, body, form)
        token = {"X-CSRFToken": dora.token()}
        foreign = dora.send("POST", url, body, {**form, **token, **FOREIGN})
        wrong = dora.send("POST", url, body, {**form, "X-CSRFToken": "a" * 32})
        told = f"{bare.status} without token, {foreign.status} from another origin, {wrong.status} with a wrong one"
        held = {bare.status, foreign.status, wrong.status} <= {403, 404}
        ledger.tried(f"forged POST {url}", told, held)
    for path in ("/accounts/logout/", "/accounts/delete/", "/reviews/new/"):
        answer = dora.send("POST", path, b"title=Forged", {**FORM, **FOREIGN})
        ledger.tried(f"forged POST {path}", answer, answer.status == 403)
    came = dora.get("/accounts/logout/")
    ledger.tried("log-out by GET (an image on another site)", came, came.status == 200)
    still = dora.get(site.here())
    ledger.tried("… and whether it logged out", still, still.status == 200)
    told = f"{_events() - before} new events"
    ledger.tried("what all forged requests changed", told, _events() == before)


def methods(site: Site, ledger: Ledger) -> None:
    """Send TRACE, OPTIONS, HEAD, PUT, and POST disguised as GET."""
    dora, before = site.people["dora"], _events()
    for path in (site.here(), "/accounts/login/", "/api/v1/reviews/"):
        trace = dora.send("TRACE", path, headers={"X-Secret": "echo-7319"})
        held = 0 < trace.status < 500 and b"echo-7319" not in trace.body
        ledger.tried(f"TRACE {path}", trace, held)
    for method in ("PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "ABC"):
        # With the token, so that the method is the reason for the refusal.
        token = {**FORM, "X-CSRFToken": dora.token()}
        answer = dora.send(method, site.here("title/"), b"title=Forged", token)
        held = answer.status in {400, 405, 501}
        ledger.tried(f"{method} {site.here('title/')}", answer, held)
    _verbs_of_the_api(site, ledger)
    stranger = site.stranger
    for method in ("HEAD", "OPTIONS"):
        answer = stranger.send(method, site.here("team/"))
        ledger.tried(f"a stranger's {method}", answer, answer.status in {403, 404, 405})
    head, page = (dora.send(m, site.here("team/")) for m in ("HEAD", "GET"))
    is_same = head.status == page.status == 200 and not head.body
    ledger.tried("HEAD like GET, without a body", f"{head}, {page}", is_same)
    url = site.here("title/")
    override = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST"}
    answer = dora.send("GET", f"{url}?_method=POST&title=Forged", headers=override)
    ledger.tried("GET that says it is a POST", answer, answer.status == 200)
    answer = site.people["ada"].post(url, {"_method": "GET", "title": "Forged"})
    ledger.tried(
        "a reviewer's POST that says it is a GET", answer, answer.status == 403
    )
    told = f"{_events() - before} new events"
    ledger.tried("what the methods changed", told, _events() == before)


def _verbs_of_the_api(site: Site, ledger: Ledger) -> None:
    """Send PATCH, PUT and DELETE to every operation; none of them exists."""
    dora = site.people["dora"]
    token = {"Content-Type": "application/json", "X-CSRFToken": dora.token()}
    stuffed = json.dumps({**VOTE, "role": "lead", "audience": 2}).encode()
    for address, row in of_reviews():
        url = addresses.url(address, site.ours.args, row)
        if not url.startswith("/api/"):
            continue
        came = [
            dora.send(method, url, stuffed, token)
            for method in ("PATCH", "PUT", "DELETE")
        ]
        told = ", ".join(str(answer.status) for answer in came)
        held = all(answer.status == 405 for answer in came)
        ledger.tried(f"PATCH, PUT, DELETE {url}", told, held)


def foreign_keys(site: Site, ledger: Ledger) -> None:
    """Use the key of a request that someone else has already sent."""
    key = str(uuid.uuid4())
    ada, ben = site.people["ada"], site.people["ben"]
    url = site.here(f"rounds/{site.ours.shared[5]}/vote/").replace(
        "/r/", "/api/v1/reviews/"
    )
    first = ada.post_json(url, {"verdict": "include", "key": key})
    again = ada.post_json(url, {"verdict": "include", "key": key})
    ledger.tried("one's own key again", again, again.body == first.body)
    other = ben.post_json(url, {"verdict": "exclude", "key": key})
    held = other.status in {200, 409} and b"include" not in other.body
    ledger.tried("another's key for the same round", other.text, held)
    mine = ben.get(url.replace(f"rounds/{site.ours.shared[5]}/vote/", _votes(site)))
    held = mine.status == 200 and "include" not in _own(mine.text, site.ours.shared[5])
    ledger.tried("… and what the other one has said then", mine, held)
    stranger = site.stranger.post_json(url, {**VOTE, "key": key})
    ledger.tried("a stranger with the key", stranger, stranger.status == 404)


def _votes(site: Site) -> str:
    return f"stages/{site.ours.title.code}/votes/"


def _own(text: str, round_code: str) -> str:
    return str([v for v in json.loads(text)["votes"] if v["round"] == round_code])
