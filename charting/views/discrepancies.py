"""Discrepancies between charts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from charting.forms import ChartForm
from charting.models import Form
from charting.queries import discrepancies as queries
from charting.queries.discrepancies import StudyDiscrepancies
from charting.rules import countries
from charting.services import reconcile
from charting.services.reconcile import Resolution
from charting.views.lookup import form_page
from reviewapp.core import saving
from reviewapp.core.permissions import Action
from reviewapp.core.refusals import OlderState
from reviewapp.core.web import MemberRequest, done, found


@form_page(Action.ADJUDICATE)
@require_safe
def discrepancy_list(request: MemberRequest, form: Form) -> HttpResponse:
    """Show the studies with discrepancies."""
    lines = queries.studies_with_discrepancies(request.member, form)
    return render(
        request, "charting/discrepancies.html", {"form": form, "lines": lines}
    )


def chosen_answers(
    request: MemberRequest, study: StudyDiscrepancies
) -> list[Resolution]:
    """Return the chosen answers: one of the charts' answers, or another value."""
    typed = ChartForm([d.spec for d in study.differing], request.POST).given()
    chosen = []
    for difference in study.differing:
        key = difference.spec.key
        choice = request.POST.get(f"choice-{key}", "")
        values: dict[str, Any] = {
            str(i): given.value for i, given in enumerate(difference.given)
        }
        values["other"] = typed[key]
        if choice in values:
            why = request.POST.get(f"why-{key}", "")[:5000]
            chosen.append(Resolution(key, values[choice], why))
    return chosen


def _page(
    request: MemberRequest,
    form: Form,
    study: StudyDiscrepancies,
    errors: dict[str, str],
    *,
    status: int = 200,
    refused: str = "",
) -> HttpResponse:
    specs = [difference.spec for difference in study.differing]
    fields = ChartForm(specs, request.POST or None)
    rows = [
        {
            "difference": difference,
            "field": fields[difference.spec.key],
            "error": errors.get(difference.spec.key),
            "choice": request.POST.get(f"choice-{difference.spec.key}", ""),
            "why": request.POST.get(f"why-{difference.spec.key}", ""),
        }
        for difference in study.differing
    ]
    context = {
        "form": form,
        "study": study,
        "rows": rows,
        "countries": countries.country_names(),
        "refused": refused,
    }
    return render(request, "charting/differences.html", context, status=status)


@form_page(Action.ADJUDICATE)
def resolve_study(request: MemberRequest, form: Form, round_code: str) -> HttpResponse:
    """Show one study side by side; POST resolves the answered discrepancies."""
    study = found(queries.get_discrepancies(request.member, form, round_code))
    if request.method != "POST":
        return _page(request, form, study, {})
    try:
        result = reconcile.resolve_discrepancies(
            actor=request.member,
            round_code=round_code,
            answers=chosen_answers(request, study),
            seen_version=saving.sent_version(request),
            now=timezone.now(),
        )
    except OlderState as older:
        # The choices stay, beside the resolutions that were saved in the meantime.
        return _page(request, form, study, {}, status=409, refused=older.sentence)
    if result.errors:
        return _page(request, form, study, result.errors, status=422)
    at = (request.review.code, form.code)
    if result.is_finalised:
        done(request, _("{study} is finalised.").format(study=study.study_label))
        return redirect("charting:discrepancies", *at)
    left = len(result.left)
    said = ngettext(
        "Saved. {count} discrepancy is unresolved.",
        "Saved. {count} discrepancies are unresolved.",
        left,
    )
    done(request, said.format(count=left))
    return redirect("charting:differences", *at, round_code)
