"""Shared parts of all pages: the member, the navigation, refusals, privacy headers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views import defaults

from reviewapp.core import limits, nav, saving, second_factor, security_log
from reviewapp.core.models import Member, Review, User
from reviewapp.core.permissions import Action, can, require
from reviewapp.core.refusals import Refused, TooLarge, Unreadable
from reviewapp.core.refused_pages import page_of_refusal

# Answers of the API that are not translated, because nothing can be looked up then.
AWAY = "The database does not answer at the moment. Try again in a few seconds."
BROKEN = "Something went wrong. The error has been logged."
RETRY_SECONDS = 10
P = ParamSpec("P")
T = TypeVar("T")


class MemberRequest(HttpRequest):
    """A request inside a review; ``member`` is the viewer."""

    member: Member
    review: Review


View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def member_of(request: HttpRequest, review_code: str) -> Member:
    """Return the user's membership; raises Http404 for others, as for unknown reviews.

    Raises ``SecondFactorNeeded`` if the review requires two-factor authentication and
    the member has not set it up.
    """
    member = (
        Member.objects.select_related("review", "user")
        .filter(review__code=review_code, user=request.user.pk, removed_at=None)
        .first()
    )
    if member is None:
        raise Http404("No such review.")
    second_factor.require_second_factor(member)
    return member


def refuse_change(request: HttpRequest, review: Review) -> None:
    """Raise ``Refused`` for a change in a review that is scheduled for deletion."""
    if review.erase_at is not None and request.method not in {"GET", "HEAD", "OPTIONS"}:
        raise Refused(
            _(
                "This review will be deleted on {date} and is read-only. A lead can "
                "cancel the deletion (Settings, Delete this review)."
            ).format(date=date_format(review.erase_at, "j F Y"))
        )


def member_required(
    action: Action = Action.READ, *, until_erased: bool = False
) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Return a view decorator that loads the member from the review code in the URL.

    Others get 404. A role that does not allow ``action`` gets 403 with the reason.
    Above a rate limit the answer is 429. A review that is scheduled for deletion
    accepts no changes except by views with ``until_erased``. A refusal comes back on
    the page of the form, with what was typed (``core/refused_pages.py``).
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(
            request: MemberRequest, review: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            request.member = member_of(request, review)
            request.review = request.member.review
            require(request.member, action)
            has_run = False

            def run(sent: MemberRequest) -> HttpResponseBase:
                return view(sent, *args, **kwargs)

            try:
                if not until_erased:
                    refuse_change(request, request.review)
                limits.count_request(request, request.member, action)
                has_run = True
                response = run(request)
            except Refused as refusal:
                page = page_of_refusal(request, refusal, run, has_run=has_run)
                if page is None:
                    raise
                security_log.log_refusal(request, refusal)
                response = page
            return saving.confirm_redirect(request, response)

        inner.action = action  # type: ignore[attr-defined]
        return inner

    return decorate


def navigation_context(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation of the review for its pages (context processor).

    ``refusal``: shown at the top of the page (``core/refused_pages.py``).
    """
    refusal = getattr(request, "refusal", None)
    member = getattr(request, "member", None)
    if member is None:
        return {"refusal": refusal} if refusal else {}
    match = request.resolver_match
    current = match.view_name if match else ""
    path = request.path
    entries = [one for one in nav.nav_entries(member) if can(member, one.action)]
    urls = [_entry_url(entry, member) for entry in entries]
    lit = nav.current_entry(entries, urls, current, path)
    items = [
        {
            "label": entry.label,
            "url": url,
            "icon": entry.icon,
            "group": entry.group,
            "current": no == lit,
        }
        for no, (entry, url) in enumerate(zip(entries, urls, strict=True))
    ]
    return {
        "review": member.review,
        "member": member,
        "nav": items,
        "nav_bar": _phone_entries(items),
        "refusal": refusal,
    }


