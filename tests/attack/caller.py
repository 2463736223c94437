"""An HTTP client for attacks: exact paths, exact headers, cookies kept."""

from __future__ import annotations

import http.client
import io
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TIMEOUT = 60
BOUNDARY = "attack-7319"
Files = Sequence[tuple[str, str, bytes]]


@dataclass(frozen=True)
class Answer:
    """A response. ``status`` 0: none; the connection was closed or timed out."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    cookies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def location(self) -> str:
        return self.headers.get("location", "")

    def __str__(self) -> str:
        to = f" to {self.location}" if self.location else ""
        return f"{self.status}{to}" if self.status else f"no answer ({self.text})"


@dataclass
class Caller:
    """A client without the rules of browsers. ``ip`` is its loopback address."""

    port: int
    name: str = "anonymous"
    ip: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)
    _line: http.client.HTTPConnection | None = None

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request; reopen a connection that the server has closed."""
        for is_last in (False, True):
            began = time.monotonic()
            try:
                return self._send(method, path, body, dict(headers or {}))
            except (OSError, http.client.HTTPException) as error:
                self.hang_up()
                if is_last or time.monotonic() - began > TIMEOUT / 2:
                    told = f"{type(error).__name__}: {error}".encode()
                    return Answer(0, {}, told, time.monotonic() - began)
        raise AssertionError("unreachable")

    def _send(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> Answer:
        if self._line is None:
            self._line = http.client.HTTPConnection(
                "127.0.0.1", self.port, timeout=TIMEOUT, source_address=(self.ip, 0)
            )
        if self.cookies and "Cookie" not in headers:
            pairs = (f"{name}={value}" for name, value in self.cookies.items())
            headers["Cookie"] = "; ".join(pairs)
        own_host = "Host" in headers
        began = time.monotonic()
        self._line.putrequest(method, path, skip_host=own_host)
        if body or method == "POST":
            headers.setdefault("Content-Length", str(len(body)))
        for name, value in headers.items():
            self._line.putheader(name, value)
        self._line.endheaders(body or None)
        answer = self._line.getresponse()
        content = answer.read()
        seconds = time.monotonic() - began
        if answer.will_close:
            self.hang_up()
        set_cookies = tuple(answer.headers.get_all("Set-Cookie") or ())
        for line in set_cookies:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        known = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, known, content, seconds, set_cookies)

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, headers=_dashed(headers))

    def token(self) -> str:
        """Return the CSRF token of the cookie; open a page first if there is none."""
        if "csrftoken" not in self.cookies:
            self.get("/accounts/login/")
        return self.cookies.get("csrftoken", "")

    def post(
        self,
        path: str,
        form: Mapping[str, str] | None = None,
        files: Files = (),
        **headers: str,
    ) -> Answer:
        """Send a form as a page does, with the token."""
        sent = {"X-CSRFToken": self.token(), **_dashed(headers)}
        if files:
            kind, body = _multipart(form or {}, files)
        else:
            kind = "application/x-www-form-urlencoded"
            body = urlencode(dict(form or {})).encode()
        return self.send("POST", path, body, {"Content-Type": kind, **sent})

    def post_json(self, path: str, data: object, **headers: str) -> Answer:
        """Call the API with the token."""
        sent = {"Content-Type": "application/json", "X-CSRFToken": self.token()}
        body = json.dumps(data).encode()
        return self.send("POST", path, body, {**sent, **_dashed(headers)})

    def log_in(self, email: str, password: str, **headers: str) -> Answer:
        """Log in through the login page."""
        form = {"login": email, "password": password}
        return self.post("/accounts/login/", form, **headers)

    def twin(self, **changes: object) -> Caller:
        """Return a caller with the same cookies on its own connection."""
        fields = {"name": self.name, "ip": self.ip, "cookies": dict(self.cookies)}
        return Caller(self.port, **{**fields, **changes})  # type: ignore[arg-type]


def _dashed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _multipart(form: Mapping[str, str], files: Files) -> tuple[str, bytes]:
    out = io.BytesIO()
    for name, value in form.items():
        part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
        out.write(f"{part}\r\n\r\n{value}\r\n".encode())
    for name, file_name, content in files:
        escaped = file_name.replace("\\", "\\\\").replace('"', '\\"')
        part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; '
        out.write(f'{part}filename="{escaped}"\r\n'.encode())
        out.write(b"Content-Type: application/octet-stream\r\n\r\n")
        out.write(content + b"\r\n")
    out.write(f"--{BOUNDARY}--\r\n".encode())
    return f"multipart/form-data; boundary={BOUNDARY}", out.getvalue()
