"""Headers, forms, links and settings against attacks from the internet."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from reviewapp.core.models import Member
from reviewapp.core.services import team
from tests.conftest import Cast
from tests.factories import NOW, PASSWORD
from tests.run import PRODUCTION

ClientOf = Callable[[Member | None], Client]
ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("reviewapp", "screening", "charting")


def settings_as(environment: dict[str, str], ask: str) -> str:
    """Return values of the settings in a process with this environment."""
    code = f"from reviewapp import settings as s; print({ask})"
    known = {"PATH": os.environ["PATH"], **environment}
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(
        command, cwd=ROOT, env=known, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


# ── Settings ─────────────────────────────────────────────────────────────────
def test_the_settings_of_a_server_pass_djangos_deployment_checks() -> None:
    command = [sys.executable, "-W", "ignore", "manage.py", "check", "--deploy"]
    done = subprocess.run(
        [*command, "--fail-level", "WARNING"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **PRODUCTION},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "0 silenced" in done.stdout


def test_a_server_without_a_secret_of_its_own_fails_the_checks() -> None:
    known = {"PATH": os.environ["PATH"], **PRODUCTION, "SECRET_KEY": ""}
    del known["SECRET_KEY"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "check", "--deploy"],
        cwd=ROOT,
        env=known,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr


def test_behind_tls_cookies_are_bound_to_the_host_and_hsts_lasts_a_year() -> None:
    ask = (
        "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, "
        "s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS"
    )
    found = settings_as({**PRODUCTION}, ask)
    wanted = ("__Host-sessionid", "__Host-csrftoken", True, True, 31_536_000, True)
    assert found == " ".join(map(str, wanted))


def test_a_proxy_is_believed_only_when_there_is_one() -> None:
    ask = "s.ALLAUTH_TRUSTED_PROXY_COUNT, getattr(s, 'SECURE_PROXY_SSL_HEADER', None)"
    assert settings_as({**PRODUCTION}, ask) == "0 None"
    found = settings_as({**PRODUCTION, "BEHIND_PROXY": "1"}, ask)
    assert found == "1 ('HTTP_X_FORWARDED_PROTO', 'https')"


def test_sign_up_verifies_addresses_where_mail_can_be_sent() -> None:
    ask = "s.ACCOUNT_EMAIL_VERIFICATION"
    assert settings_as({**PRODUCTION}, ask) == "optional"
    mail = {**PRODUCTION, "EMAIL_URL": "smtp://mail.example.org"}
    assert settings_as(mail, ask) == "mandatory"


def test_sign_up_is_open_only_where_it_reveals_no_accounts() -> None:
    mail = {"EMAIL_URL": "smtp://mail.example.org"}
    here = {"SITE_URL": "http://127.0.0.1:8000"}
    found = [
        settings_as({**PRODUCTION, **more}, "s.SIGN_UP") for more in ({}, mail, here)
    ]
    assert found == ["invited", "open", "open"]
    unverified = {**mail, "EMAIL_VERIFICATION": "optional"}
    assert settings_as({**PRODUCTION, **unverified}, "s.SIGN_UP") == "invited"


SECRET = re.compile(
    r"(?i)^\s*[\"']?\w*(secret|password|token|api_?key)\w*[\"']?\s*[:=]\s*"
    r"[\"'][A-Za-z0-9+/=_-]{16,}[\"']"
)


def test_no_secret_is_written_into_the_program() -> None:
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, text in sources()
        for number, line in enumerate(text.splitlines(), 1)
        if SECRET.match(line) and "insecure-only-for-commands" not in line
    ]
    assert found == []


# ── Headers ──────────────────────────────────────────────────────────────────
PATHS = ["/", "/accounts/login/", "/nothing/", "/healthz", "/api/v1/reviews/"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["ada", None])
def test_every_answer_has_the_headers(
    cast: Cast, client_of: ClientOf, path: str, who: str | None
) -> None:
    answer = client_of(cast.ada if who else None).get(path)
    policy = answer["Content-Security-Policy"]
    for directive in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ):
        assert directive in policy, (path, directive)
    assert "unsafe" not in policy
    assert "*" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in answer
    assert "Server" not in answer
    assert "X-Powered-By" not in answer


def test_hsts_is_sent_over_tls(db: None, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    answer = Client().get("/accounts/login/", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_cookies_are_for_the_server_and_for_this_site_only(cast: Cast) -> None:
    client = Client()
    client.get("/accounts/login/")
    form = {"login": "ada@example.org", "password": PASSWORD}
    client.post("/accounts/login/", form)
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name


def test_pages_are_not_cached(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.ada).get(f"/r/{cast.review.code}/")
    assert answer["Cache-Control"] == "private, no-store"


# ── No requests to or from third parties ─────────────────────────────────────
class _Sources(HTMLParser):
    """A parser that collects the addresses a page fetches and its inline code."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.inline: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        for name in ("src", "srcset", "data", "poster", "action", "formaction"):
            self.fetched += [has[name]] if has.get(name) else []
        if tag in {"link", "use", "image"}:
            self.fetched += [has[n] for n in ("href", "xlink:href") if has.get(n)]
        self.inline += [name for name in has if name.startswith("on")]
        self.inline += ["style"] if "style" in has else []
        self.inline += ["javascript:"] if "javascript:" in str(has).lower() else []
        self._in_script = tag == "script" and "src" not in has
        if tag == "script" and has.get("type") in {"application/json", "importmap"}:
            self._in_script = False
        self.inline += ["style element"] if tag == "style" else []

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.inline.append("script")
        self._in_script = False


