"""What every page shares: who is looking, the frame, refusals, privacy headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reviewapp.core import limits, nav, second_factor, security_log
from reviewapp.core.models import Member, Review
from reviewapp.core.permissions import Action, can, require
from reviewapp.core.refusals import Refused, Unreadable

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """A request inside a review: ``member`` is who is looking."""

    member: Member
    review: Review


View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def member_of(request: HttpRequest, review_code: str) -> Member:
    """The requesting user's membership; strangers get 404, as if nothing were here.

    Where the review wants a second factor and the member has none, they are led to
    set it up (``SecondFactorNeeded``).
    """
    member = (
        Member.objects.select_related("review", "user")
        .filter(review__code=review_code, user=request.user.pk, removed_at=None)
        .first()
    )
    if member is None:
        raise Http404("No such review.")
    second_factor.require_if_wanted(member)
    return member


def refuse_change(request: HttpRequest, review: Review) -> None:
    """Raise ``Refused`` for what would change a review that is to be erased."""
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
    """View decorator: takes ``review`` (code) from the URL, sets ``request.member``.

    404 for strangers, 403 with the reason when the role does not allow ``action``,
    429 over a rate limit. A review that is to be erased takes no changes but those
    of views that are for it ``until_erased``.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(
            request: MemberRequest, review: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            request.member = member_of(request, review)
            request.review = request.member.review
            require(request.member, action)
            if not until_erased:
                refuse_change(request, request.review)
            limits.count_request(request, request.member, action)
            return view(request, *args, **kwargs)

        inner.action = action  # type: ignore[attr-defined]
        return inner

    return decorate


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the review's navigation, for pages inside a review."""
    member = getattr(request, "member", None)
    if member is None:
        return {}
    match = request.resolver_match
    current = match.view_name if match else ""
    path = request.path
    items = [
        {
            "label": entry.label,
            "url": _url(entry, member),
            "icon": entry.icon,
            "group": entry.group,
            "current": _is_current(entry, current, path, _url(entry, member)),
        }
        for entry in nav.entries(member)
        if can(member, entry.action)
    ]
    return {
        "review": member.review,
        "member": member,
        "nav": items,
        "nav_bar": _bar(items),
    }


def _bar(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The phone's four places: the overview, then where the work is."""
    work = [item for item in items if item["group"] in {_("Screen"), _("Chart")}]
    rest = [item for item in items[1:] if item not in work]
    return [*items[:1], *work, *rest][:4]


def _url(entry: nav.Entry, member: Member) -> str:
    return reverse(entry.url_name, args=[member.review.code, *entry.args])


def _is_current(entry: nav.Entry, view_name: str, path: str, url: str) -> bool:
    if entry.args:
        return path.startswith(url)
    names = (entry.url_name, *entry.also)
    return any(
        view_name.startswith(name[:-1]) if name.endswith("*") else view_name == name
        for name in names
    )


def done(request: HttpRequest, sentence: str) -> None:
    """Tell the person what has happened (shown as a toast on the next page)."""
    messages.success(request, sentence)


class PrivateResponsesMiddleware:
    """Pages are never stored, those before the log-in neither; they vary by HX-Request.

    An ETag or a shared cache is a channel (DESIGN.md §4).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ["HX-Request"])
        return response


class RefusalMiddleware:
    """A ``Refused`` raised by a service becomes a page or an htmx notice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Show the sentence with the refusal's status."""
        if not isinstance(exception, Refused):
            unreadable = Unreadable.of(exception)
            return answer(request, unreadable) if unreadable else None
        return answer(request, exception)


def answer(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page (or the notice that htmx puts into it) of a refusal."""
    security_log.refused(request, refusal)
    htmx = request.headers.get("HX-Request") == "true"
    response = render(
        request,
        "components/refusal_notice.html" if htmx else refusal.template,
        {"sentence": refusal.sentence, "status": refusal.status},
        status=refusal.status,
    )
    for name, value in refusal.headers.items():
        response[name] = value
    return response


def nothing_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page of a 404. Django's own reads the form that came with the request, and
    fails (500) where that cannot be read."""
    return render(request, "404.html", status=404)
