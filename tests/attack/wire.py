"""Headers, cookies, paths, hosts, errors and limits."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.attack.caller import Answer, Caller
from tests.attack.ledger import Ledger
from tests.attack.people import _link
from tests.attack.site import Site
from tests.run import PRODUCTION

ROOT = Path(__file__).resolve().parents[2]
WANTED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
POLICY = (
    *("default-src 'none'", "object-src 'none'", "base-uri 'none'"),
    *("frame-ancestors 'none'", "form-action 'self'", "script-src 'self'"),
)
# The directory of this program and its parent, which no answer may contain.
AROUND = ROOT.parent if ROOT.parent.name else ROOT
INSIDES = re.compile(
    r"Traceback|django|gunicorn|psycopg|postgres|site-packages|\.py\b|SECRET|"
    r"Exception|valkey|redis|" + re.escape(f"{AROUND}/"),
    re.IGNORECASE,
)


def faults(answer: Answer) -> list[str]:
    """Return what is wrong with the headers of an answer."""
    has = answer.headers
    wrong = [
        f"{name}: {has.get(name)}" for name in WANTED if has.get(name) != WANTED[name]
    ]
    policy = has.get("content-security-policy", "")
    if "sandbox" not in policy:
        wrong += [directive for directive in POLICY if directive not in policy]
    wrong += [word for word in ("unsafe", "*", "http:") if word in policy]
    wrong += [name for name in ("x-powered-by", "via") if name in has]
    wrong += [name for name in has if name.startswith("access-control-")]
    if re.search(r"\d", has.get("server", "")):
        wrong.append(f"server: {has['server']}")
    return wrong


def headers(site: Site, ledger: Ledger) -> None:
    """Check headers of pages, files, errors and redirects; cookies; TLS settings."""
    from tests.blinding.capture import first_urls

    dora, nobody = site.people["dora"], site.somebody()
    urls = dict.fromkeys(first_urls(site.ours))
    wrong = {url: found for url in urls if (found := faults(dora.get(url)))}
    told = wrong or f"{len(urls)} answers"
    ledger.tried("headers of every page and file", told, not wrong)
    for path in (
        *("/accounts/login/", "/nothing/", "/healthz", "/readyz", "/api/v1/schema/"),
        *("/api/v1/reviews/", "/api/v1/reviews/x/flow/", "/static/nothing.css"),
        *("/accounts/logout/", "/accounts/password/reset/key/1-x/", "/%ff"),
    ):
        answer = nobody.get(path)
        found = faults(answer)
        ledger.tried(f"headers of {path}", found or answer, not found)
    _cookies(site, ledger)
    _behind_tls(ledger)
    cached = dora.get(site.here()).headers
    held = cached.get("cache-control") == "private, no-store" and "etag" not in cached
    ledger.tried("a member's page in caches", cached.get("cache-control"), held)


def _cookies(site: Site, ledger: Ledger) -> None:
    from tests.factories import PASSWORD

    caller = site.somebody()
    page = caller.get("/accounts/login/")
    answer = caller.log_in(site.ours.cast.olaf.user.email, PASSWORD)
    for cookie in (*page.cookies, *answer.cookies):
        held = "httponly" in cookie.lower() and "samesite=lax" in cookie.lower()
        ledger.tried("a cookie", re.sub(r"=[^;]+", "=…", cookie, count=1), held)


ASK = """
import json
import django
django.setup()
from django.test import Client
answer = Client().get("/healthz", headers={"X-Forwarded-Proto": "https"})
again = Client().get("/accounts/login/", headers={"X-Forwarded-Proto": "http"})
print(json.dumps([dict(answer.headers), again.status_code, again.get("Location", "")]))
"""


def _behind_tls(ledger: Ledger) -> None:
    """Start another process with the settings of a server behind a proxy with TLS."""
    environment = {"PATH": os.environ["PATH"], **PRODUCTION, "BEHIND_PROXY": "1"}
    environment["DJANGO_SETTINGS_MODULE"] = "reviewapp.settings"
    environment["ALLOWED_HOSTS"] = "testserver"
    command = [sys.executable, "-W", "ignore", "-c", ASK]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        ledger.tried("behind TLS", done.stderr[-200:], held=False)
        return
    found, status, location = json.loads(done.stdout.splitlines()[-1])
    hsts = found.get("Strict-Transport-Security", "none")
    seconds = int((re.search(r"max-age=(\d+)", hsts) or ["", "0"])[1])
    ledger.tried("HSTS behind TLS", hsts, seconds >= 31_536_000)
    held = status == 301 and location.startswith("https://")
    ledger.tried("http behind TLS", f"{status} to {location}", held)


# ── Paths and hosts ──────────────────────────────────────────────────────────
ABSENT = (
    *("/admin/", "/admin/login/", "/django-admin/", "/__debug__/", "/styleguide/"),
    *("/.git/config", "/.env", "/settings.py", "/manage.py", "/state.json"),
    *("/metrics", "/server-status", "/debug/", "/graphql", "/phpinfo.php"),
    *("/files/", "/media/", "/mail/", "/static/", "/api/", "/api/v1/"),
    *("/api-auth/login/", "/api/v1/docs/", "/swagger/", "/robots.txt~"),
)
TRICKS = (
    *("/static/../reviewapp/settings.py", "/static/%2e%2e/reviewapp/settings.py"),
    *("/static/..%2f..%2fetc/passwd", "/static//etc/passwd", "/static/%00"),
    *("/static/css/%2e%2e/%2e%2e/manage.py", "/static/....//manage.py"),
    *("/..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/\\..\\manage.py"),
    *("//etc/passwd", "/;/admin/", "/%2fadmin", "/accounts/login/..;/admin/"),
)


def paths(site: Site, ledger: Ledger) -> None:
    """Request missing pages, paths around checks, and other host names."""
    nobody, stranger = site.somebody(), site.stranger
    for path in ABSENT:
        answer = stranger.get(path)
        ledger.tried(f"GET {path}", answer, answer.status == 404)
    for path in TRICKS:
        answer = nobody.get(path)
        is_told = re.search(rb"root:x:0|SECRET_KEY|DJANGO_SETTINGS", answer.body)
        held = answer.status in {301, 302, 400, 404} and not is_told
        held = held and "etc" not in answer.location.partition("?")[0]
        ledger.tried(f"GET {path}", answer, held)
    code = site.ours.cast.review.code
    for path in (
        *(f"/r/{code}/;/team/", f"//r/{code}/team/", f"/r//{code}/team/"),
        *(f"/R/{code}/team/", f"/r/{code.upper()}/team/", f"/r/{code}%00/team/"),
        *(f"/r/{code}/./team/", f"/r/x/../{code}/team/", f"/r/{code}%2fteam/"),
        *(f"/r/{code}/team;.css", f"/r/{code}/team/.css", f"/r/%C4%B1{code}/team/"),
        *(f"/r/{code}/team/%20", f"/r/{code}/team/?x=/static/", f"/%72/{code}/team/"),
    ):
        answer = stranger.get(path)
        title = site.ours.cast.review.title.encode()
        held = answer.status in {301, 302, 400, 404} and title not in answer.body
        held = held and not answer.location.startswith("//")
        ledger.tried(f"a stranger's GET {path}", answer, held)
    _hosts(site, ledger)


def _hosts(site: Site, ledger: Ledger) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:80", "a b"):
        answer = site.somebody().send("GET", "/accounts/login/", headers={"Host": host})
        held = answer.status == 400 and b"evil" not in answer.body
        ledger.tried(f"Host: {host}", answer, held)
    caller = site.somebody()
    answer = caller.get("/accounts/login/", X_Forwarded_Host="evil.example")
    held = answer.status == 200 and "evil" not in answer.text
    ledger.tried("X-Forwarded-Host", answer, held)
    email = site.ours.cast.cleo.user.email
    named = {"X_Forwarded_Host": "evil.example", "Host": f"localhost:{site.port}"}
    caller.token()
    caller.post("/accounts/password/reset/", {"email": email}, **named)
    link = _link("\n".join(site.mails(email)))
    held = link.startswith(site.instance.url + "/")
    ledger.tried("the link of a mail asked for with another host", link[:40], held)


# ── Errors ───────────────────────────────────────────────────────────────────
LONG_NAME = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="'
    + b"n" * 5000
    + b'"\r\n\r\nx\r\n--x--\r\n'
)
QUERIES = (
    *("q=%00", "q=%ff", "after=%00", "after=%ff%fe", "after=x", "after=-1"),
    *("page=-1", "page=99999999999999999999", "state=%00", "stage=%00", "sort='"),
    *("q='--", "q=%25%25%25", "words=%00", "source=%00", "kind=%00", "who=%00"),
    *("since=x", "until=9999-99-99", "from=%00", "q=" + "a" * 6000, "a[]=1&a=2"),
    *("as=%00", "outcome=%00", "year=x", "field=%00&value=%00", "before=x", "arm=x"),
)
LISTS = (
    *("records:list", "reports:reports", "review:audit_log", "records:sources"),
    *("duplicates:merges", "duplicates:answers", "flow:flow", "flow:export_list"),
    *("flow:export_file", "flow:records_csv", "reports:studies", "reports:other"),
    *("decisions:decisions", "decisions:mine", "conflicts:resolved", "flow:box"),
    *("charting:studies", "charting:cross", "charting:results", "review:audit_log_csv"),
    *(
        "conflicts:conflicts",
        "imports:skipped_entries",
        "decisions:screen",
        "imports:import",
    ),
)


def errors(site: Site, ledger: Ledger) -> None:
    """Check that errors have a message and no internal details."""
    from tests.blinding import addresses
    from tests.blinding.matrix import BY_NAME

    dora, code = site.people["dora"], site.ours.cast.review.code
    api = f"/api/v1/reviews/{code}"
    vote = f"{api}/rounds/{site.ours.shared[5]}/vote/"
    json_kind = {"Content-Type": "application/json"}
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    tries = {
        "no page": ("GET", "/nothing/", b"", {}),
        "bad UTF-8 in a path": ("GET", "/%ff%fe/", b"", {}),
        "a path of 7 000 letters": ("GET", "/" + "a" * 7000, b"", {}),
        "a line of 20 000 letters": ("GET", "/" + "a" * 20_000, b"", {}),
        "headers of 20 000 letters": ("GET", "/", b"", {"X-Long": "a" * 20_000}),
        "bad JSON": ("POST", vote, b'{"verdict": ', json_kind),
        "deep JSON": ("POST", vote, b"[" * 100_000, json_kind),
        "JSON of another shape": ("POST", vote, b'[1, "a", null]', json_kind),
        "NUL in JSON": ("POST", vote, b'{"verdict": "a\\u0000b", "key": 1}', json_kind),
        "NUL in a note": ("POST", vote, _note("a\0b"), json_kind),
        "half a surrogate": ("POST", vote, _note("\ud800"), json_kind),
        "another type": ("POST", vote, b"<a/>", {"Content-Type": "text/xml"}),
        "no type": ("POST", vote, b"x", {"Content-Type": ""}),
        "a form to no page, with a name too long": ("POST", "/nothing/", LONG_NAME, form),
        "a broken form": ("POST", site.here("title/"), b"--x\r\nnonsense", form),
        "a form too large": ("POST", site.here("title/"), b"title=" + b"a" * 11_000_000, {"Content-Type": "application/x-www-form-urlencoded"}),
        "2 000 fields": ("POST", site.here("title/"), b"&".join(b"a%d=1" % n for n in range(2000)), {"Content-Type": "application/x-www-form-urlencoded"}),
        "NUL in a title": ("POST", site.here("title/"), b"title=a%00b", {"Content-Type": "application/x-www-form-urlencoded"}),
        "an unknown charset": ("POST", site.here("title/"), b"title=a", {"Content-Type": "application/x-www-form-urlencoded; charset=x-evil"}),
        "a cookie of nonsense": ("GET", "/accounts/login/", b"", {"Cookie": "sessionid=\x01'\"; csrftoken=%00"}),
    }  # fmt: skip
    for what, (method, path, body, extra) in tries.items():
        token = {"X-CSRFToken": dora.token()} if method == "POST" else {}
        answer = dora.twin().send(method, path, body, {**token, **extra})
        _told(ledger, what, answer)
    for address in addresses.every():
        if address.name not in LISTS:
            continue
        path = addresses.url(address, site.ours.args, BY_NAME[address.name])
        came = [dora.get(f"{path}?{query}") for query in QUERIES]
        bad = [
            f"?{query[:30]}: {answer}"
            for query, answer in zip(QUERIES, came, strict=True)
            if answer.status >= 500
            or not answer.status
            or INSIDES.search(_said(answer))
        ]
        told = bad or f"{sorted({answer.status for answer in came})}"
        ledger.tried(f"{path} with {len(QUERIES)} odd questions", told, not bad)
    for path in (f"{api}/export/", f"{api}/stages/x/next/", f"{api}/export/?as=%00"):
        _told(ledger, f"GET {path}", dora.get(path))


def _note(text: str) -> bytes:
    key = "00000000-0000-0000-0000-000000000009"
    return json.dumps({"verdict": "include", "key": key, "note": text}).encode()


def _said(answer: Answer) -> str:
    """Return internal details in an error message."""
    return answer.text if answer.status >= 400 else ""


def _told(ledger: Ledger, what: str, answer: Answer) -> None:
    # A server may close the connection for an extreme request, but it must not fail.
    is_answered = answer.status < 500 and (answer.status or "too l" in what)
    inside = INSIDES.search(_said(answer))
    told = f"{answer}, says {inside[0]!r}" if inside else answer
    ledger.tried(f"error: {what}", told, bool(is_answered) and not inside)


# ── Limits ───────────────────────────────────────────────────────────────────
def limits(site: Site, ledger: Ledger) -> None:
    """Set a member's counter in Redis to its limit; the next request is above it.

    Sending 1,200 requests would prove nothing more and take a minute.
    """
    from django.conf import settings

    olaf = site.people["olaf"]
    member = str(site.ours.cast.olaf.pk)
    api = f"/api/v1/reviews/{site.ours.cast.review.code}/flow/"
    for kind, url in (
        ("api", api),
        ("export", site.here("audit-log.csv")),
        ("search", site.here("records/?q=peer")),
    ):
        before = olaf.get(url)
        rate = settings.RATE_LIMITS[kind]["member"]
        _use_up(kind, member, rate)
        over = olaf.get(url)
        wait = over.headers.get("retry-after", "")
        held = before.status == 200 and over.status == 429 and wait.isdigit()
        told = f"{before.status}, then {over.status}, Retry-After {wait}"
        ledger.tried(f"{kind}: more than {rate}", told, held and int(wait) > 0)
    ben = site.people["ben"].get(api)
    ledger.tried("… and another member meanwhile", ben, ben.status == 200)
    _guess_own_password(site, ledger)


def _use_up(kind: str, who: str, rate: str) -> None:
    """Fill this window and the next one, in case it starts in between."""
    import time
    from unittest import mock

    from reviewapp.core import limits as counted
    from reviewapp.core.refusals import TooMany

    amount, unit = rate.split("/")
    for ahead in (0, counted.SECONDS[unit]):
        moment = time.time() + ahead
        with mock.patch.object(counted.time, "time", lambda at=moment: at):
            for _ in range(int(amount)):
                try:
                    counted.count_use(kind, "member", who)
                except TooMany:
                    break


def _guess_own_password(site: Site, ledger: Ledger) -> None:
    caller: Caller = site.people["olaf"]
    said = [
        caller.post("/accounts/delete/", {"password": f"wrong {n}"}) for n in range(7)
    ]
    held = said[-1].status == 429 and "retry-after" in said[-1].headers
    told = ", ".join(str(answer.status) for answer in said)
    ledger.tried("guessing the password at a device that was left open", told, held)
