"""Attacks through caches, other origins, slow senders, costly searches, and GET."""

from __future__ import annotations

import contextlib
import socket
import time
from urllib.parse import quote

from tests.attack.caller import Answer
from tests.attack.ledger import Ledger
from tests.attack.site import Site

EVIL = "https://evil.example"


def caches(site: Site, ledger: Ledger) -> None:
    """Check that caches keep nothing of a review, and that GET changes nothing."""
    from tests.attack.stuffing import _of
    from tests.blinding.capture import first_urls

    dora, kept, shown = site.people["dora"], {}, 0
    before = _of(site.ours.cast.review.pk)
    for url in dict.fromkeys(first_urls(site.ours)):
        answer = dora.get(url)
        shown += answer.status == 200
        is_private = "no-store" in answer.headers.get("cache-control", "")
        if not is_private or {"etag", "last-modified"} & set(answer.headers):
            kept[url] = answer.headers.get("cache-control")
    ledger.tried(
        "what a cache may keep", kept or f"{shown} shown", not kept and shown > 0
    )
    same = _of(site.ours.cast.review.pk) == before
    ledger.tried("what all these GETs changed", "nothing" if same else "rows", same)
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        answer = site.somebody().get(path)
        told = answer.headers.get("cache-control", "none")
        ledger.tried(
            f"{path} in caches", told, "no-store" in told or "no-cache" in told
        )
    deceived = dora.get(site.here("team/style.css"))
    ledger.tried(
        "a page that looks like a style sheet", deceived, deceived.status == 404
    )


def origins(site: Site, ledger: Ledger) -> None:
    """Use scripts and frames of another site with the cookies of a member."""
    dora, api = site.people["dora"], f"/api/v1/reviews/{site.ours.cast.review.code}"
    for path in (
        site.here(),
        f"{api}/flow/",
        site.here("audit-log.csv"),
        "/accounts/login/",
    ):
        for origin in (EVIL, "null"):
            answer = dora.send("GET", path, headers={"Origin": origin})
            ledger.tried(f"{origin} reads {path}", answer, _keeps_to_itself(answer))
        asks = {"Origin": EVIL, "Access-Control-Request-Method": "POST"}
        answer = dora.send("OPTIONS", path, headers=asks)
        ledger.tried(
            f"{EVIL} asks before a POST {path}", answer, _keeps_to_itself(answer)
        )
        framed = answer.headers.get("x-frame-options"), dora.get(path).headers
        held = "frame-ancestors 'none'" in framed[1].get("content-security-policy", "")
        held = held or "sandbox" in framed[1].get("content-security-policy", "")
        ledger.tried(f"{path} in another's frame", framed[0], held)
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        # Content types that a form of another site can send without a preflight
        # request.
        answer = dora.send(
            "POST",
            f"{api}/rounds/{site.ours.shared[5]}/vote/",
            b'{"verdict": "include", "key": "00000000-0000-0000-0000-000000000004"}',
            {"Content-Type": kind, "Origin": EVIL, "X-CSRFToken": dora.token()},
        )
        ledger.tried(f"a vote as {kind}", answer, answer.status in {403, 415})


def _keeps_to_itself(answer: Answer) -> bool:
    allowing = [name for name in answer.headers if name.startswith("access-control-")]
    return not allowing and EVIL not in answer.location


# ── Slow senders ─────────────────────────────────────────────────────────────
HALVES = 24
PATIENCE = 45.0


def slow(site: Site, ledger: Ledger) -> None:
    """Open more unfinished requests than the server has threads; request a page."""
    heads = {
        "half a head": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ",
        "half a body": b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 1000\r\n\r\nlogin=",
        "nothing at all": b"",
    }
    for what, sent in heads.items():
        with contextlib.ExitStack() as lines:
            for _ in range(HALVES):
                line = lines.enter_context(
                    socket.create_connection(("127.0.0.1", site.port))
                )
                line.sendall(sent)
            time.sleep(0.5)
            began = time.monotonic()
            answers = [site.somebody().get("/accounts/login/") for _ in range(4)]
            seconds = time.monotonic() - began
        held = all(answer.status == 200 for answer in answers) and seconds < PATIENCE
        ledger.tried(f"{HALVES} senders of {what}", f"{seconds:.1f} s later", held)


# ── Costly questions ─────────────────────────────────────────────────────────
COSTLY = (
    *("(a+)+$" * 40, "((((((((((" * 60, "a" * 1500, "%" * 700, "_%" * 400),
    *("* " * 400, '"' * 500, "a & b | !c " * 80, "a OR " * 250, "-" * 900),
    *("[[:alpha:]]{1,999}" * 9, "\\" * 600, "é̂" * 300, "' || pg_sleep(9) --"),
    *("1e999999", "NaN", "&#0;" * 100, "\u202e" * 200, "a\u0000"[:1] * 2000),
)
SECONDS = 4.0


def questions(site: Site, ledger: Ledger) -> None:
    """Send searches that are meant to be slow, to every search."""
    dora = site.people["dora"]
    source = site.ours.args["source"]
    for path in (
        *("records/?q=", "reports/?words=", "studies/?q=", "audit-log/?subject="),
        *(
            "export/list/?source=",
            "duplicates/merges/?q=",
            f"records/?source={source}&q=",
        ),
    ):
        slowest, bad = 0.0, []
        for query in COSTLY:
            answer = dora.get(site.here(path + quote(query)))
            slowest = max(slowest, answer.seconds)
            if answer.status >= 500 or not answer.status or answer.seconds > SECONDS:
                bad.append(f"{query[:20]}: {answer}, {answer.seconds:.1f} s")
        told = bad or f"{len(COSTLY)} questions, {slowest:.2f} s at most"
        ledger.tried(f"{path}…", told, not bad)
