"""Helpers of all charting pages: the form of the URL, and CSV files."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from charting.exports import ChartsFile
from charting.queries.forms import get_form
from reviewapp.core.exported import log_export, state_export
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
            return view(request, get_form(request.member, form), *args, **kwargs)

        return member_required(action)(inner)

    return decorate


def csv_file(request: MemberRequest, file: ChartsFile) -> HttpResponse:
    """Return a CSV download that states the number of its charts."""
    response = HttpResponse(file.text, content_type="text/csv; charset=utf-8")
    state_export(response, file.stated, name=file.name)
    if not file.is_private:
        log_export(file.stated, review=request.review, name=file.name)
    return response
