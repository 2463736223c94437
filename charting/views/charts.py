"""Charting one's own studies: list, one study, drafts, submission."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from charting import exports
from charting.forms import ChartForm, initial_answers
from charting.models import Form
from charting.queries import charts as queries
from charting.queries.charts import ChartPage
from charting.rules import countries
from charting.services import charts
from charting.views.lookup import csv_file, form_page
from reviewapp.core import saving
from reviewapp.core.permissions import Action
from reviewapp.core.refusals import OlderState
from reviewapp.core.web import MemberRequest, done, found


@form_page(Action.CHART)
@require_safe
def own_studies(request: MemberRequest, form: Form) -> HttpResponse:
    """Show the viewer's studies with this form."""
    queue = queries.chart_queue(request.member, form)
    return render(request, "charting/mine.html", {"form": form, "queue": queue})


@form_page(Action.CHART)
@require_safe
def own_charts_csv(request: MemberRequest, form: Form) -> HttpResponse:
    """Return the viewer's own charts as CSV."""
    return csv_file(request, exports.own_charts_csv(request.member, form))


def _page(
    request: MemberRequest,
    form: Form,
    charting: ChartPage,
    fields: ChartForm,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    queue = queries.chart_queue(request.member, form)
    context: dict[str, Any] = {
        "form": form,
        "charting": charting,
        "fields": fields,
        "queue": queue,
        "next": queue.after(charting.round_code),
        "answers": queries.own_answers(charting),
        "countries": countries.country_names(),
        **extra,
    }
    return render(request, "charting/chart.html", context, status=status)


@form_page(Action.CHART)
def chart_study(request: MemberRequest, form: Form, round_code: str) -> HttpResponse:
    """Show one study with the questions; POST saves a draft or submits the chart."""
    charting = found(queries.get_chart_page(request.member, form, round_code))
    specs = charting.version.specs
    if request.method != "POST":
        fields = ChartForm(specs, initial=initial_answers(charting.values, specs))
        return _page(request, form, charting, fields)
    fields = ChartForm(specs, request.POST)
    complete = request.POST.get("do") == "complete"
    try:
        saved = _save(request, round_code, fields, complete=complete)
    except OlderState as older:
        # Both versions of the author's own answers, to choose from.
        context = {
            "older": older.sentence,
            "rows": queries.differing_answers(charting, fields.given()),
        }
        return _page(request, form, charting, fields, status=409, **context)
    if not saved.errors:
        return _go_on(request, form, round_code, saved)
    fields.show_errors(saved.errors)
    charting = found(queries.get_chart_page(request.member, form, round_code))
    response = _page(request, form, charting, fields, status=422)
    # The valid answers are stored.
    return saving.confirm(request, response, version=saved.version)


def _save(
    request: MemberRequest, round_code: str, fields: ChartForm, *, complete: bool
) -> charts.SavedChart:
    return charts.save_chart(
        actor=request.member,
        round_code=round_code,
        values=fields.given(),
        complete=complete,
        key=saving.key_of(request),
        seen_version=saving.sent_version(request),
        now=timezone.now(),
    )


def _go_on(
    request: MemberRequest, form: Form, round_code: str, saved: charts.SavedChart
) -> HttpResponse:
    """Redirect to the same study after a draft, else to the next one or the list."""
    at = (request.review.code, form.code)
    if not saved.is_complete:
        done(request, _("Draft saved."))
        return redirect("charting:chart", *at, round_code)
    done(request, _("Chart submitted."))
    following = queries.chart_queue(request.member, form).after(round_code)
    if following:
        return redirect("charting:chart", *at, following)
    return redirect("charting:mine", *at)


@require_POST
@form_page(Action.CHART)
def autosave_chart(request: MemberRequest, form: Form, round_code: str) -> HttpResponse:
    """Save a draft while its author is typing; return one line."""
    charting = found(queries.get_chart_page(request.member, form, round_code))
    fields = ChartForm(charting.version.specs, request.POST)
    try:
        saved = _save(request, round_code, fields, complete=False)
    except OlderState as older:
        shown = {"older": older.sentence}
        return render(request, "charting/chart.html#saved", shown, status=409)
    wrong = [
        (spec.label, saved.errors[spec.key])
        for spec in fields.specs
        if spec.key in saved.errors
    ]
    context = {"wrong": wrong, "now": timezone.now()}
    response = render(request, "charting/chart.html#saved", context)
    return saving.confirm(request, response, version=saved.version)


@require_POST
@form_page(Action.CHART)
def reopen_chart(request: MemberRequest, form: Form, round_code: str) -> HttpResponse:
    """Turn one's own chart back into a draft."""
    charts.reopen_chart(
        actor=request.member,
        round_code=round_code,
        key=saving.key_of(request),
        now=timezone.now(),
    )
    done(request, _("Your chart is a draft again. Submit it when you have finished."))
    return redirect("charting:chart", request.review.code, form.code, round_code)
