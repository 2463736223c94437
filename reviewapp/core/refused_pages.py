"""Refusals come back on the page they came from, with what was typed.

``member_required`` uses this for every view, so a view does not handle ``Refused``. A
form (``reviewapp.core.base_form.Form``) shows the refusal in its error summary above
what was typed. A button without a form shows it as a message on its page.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.html import escape

from reviewapp.core import saving
from reviewapp.core.pages import page_of_sender
from reviewapp.core.refusals import Missing, NotAllowed, Refused, SecondFactorNeeded

# Repeats the request of a view: its argument is the request.
Repeat = Callable[[Any], HttpResponseBase]


def page_of_refusal(
    request: HttpRequest, refusal: Refused, repeat: Repeat, *, has_run: bool
) -> HttpResponseBase | None:
    """Return the page with what was typed and the refusal, or None if there is none.

    ``repeat`` calls the view again. ``has_run``: the view itself has refused, so that
    calling it again can't do what the refusal forbids.
    """
    if request.method != "POST" or "HX-Request" in request.headers:
        return None
    if isinstance(refusal, NotAllowed | Missing | SecondFactorNeeded):
        return None
    for again in _tries(request, refusal, has_run):
        response = _try(again, refusal, repeat)
        if response is not None:
            response.status_code = refusal.status
            for name, value in refusal.headers.items():
                response[name] = value
            return response
    return _message_on_the_page(request, refusal)


def _tries(request: HttpRequest, refusal: Refused, has_run: bool) -> Iterator[Any]:
    """Yield requests whose answer may be the page with the refusal, the best first."""
    methods = ["GET", "POST"] if has_run else ["GET"]
    sender = page_of_sender(request)
    if sender is not None and sender.partition("?")[0] != request.path:
        # The form is on another page; its own address may accept no GET.
        methods.remove("GET")
    for method in methods:
        # By GET a view does nothing. By POST the form is not valid, so it does nothing
        # either; a view without a form refuses once more.
        yield _again(request, method, refusal)
        # For a page that does not show errors of a whole form, or has no form.
        yield _again(request, method, refusal, in_frame=True)


def _again(
    request: HttpRequest, method: str, refusal: Refused, *, in_frame: bool = False
) -> Any:
    again: Any = copy.copy(request)
    again.method = method
    again.POST = request.POST.copy()
    again.POST.refusal = refusal
    if in_frame:
        again.refusal = refusal
    return again


def _try(request: HttpRequest, refusal: Refused, repeat: Repeat) -> HttpResponse | None:
    """Return the view's answer if it shows the refusal."""
    try:
        response = repeat(request)
    except Refused:
        return None
    is_shown = (
        isinstance(response, HttpResponse)
        and escape(refusal.sentence) in response.content.decode()
    )
    return response if is_shown else None  # type: ignore[return-value]


def _message_on_the_page(
    request: HttpRequest, refusal: Refused
) -> HttpResponseBase | None:
    page = page_of_sender(request)
    if page is None or saving.is_scripted(request):
        return None
    messages.error(request, refusal.sentence)
    return redirect(page)
