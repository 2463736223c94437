"""Page of field sources: which record each value comes from, and choosing another."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done, may, member_required
from screening.duplicates.services import field_choices
from screening.records.queries import merged_fields
from screening.records.views.lookup import record_of


@member_required()
@require_http_methods(["GET", "POST"])
def show_field_sources(request: MemberRequest, record: str) -> HttpResponseBase:
    """Show the values of all records by field, or store the choice for one field."""
    kept = record_of(request, record)
    if request.method == "POST":
        field, code = request.POST.get("field", ""), request.POST.get("copy", "")
        now = timezone.now()
        if code and "by_rule" not in request.POST:
            field_choices.choose_value(
                actor=request.member, record_code=code, field=field, now=now
            )
        else:
            field_choices.reset_value(
                actor=request.member, record_code=record, field=field, now=now
            )
        done(request, _("Field value saved."))
        return redirect("duplicates:fields", request.review.code, record)
    lines = merged_fields.field_options(kept)
    context = {
        "record": kept,
        "fields": lines,
        "alike": [line.label for line in lines if not line.differs],
        "may_choose": may(request, Action.IMPORT),
    }
    return render(request, "duplicates/fields.html", context)
