"""Middleware that watches the age of sessions and asks for a login."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from reviewapp.accounts import login_sessions
from reviewapp.core import saving
from reviewapp.core.pages import opens_by_get, page_of_sender

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


class LoginRequired(LoginRequiredMiddleware):
    """Ask for a login, and return to a page that can be opened afterwards.

    A script gets status 401 instead of a redirect: it would follow a redirect and take
    the login page for the answer to what it sent.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        """Return the redirect to the login page, or 401 for a script."""
        to_login = redirect_to_login(
            page_of(request, view_func), reverse("account_login")
        )
        if not saving.is_scripted(request) and "HX-Request" not in request.headers:
            return to_login
        response = HttpResponse(status=401)
        response["Login-Url"] = to_login.url
        return response


def page_of(request: HttpRequest, view: Any) -> str:
    """Return the address that shows the page of this request by GET.

    A form is often sent to an address that accepts nothing else. Then it is the page
    that sent the form, and without one the start page. The same if someone has typed
    such an address.
    """
    is_part = saving.is_scripted(request) or "HX-Request" in request.headers
    if request.method in {"GET", "HEAD"} and not is_part and opens_by_get(view):
        return request.get_full_path()
    return page_of_sender(request) or reverse("core:home")
