"""Pages of an import's skipped entries."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reviewapp.core.filters import chosen
from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done, found, member_required
from screening.imports.forms import EntryForm
from screening.imports.models import SkippedEntry
from screening.imports.queries import skipped_entries as queries
from screening.imports.services import skipped_entries
from screening.imports.services.entries import AddedRecord
from screening.imports.views.lookup import import_of


@member_required(Action.IMPORT)
@require_safe
def list_entries(request: MemberRequest, batch: str) -> HttpResponse:
    """List an import's skipped entries in file order."""
    target = import_of(request, batch)
    state = chosen(request.GET, "state", SkippedEntry.State.values)
    page = queries.entries_page(
        request.member, target, state=state, after=request.GET.get("after", "")
    )
    context = {"import": target, "page": page, "state": state}
    return render(request, "imports/skipped_entries.html", context)


@member_required(Action.IMPORT)
@require_http_methods(["GET", "POST"])
def show_entry(request: MemberRequest, batch: str, entry: str) -> HttpResponseBase:
    """Show an entry beside a form with its duplicates, and import the record."""
    target = found(queries.find_entry(request.member, batch, entry))
    view = queries.entry_view(target)
    initial = EntryForm.initial_of(queries.guess_fields(view))
    form = EntryForm(request.POST or None, initial=initial)
    context = {"import": target.batch, "entry": view, "form": form}
    if form.is_valid():
        here = queries.entry_matches(request.member, target, form.citation())
        is_sure = "sure" in request.POST or not here
        if is_sure and "check" not in request.POST:
            return _fix_entry(request, target, form)
        context |= {"matches": here, "asked": True}
    status = 422 if form.errors else 200
    return render(request, "imports/skipped_entry.html", context, status=status)


def _fix_entry(
    request: MemberRequest, entry: SkippedEntry, form: EntryForm
) -> HttpResponseBase:
    entered = skipped_entries.fix_entry(
        actor=request.member,
        import_code=entry.batch.code,
        entry_code=entry.code,
        citation=form.citation(),
        now=timezone.now(),
    )
    done(request, _sentence(entered))
    return _onward(request, entry)


@member_required(Action.IMPORT)
@require_http_methods(["POST"])
def dismiss_entry(request: MemberRequest, batch: str, entry: str) -> HttpResponseBase:
    """Mark an entry as not a record."""
    target = skipped_entries.dismiss_entry(
        actor=request.member, import_code=batch, entry_code=entry, now=timezone.now()
    )
    done(request, _("Marked as not a record. You can reopen it from the list."))
    return _onward(request, target)


@member_required(Action.IMPORT)
@require_http_methods(["POST"])
def reopen_entry(request: MemberRequest, batch: str, entry: str) -> HttpResponseBase:
    """Reopen an entry."""
    skipped_entries.reopen_entry(
        actor=request.member, import_code=batch, entry_code=entry, now=timezone.now()
    )
    return redirect("imports:skipped_entry", request.review.code, batch, entry)


def _onward(request: MemberRequest, entry: SkippedEntry) -> HttpResponseBase:
    """Redirect to the next open entry, or to the list."""
    code = entry.batch.code
    following = queries.next_open_entry(request.member, entry.batch, entry.position)
    if following:
        return redirect("imports:skipped_entry", request.review.code, code, following)
    return redirect("imports:skipped_entries", request.review.code, code)


def _sentence(entered: AddedRecord) -> str:
    title = entered.record.title[:80] or entered.record.doi
    certain = [match for match in entered.matches if match.is_certain]
    if certain:
        return _(
            "“{title}” imported and marked as a duplicate of a record from {source}."
        ).format(title=title, source=certain[0].source_name)
    return _("“{title}” imported.").format(title=title)
