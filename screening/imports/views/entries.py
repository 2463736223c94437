"""Pages to add a record manually, with a check for duplicates."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done, member_required
from screening.duplicates.queries.matches import matches_for_viewer
from screening.imports.forms import EntryForm
from screening.imports.services import entries
from screening.imports.services.entries import AddedRecord
from screening.records.views.lookup import source_of


@member_required(Action.IMPORT)
@require_http_methods(["GET", "POST"])
def add_record(request: MemberRequest, source: str) -> HttpResponseBase:
    """Show the form, show duplicates first, and add the record."""
    target = source_of(request, source)
    form = EntryForm(request.POST or None)
    context = {"form": form, "source": target}
    if request.method != "POST":
        return render(request, "imports/enter.html", context)
    if not form.is_valid():
        return render(request, "imports/enter.html", context, status=422)
    here = (
        ()
        if "sure" in request.POST
        else matches_for_viewer(request.member, form.citation())
    )
    if here or "check" in request.POST:
        return render(
            request, "imports/enter.html", {**context, "matches": here, "asked": True}
        )
    entered = entries.add_record(
        actor=request.member,
        source_code=target.code,
        citation=form.citation(),
        now=timezone.now(),
    )
    done(request, _sentence(entered))
    return redirect("imports:enter", request.review.code, source)


@member_required(Action.IMPORT)
@require_http_methods(["POST"])
def check_duplicates(request: MemberRequest, source: str) -> HttpResponse:
    """Return the duplicates of the fields entered so far (htmx)."""
    source_of(request, source)
    form = EntryForm(request.POST)
    here = (
        matches_for_viewer(request.member, form.citation()) if form.is_valid() else ()
    )
    context = {"matches": here, "asked": form.is_valid(), "source": None}
    return render(request, "imports/enter.html#matches", context)


def _sentence(entered: AddedRecord) -> str:
    title = entered.record.title[:80] or entered.record.doi
    certain = [match for match in entered.matches if match.is_certain]
    if certain:
        return _(
            "“{title}” added and marked as a duplicate of a record from {source}."
        ).format(title=title, source=certain[0].source_name)
    if entered.matches:
        return _(
            "“{title}” added. It is a possible duplicate and needs a decision."
        ).format(title=title)
    return _("“{title}” added.").format(title=title)