def _phone_entries(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return four entries for the phone: the overview, then screening and charting."""
    work = [item for item in items if item["group"] in {_("Screen"), _("Chart")}]
    rest = [item for item in items[1:] if item not in work]
    return [*items[:1], *work, *rest][:4]


def _entry_url(entry: nav.NavEntry, member: Member) -> str:
    return reverse(entry.url_name, args=[member.review.code, *entry.args])


def done(request: HttpRequest, sentence: str) -> None:
    """Show a message about a completed action on the next page (a toast)."""
    messages.success(request, sentence)


class PrivateResponsesMiddleware:
    """Middleware that forbids caching of all pages and varies them by HX-Request.

    An ETag or a shared cache could reveal blinded facts (docs/architecture.md,
    Blinding).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["HX-Request", saving.REQUEST])
        return response


class RefusalMiddleware:
    """Middleware that turns a ``Refused`` into a page or an htmx notice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Return the response for a refusal, or None for other exceptions."""
        if not isinstance(exception, Refused):
            unreadable = Unreadable.of(exception)
            return refusal_response(request, unreadable) if unreadable else None
        page = None
        match = request.resolver_match
        if match and getattr(request, "member", None) is None:
            # Views of a review are handled by member_required.
            page = page_of_refusal(
                request,
                exception,
                lambda again: match.func(again, *match.args, **match.kwargs),
                has_run=True,
            )
        return page or refusal_response(request, exception)  # type: ignore[return-value]


def refusal_response(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Return the page of a refusal, or the notice that htmx inserts."""
    security_log.log_refusal(request, refusal)
    is_part = request.headers.get("HX-Request") == "true" or saving.is_scripted(request)
    response = render(
        request,
        "components/refusal_notice.html" if is_part else refusal.template,
        {"sentence": refusal.sentence, "status": refusal.status},
        status=refusal.status,
    )
    for name, value in refusal.headers.items():
        response[name] = value
    return saving.refuse(request, response)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the 404 page.

    Django's own view reads the submitted form, and fails (500) if that can't be read.
    """
    return saving.refuse(request, render(request, "404.html", status=404))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the 400 page, or 413 for a form that is larger than the server reads."""
    if not isinstance(exception, RequestDataTooBig):
        return defaults.bad_request(request, exception)
    _skip_body(request)
    refusal = TooLarge()
    if is_api(request):
        return problem(refusal.status, refusal.sentence)
    return refusal_response(request, refusal)


def _skip_body(request: HttpRequest) -> None:
    """Read and drop the body, so that the browser gets the answer while it sends."""
    stream = request.META.get("wsgi.input")
    left = min(int(request.META.get("CONTENT_LENGTH") or 0), settings.UPLOAD_MAX_BYTES)
    while stream is not None and left > 0:
        read = len(stream.read(min(left, 1_000_000)))
        if not read:
            return
        left -= read


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the 500 page, or 503 with ``Retry-After`` while the database is away.

    The API gets it as JSON (RFC 9457).
    """
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = 503 if is_away else 500
    if is_api(request):
        response = problem(status, AWAY if is_away else BROKEN)
    else:
        response = defaults.server_error(request)
        response.status_code = status
    if is_away:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def is_api(request: HttpRequest) -> bool:
    """Return True for a request to the API."""
    return request.path.startswith("/api/")


def problem(status: int, detail: str) -> HttpResponse:
    """Return an error as JSON (RFC 9457)."""
    title = HTTPStatus(status).phrase
    return JsonResponse(
        {"type": "about:blank", "title": title, "status": status, "detail": detail},
        status=status,
        content_type="application/problem+json",
    )


def found(thing: T | None) -> T:
    """Return ``thing``, or raise 404 if it is None."""
    if thing is None:
        raise Http404("Nothing here.")
    return thing


def may(request: MemberRequest, action: Action) -> bool:
    """Return True if the viewer may do ``action``; for display, not a guard."""
    return bool(can(request.member, action))


def user_of(request: HttpRequest) -> User:
    """Return the logged-in user."""
    assert isinstance(request.user, User)  # noqa: S101  (LoginRequiredMiddleware)
    return request.user
