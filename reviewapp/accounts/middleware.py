"""Middleware that watches the age of sessions."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from reviewapp.accounts import login_sessions

Respond = Callable[[HttpRequest], HttpResponse]


def watch_sessions(get_response: Respond) -> Respond:
    """Update "last seen", end sessions that are too old, and renew keys.

    The session gets a new key after the user reauthenticates.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        began = request.session.get(login_sessions.BEGAN)
        if began is not None:
            now = time.time()
            if now - began > settings.LOGIN_LASTS_SECONDS:
                logout(request)
            elif (
                now - request.session.get(login_sessions.SEEN, 0)
                > login_sessions.NOTE_EVERY
            ):
                login_sessions.record_last_seen(request, now)
        proven = login_sessions.reauthenticated_at(request)
        response = get_response(request)
        if began is not None and login_sessions.reauthenticated_at(request) > proven:
            login_sessions.renew_session_key(request)
        return response

    return middleware
