"""The page that sent a request."""

from __future__ import annotations

from typing import Any
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


def opens_by_get(view: Any) -> bool:
    """Return False if the view refuses GET: Django's ``require_POST`` and the like.

    The decorators of Django keep the methods that they allow to themselves, so this
    looks into each layer of the view.
    """
    layer = view
    while layer is not None:
        code = getattr(layer, "__code__", None)
        names = code.co_freevars if code else ()
        if "request_method_list" in names:
            cell = layer.__closure__[names.index("request_method_list")]
            if "GET" not in cell.cell_contents:
                return False
        layer = getattr(layer, "__wrapped__", None)
    of_class = getattr(view, "view_class", None)
    return of_class is None or hasattr(of_class, "get")


def _is_known(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
