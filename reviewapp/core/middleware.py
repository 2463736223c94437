"""Middleware: security headers, and how long a session lasts."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from reviewapp.core import devices

Respond = Callable[[HttpRequest], HttpResponse]

# Browser features that the pages need. All others are turned off.
PERMISSIONS = ", ".join(
    [
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
        "clipboard-write=(self)",
        "fullscreen=(self)",
        *(
            f"{name}=()"
            for name in (
                "accelerometer",
                "autoplay",
                "browsing-topics",
                "camera",
                "display-capture",
                "geolocation",
                "gyroscope",
                "hid",
                "idle-detection",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "serial",
                "usb",
                "xr-spatial-tracking",
            )
        ),
    ]
)


def harden(get_response: Respond) -> Respond:
    """Add the headers that Django's SecurityMiddleware does not set."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def watch_sessions(get_response: Respond) -> Respond:
    """Update "last seen", end sessions that are too old, and renew keys.

    The session gets a new key after the user reauthenticates.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        began = request.session.get(devices.BEGAN)
        if began is not None:
            now = time.time()
            if now - began > settings.LOGIN_LASTS_SECONDS:
                logout(request)
            elif now - request.session.get(devices.SEEN, 0) > devices.NOTE_EVERY:
                devices.note_seen(request, now)
        proven = devices.proven_at(request)
        response = get_response(request)
        if began is not None and devices.proven_at(request) > proven:
            devices.renew(request)
        return response

    return middleware
