"""Login sessions of a user: list, end and renew them."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from reviewapp.core.models import User

BEGAN, SEEN = "login_began", "login_seen"
# Seconds between two updates of "last seen", to avoid a write for every page.
NOTE_EVERY = 300
BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux")
WORDS = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "Mac", "CrOS": "Chromebook"}


@dataclass(frozen=True, slots=True)
class LoginSession:
    """A login session. ``code`` identifies it without revealing the session key."""

    code: str
    name: str
    ip: str
    began_at: datetime
    seen_at: datetime
    is_current: bool


def active_sessions(user: User, current_key: str) -> list[LoginSession]:
    """Return the active sessions of ``user``, the current one first."""
    found = [
        LoginSession(
            code=session_code(row.session_key),
            name=device_name(row.user_agent),
            ip=row.ip,
            began_at=row.created_at,
            seen_at=row.last_seen_at,
            is_current=row.session_key == current_key,
        )
        for row in _active_rows(user).order_by("-last_seen_at", "-pk")
    ]
    return sorted(found, key=lambda session: not session.is_current)


def has_session_at(email: str, ip: str) -> bool:
    """Return True if this account has an active session at this network address.

    It runs the same query for accounts that do not exist.
    """
    there = UserSession.objects.filter(ip=ip, user__email__iexact=email)
    lasting = Session.objects.filter(expire_date__gt=timezone.now())
    return bool(there.filter(session_key__in=lasting.values("session_key")).exists())


def end_session(user: User, code: str) -> bool:
    """End the session of ``user`` with this code; return True if there was one."""
    keys = _active_rows(user).values_list("session_key", flat=True)
    found = [key for key in keys if session_code(key) == code]
    _end_sessions(found)
    return bool(found)


def end_all_sessions(user: User, *, but: str | None = None) -> int:
    """End all sessions of ``user`` except the key ``but``; return their number."""
    keys = (
        _active_rows(user)
        .exclude(session_key=but or "")
        .values_list("session_key", flat=True)
    )
    found = list(keys)
    _end_sessions(found)
    return len(found)


def _active_rows(user: User) -> Any:
    lasting = Session.objects.filter(expire_date__gt=timezone.now())
    return UserSession.objects.filter(
        user=user, session_key__in=lasting.values("session_key")
    )


def _end_sessions(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()


def session_code(session_key: str) -> str:
    """Return a public code for a session, because its key is as good as a password."""
    return salted_hmac("device", session_key).hexdigest()[:20]


def device_name(user_agent: str) -> str:
    """Return a name such as "Firefox on Linux" from the browser's user agent."""
    browser = next((name for name in BROWSERS if f"{name}/" in user_agent), "")
    system = next((name for name in SYSTEMS if name in user_agent), "")
    if browser and system:
        return _("{browser} on {system}").format(
            browser=WORDS.get(browser, browser), system=WORDS.get(system, system)
        )
    first = re.match(r"[\w.+-]{1,40}", user_agent)
    return first[0] if first else _("Unknown device")


def record_login(request: HttpRequest) -> None:
    """Store the time of the login in the session."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def reauthenticated_at(request: HttpRequest) -> float:
    """Return when the user last reauthenticated, as a timestamp; 0 if never."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return max((r["at"] for r in records if r.get("reauthenticated")), default=0.0)


def renew_session_key(request: HttpRequest) -> None:
    """Give the session a new key, so that the old key gives no access."""
    old = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old).update(
        session_key=request.session.session_key
    )


def record_last_seen(request: HttpRequest, now: float) -> None:
    """Store that the device was seen now; this also extends the session."""
    request.session[SEEN] = int(now)
    UserSession.objects.filter(session_key=request.session.session_key).update(
        last_seen_at=timezone.now()
    )
