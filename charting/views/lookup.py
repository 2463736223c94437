"""What all charting pages do first: find the form of the URL."""

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
    """``member_required(action)``, and the form of the URL's code; 404 if none."""

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
    """The thing, or 404 when the viewer has none such."""
    if thing is None:
        raise Http404("There is nothing here.")
    return thing


def csv_file(text: str, name: str) -> HttpResponse:
    """A CSV download; ``name`` without the ending."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
