"""Saved work: the answer confirms the page's own key, or it was not saved.

A page makes a key for each vote, chart or text that it saves (``static/js/saving.js``).
It says "Saved" only if the answer names that key. A redirect to the login page, a page
of something else and an error page do not name it.
"""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac

# Sent by the script: its key. Answers without script are ordinary pages.
REQUEST = "Save-Request"
SAVED = "Saved-Key"
REFUSED = "Refused-Key"
# Where the page goes next, and the version of the author's own work that it now shows.
NEXT = "Saved-Next"
VERSION = "Saved-Version"

R = TypeVar("R", bound=HttpResponseBase)


def is_scripted(request: HttpRequest) -> bool:
    """Return True if the page's script sent the request and reads the answer."""
    return REQUEST in request.headers


def sent_key(request: HttpRequest) -> UUID | None:
    """Return the key that the page made, or None if it sent none or can't be read."""
    try:
        return UUID(request.POST.get("key", ""))
    except (ValueError, MultiPartParserError, SuspiciousOperation):
        return None


def key_of(request: HttpRequest) -> UUID:
    """Return the page's key, or a new one for a page without script."""
    return sent_key(request) or uuid4()


def sent_version(request: HttpRequest) -> int | None:
    """Return the version of the author's own work that the page showed, or None."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None


def confirm(request: HttpRequest, response: R, *, version: int | None = None) -> R:
    """Name the page's key in the answer: what it sent is stored."""
    key = sent_key(request)
    if key is not None:
        response[SAVED] = str(key)
    if version is not None:
        response[VERSION] = str(version)
    return response


def refuse(request: HttpRequest, response: R) -> R:
    """Name the page's key in the answer of a refusal: nothing is stored."""
    key = sent_key(request)
    if key is not None:
        response[REFUSED] = str(key)
    return response


def confirm_redirect(request: HttpRequest, response: R) -> R | HttpResponseBase:
    """Return the answer to a script's POST: redirects and refusals with its key.

    A view that redirects has done what was asked. A view that answers with an error
    status has refused it. Other answers are confirmed by the view itself.
    """
    if request.method != "POST" or not is_scripted(request):
        return response
    if response.status_code in {302, 303}:
        return confirm_and_go(request, response.headers["Location"])
    if 400 <= response.status_code < 500 and SAVED not in response:
        return refuse(request, response)
    return response


def confirm_and_go(request: HttpRequest, url: str) -> HttpResponseBase:
    """Confirm, and send the page to ``url``.

    A script does not follow redirects, because one can lead to the login page.
    """
    if not is_scripted(request):
        return redirect(url)
    response = HttpResponse()
    response[NEXT] = url
    return confirm(request, response)


def account_mark(request: HttpRequest) -> dict[str, str]:
    """Return the mark of the account (context processor).

    What waits in the browser to be sent belongs to one account. The mark tells accounts
    apart without naming one.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"account_mark": salted_hmac("saving", str(user.pk)).hexdigest()[:16]}
