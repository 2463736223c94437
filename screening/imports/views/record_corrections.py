"""Pages to correct a record and to undo a correction."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reviewapp.core.permissions import Action
from reviewapp.core.refusals import Refused
from reviewapp.core.web import MemberRequest, done, member_required
from screening.imports.forms import CorrectionForm
from screening.imports.services import record_corrections
from screening.records.queries.corrections import corrected_record, corrections_of
from screening.records.rules.correctable import stored_text
from screening.records.views.lookup import record_of


@member_required(Action.IMPORT)
@require_http_methods(["GET", "POST"])
def correct_record(request: MemberRequest, record: str) -> HttpResponseBase:
    """Show the form with the current value of a field, and store a correction."""
    target = record_of(request, record)
    corrections = corrections_of(target)
    shown = corrected_record(target)
    field = request.GET.get("field", "")
    initial = {"field": field, "value": stored_text(getattr(shown, field, ""))}
    form = CorrectionForm(request.POST or None, initial=initial if field else None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            record_corrections.correct_record(
                actor=request.member,
                record_code=record,
                field=data["field"],
                value=data["value"],
                origin=data["origin"],
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("value", str(refusal))
        else:
            done(request, _("The record was corrected. You can undo this on its page."))
            return redirect("records:record", request.review.code, record)
    context = {"form": form, "record": shown, "corrections": corrections}
    status = 422 if form.errors else 200
    return render(request, "imports/record_correct.html", context, status=status)


@member_required(Action.IMPORT)
@require_http_methods(["POST"])
def undo_correction(request: MemberRequest, correction: str) -> HttpResponseBase:
    """Withdraw a correction."""
    made = record_corrections.undo_correction(
        actor=request.member, code=correction, now=timezone.now()
    )
    done(request, _("The correction was undone. The value of the source applies."))
    return redirect("records:record", request.review.code, made.record.code)
