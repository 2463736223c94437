"""The log-ins of a person: on which devices, since when, and how they are ended."""

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
# Seconds between two notes of "last seen": not a write for every page.
NOTE_EVERY = 300
BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux")
WORDS = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "Mac", "CrOS": "Chromebook"}


@dataclass(frozen=True, slots=True)
class Device:
    """A log-in. ``code`` names it without giving its key away."""

    code: str
    name: str
    ip: str
    began_at: datetime
    seen_at: datetime
    is_current: bool


def of(user: User, current_key: str) -> list[Device]:
    """The log-ins of ``user`` that last, this one first, then the latest seen."""
    found = [
        Device(
            code=code_of(row.session_key),
            name=name_of(row.user_agent),
            ip=row.ip,
            began_at=row.created_at,
            seen_at=row.last_seen_at,
            is_current=row.session_key == current_key,
        )
        for row in _rows(user).order_by("-last_seen_at", "-pk")
    ]
    return sorted(found, key=lambda device: not device.is_current)


def are_at(email: str, ip: str) -> bool:
    """Whether the account of this address is logged in somewhere at this network
    address; asks the same of the database for accounts that do not exist."""
    there = UserSession.objects.filter(ip=ip, user__email__iexact=email)
    lasting = Session.objects.filter(expire_date__gt=timezone.now())
    return bool(there.filter(session_key__in=lasting.values("session_key")).exists())


def end(user: User, code: str) -> bool:
    """End one log-in of ``user``; whether there was one."""
    keys = _rows(user).values_list("session_key", flat=True)
    found = [key for key in keys if code_of(key) == code]
    _end(found)
    return bool(found)


def end_all(user: User, *, but: str | None = None) -> int:
    """End all log-ins of ``user``, but the one with the key ``but``; how many."""
    keys = (
        _rows(user).exclude(session_key=but or "").values_list("session_key", flat=True)
    )
    found = list(keys)
    _end(found)
    return len(found)


def _rows(user: User) -> Any:
    lasting = Session.objects.filter(expire_date__gt=timezone.now())
    return UserSession.objects.filter(
        user=user, session_key__in=lasting.values("session_key")
    )


def _end(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()


def code_of(session_key: str) -> str:
    """A code for the session: its key would be as good as the password."""
    return salted_hmac("device", session_key).hexdigest()[:20]


def name_of(user_agent: str) -> str:
    """ "Firefox on Linux", as far as the browser tells."""
    browser = next((name for name in BROWSERS if f"{name}/" in user_agent), "")
    system = next((name for name in SYSTEMS if name in user_agent), "")
    if browser and system:
        return _("{browser} on {system}").format(
            browser=WORDS.get(browser, browser), system=WORDS.get(system, system)
        )
    first = re.match(r"[\w.+-]{1,40}", user_agent)
    return first[0] if first else _("Unknown device")


def begin(request: HttpRequest) -> None:
    """After a log-in: from now on its age is known."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def proven_at(request: HttpRequest) -> float:
    """When the person last gave their password or factor again; 0 if not yet."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return max((r["at"] for r in records if r.get("reauthenticated")), default=0.0)


def renew(request: HttpRequest) -> None:
    """Another key for the same log-in: whoever had the old one is out."""
    old = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old).update(
        session_key=request.session.session_key
    )


def note_seen(request: HttpRequest, now: float) -> None:
    """Store that the device was seen; the session lasts on from here."""
    request.session[SEEN] = int(now)
    UserSession.objects.filter(session_key=request.session.session_key).update(
        last_seen_at=timezone.now()
    )
