"""Page to import earlier decisions of a file as votes of members."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from reviewapp.core.permissions import Action
from reviewapp.core.refusals import Refused
from reviewapp.core.web import MemberRequest, member_required
from screening.decisions.forms import PriorForm
from screening.decisions.queries import prior as queries
from screening.decisions.queries import stages as stage_queries
from screening.decisions.services import prior
from screening.imports.queries import imports
from screening.imports.queries.prior import PriorCounts, prior_counts
from screening.records.models import Import


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def prior_page(request: MemberRequest, batch: str) -> HttpResponseBase:
    """Show the mapping of names and words, preview its effect, and start the import."""
    target = imports.find_import(request.member, batch)
    if target is None:
        raise Http404("No such import.")
    found = prior_counts(target)
    form = _form(request, found) if found else None
    answer = preview = None
    if form is not None and form.is_valid():
        answer, preview = _said(request, target, form)
    if answer:
        return answer
    job = queries.latest_job(request.member, target)
    context = {
        "import": target,
        "counts": found,
        "job": job,
        "form": form,
        "preview": preview,
        "note": prior.note_of(target),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "decisions/prior.html", context, status=status)


def _said(
    request: MemberRequest, target: Import, form: PriorForm
) -> tuple[HttpResponseBase | None, Any]:
    """Start the import or return a preview; refusals become errors of the form."""
    try:
        if request.POST.get("do") == "take":
            return _take(request, target, form), None
        return None, _preview(request, target, form)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return None, None


def _form(request: MemberRequest, found: PriorCounts) -> PriorForm:
    return PriorForm(
        request.POST or None,
        counts=found,
        stages=queries.stages_for_prior(request.member),
        members=stage_queries.screeners(request.member),
    )


def _preview(request: MemberRequest, target: Import, form: PriorForm) -> Any:
    mapping = form.mapping()
    prior.check_mapping(request.member, target, mapping)
    return queries.member_shares(target, mapping)


def _take(request: MemberRequest, target: Import, form: PriorForm) -> HttpResponseBase:
    prior.request_import(
        actor=request.member,
        batch=target,
        mapping=form.mapping(),
        now=timezone.now(),
    )
    return redirect("decisions:prior", request.review.code, target.code)
