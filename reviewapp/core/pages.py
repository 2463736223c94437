"""The page that sent a request."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme


def page_of_sender(request: HttpRequest) -> str | None:
    """Return the address of this site's page that sent the request, or None.

    A browser keeps that page in its history, so it can be opened by GET. The address of
    a form often can't.
    """
    sender = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        sender, {request.get_host()}, require_https=request.is_secure()
    )
    parts = urlsplit(sender)
    if not sender or not is_ours or not _is_known(parts.path):
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _is_known(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
