"""Helpers of all charting pages: the form of the URL, and CSV files."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase

from charting.models import Form
from charting.queries.forms import get_form
from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, member_required


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
                found = get_form(request.member, form)
            except Form.DoesNotExist as missing:
                raise Http404("No such form.") from missing
            return view(request, found, *args, **kwargs)

        return member_required(action)(inner)

    return decorate


def csv_file(text: str, name: str) -> HttpResponse:
    """Return a CSV download; ``name`` is without extension."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
