"""Page to merge a record with another one by hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done, found, member_required
from screening.duplicates.queries import manual_merge as queries
from screening.duplicates.services import manual_merge
from screening.records.queries import records
from screening.records.queries.records import record_view


@member_required(Action.DECIDE_DUPLICATES)
@require_http_methods(["GET", "POST"])
def merge_record(request: MemberRequest, record: str) -> HttpResponseBase:
    """Find another record, compare the two, and merge them after confirmation."""
    if request.method == "POST":
        kept = manual_merge.merge_records(
            actor=request.member,
            record_code=record,
            other_code=request.POST.get("with", ""),
            now=timezone.now(),
        )
        done(request, _("Merged. To separate the records again, select Undo merge."))
        return redirect("records:record", request.review.code, kept)
    this = found(records.find_record(request.member, record))
    context: dict[str, Any] = {"record": record_view(this)}
    if other := request.GET.get("with", ""):
        that = found(records.find_record(request.member, other))
        context["preview"] = queries.merge_preview(request.member, this, that)
        return render(request, "duplicates/merge_preview.html", context)
    q = request.GET.get("q", "")[:300]
    context |= {"q": q, "found": queries.search_records(request.member, this, q)}
    return render(request, "duplicates/merge_search.html", context)