def pages(cast: Cast) -> Iterator[str]:
    """Return the pages of a visitor and a lead; tests/blinding has all roles."""
    yield from ("/", "/reviews/new/", "/accounts/email/", "/accounts/password/change/")
    yield from ("/accounts/2fa/", "/accounts/sessions/", "/accounts/data/")
    yield from ("/accounts/delete/", "/nothing/")
    here = f"/r/{cast.review.code}/"
    for path in (
        "",
        "title/",
        "settings/",
        "settings/delete/",
        "team/",
        "team/invite/",
        "protocol/",
    ):
        yield here + path
    for path in ("protocol/edit/", "audit-log/", "sources/", "records/", "reports/"):
        yield here + path
    for path in ("stages/", "flow/", "export/", "duplicates/", "conflicts/"):
        yield here + path
    yield f"{here}charting/"


def test_no_page_fetches_anything_from_anybody_else(
    cast: Cast, client_of: ClientOf
) -> None:
    shown = 0
    strangers = [(Client(), "/accounts/login/"), (Client(), "/accounts/signup/")]
    everybody = [*strangers, *((client_of(cast.dora), path) for path in pages(cast))]
    for client, path in everybody:
        answer = client.get(path)
        shown += answer.status_code == 200
        parser = _Sources()
        parser.feed(answer.content.decode())
        for url in parser.fetched:
            parts = urlsplit(url)
            assert parts.netloc in {"", "testserver"}, (path, url)
            assert parts.scheme in {"", "http", "data"}, (path, url)
        assert parser.inline == [], (path, parser.inline)
    assert shown >= 20


def test_no_style_sheet_or_script_names_another_host() -> None:
    hosts = re.compile(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)
    fetching = re.compile(r"(@import|url\(|fetch\(|import\(|\bfrom\s+[\"'])")
    for path in sorted((ROOT / "static").rglob("*")):
        if path.suffix not in {".css", ".js", ".mjs"} or "vendor" in path.parts:
            continue
        for line in path.read_text("utf-8").splitlines():
            if fetching.search(line):
                assert not hosts.search(line), f"{path.name}: {line.strip()}"


# module → which names of it, and why. No other module connects to other hosts.
MAY_CONNECT = {
    "reviewapp/launcher/container.py": "asks its own web process how it is",
    "reviewapp/launcher/supervisor.py": "asks its own web process how it is",
    "reviewapp/launcher/addresses.py": "looks for a free port",
    "reviewapp/launcher/webworker.py": "says how long it waits for who has called",
    "reviewapp/launcher/valkey.py": "asks the server that it started how it is",
    "reviewapp/health.py": "asks the broker how it is",
}
CONNECTING = {
    *("requests", "httpx", "aiohttp", "urllib3", "pycurl", "websockets", "websocket"),
    *("urllib.request", "http.client", "ftplib", "smtplib", "telnetlib", "xmlrpc"),
    *("socket", "asyncio", "paramiko", "redis", "boto3", "botocore", "imaplib"),
}


def sources() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def _imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
    return found


def _connects(name: str) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in CONNECTING)


def test_no_module_sends_requests_to_other_machines() -> None:
    """Request forgery (SSRF) is not possible: addresses in records are only text."""
    found = {
        name: sorted(filter(_connects, _imported(ast.parse(text))))
        for name, text in sources()
    }
    found = {name: names for name, names in found.items() if names}
    # Only its exceptions; Django's backend connects to REDIS_URL.
    assert found.pop("reviewapp/core/counters.py") == [
        "redis.exceptions",
        "redis.exceptions.RedisError",
    ]
    assert set(found) == set(MAY_CONNECT), found


LATER = NOW + timedelta(days=3650)


# ── Redirects ────────────────────────────────────────────────────────────────
ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "http://testserver@evil.example/",
    "\t//evil.example",
]


@pytest.mark.parametrize("where", ELSEWHERE)
def test_logging_in_never_leads_elsewhere(cast: Cast, where: str) -> None:
    form = {"login": "ada@example.org", "password": PASSWORD, "next": where}
    answer = Client().post(f"/accounts/login/?next={where}", form)
    assert answer.status_code == 302
    parts = urlsplit(answer["Location"])
    assert (parts.scheme, parts.netloc) == ("", "")
    assert answer["Location"] == "/"


@pytest.mark.parametrize("where", ELSEWHERE)
def test_logging_out_never_leads_elsewhere(
    cast: Cast, client_of: ClientOf, where: str
) -> None:
    answer = client_of(cast.ada).post("/accounts/logout/", {"next": where})
    assert urlsplit(answer["Location"]).netloc == ""
    assert "evil" not in answer["Location"]


def test_an_invitation_leads_nowhere_else(cast: Cast, client_of: ClientOf) -> None:
    _, token = team.invite_member(
        actor=cast.dora, email="n@x.org", role="reviewer", now=LATER
    )
    answer = client_of(cast.eve).post(
        f"/invitations/{token}/?next=https://evil.example", {"next": "//evil.example"}
    )
    assert answer["Location"] == f"/r/{cast.review.code}/"
