"""Helpers of all charting pages: the form of the URL, 404 answers, CSV files."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import Http404, HttpResponse, HttpResponseBase

from charting.models import Form
from charting.queries.forms import form_of
from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, member_required

T = TypeVar("T")


def form_page(
    action: Action,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Return a decorator that checks the action and passes the form, or 404."""

    def decorate(
        view: Callable[..., HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(
            request: MemberRequest, form: str, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            try:
                found = form_of(request.member, form)
            except Form.DoesNotExist as missing:
                raise Http404("No such form.") from missing
            return view(request, found, *args, **kwargs)

        return member_required(action)(inner)

    return decorate


def found_or_404(thing: T | None) -> T:
    """Return the thing. Raises Http404 if it is None."""
    if thing is None:
        raise Http404("There is nothing here.")
    return thing


def csv_file(text: str, name: str) -> HttpResponse:
    """Return a CSV download; ``name`` is without extension."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
