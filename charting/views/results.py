"""Results: tables, cross-table, figures, the lists behind the counts, exports."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from charting import exports
from charting.models import Form
from charting.queries import forms as form_queries
from charting.queries import results as queries
from charting.views.lookup import csv_file, form_page, found_or_404
from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, member_required


@member_required(Action.READ)
@require_safe
def listed(request: MemberRequest) -> HttpResponse:
    """Show the forms with results; redirect if there is only one."""
    lines = [
        line for line in form_queries.listed(request.member) if line.state != "draft"
    ]
    if len(lines) == 1:
        return redirect("charting:results", request.review.code, lines[0].code)
    return render(request, "charting/results_list.html", {"lines": lines})


@form_page(Action.READ)
@require_safe
def results(request: MemberRequest, form: Form) -> HttpResponse:
    """Show counts and percentages of every question, with the figures."""
    found = queries.of(request.member, form)
    n = found.waiting
    words = ngettext(
        "{count} included study is not finalised yet.",
        "{count} included studies are not finalised yet.",
        n,
    ).format(count=f"{n:,}")
    context = {"form": form, "results": found, "waiting_words": words}
    return render(request, "charting/results.html", context)


@form_page(Action.READ)
@require_safe
def cross(request: MemberRequest, form: Form) -> HttpResponse:
    """Show the cross-table of two questions."""
    down, across = request.GET.get("down", ""), request.GET.get("across", "")
    table = queries.cross(request.member, form, down, across)
    context = {
        "form": form,
        "fields": queries.crossable(form),
        "down": down,
        "across": across,
        "table": table,
        "lines": table.lines if table else (),
    }
    return render(request, "charting/cross.html", context)


@form_page(Action.READ)
@require_safe
def studies(request: MemberRequest, form: Form) -> HttpResponse:
    """Show the studies behind one count."""
    row = queries.row(
        request.member,
        form,
        key=request.GET.get("field", ""),
        value=request.GET.get("value", ""),
        key2=request.GET.get("field2", ""),
        value2=request.GET.get("value2", ""),
    )
    context = {"form": form, "row": found_or_404(row)}
    return render(request, "charting/studies.html", context)


@form_page(Action.READ)
@require_safe
def included(request: MemberRequest, form: Form) -> HttpResponse:
    """Show the included studies with their charting status, which is public."""
    state = request.GET.get("state", "")
    lines = {
        key: queries.included(request.member, form, state=key)
        for key in ("", "settled", "waiting")
    }
    names = {"": _("All"), "settled": _("Finalised"), "waiting": _("Not finalised")}
    tabs = [
        {
            "label": names[key],
            "url": f"?state={key}",
            "current": key == state,
            "count": len(found),
        }
        for key, found in lines.items()
    ]
    context = {"form": form, "tabs": tabs, "studies": lines.get(state, [])}
    return render(request, "charting/included.html", context)


@form_page(Action.READ)
@require_safe
def settled(request: MemberRequest, form: Form, settled: str) -> HttpResponse:
    """Show one finalised study."""
    study = found_or_404(queries.one(request.member, form, settled))
    return render(request, "charting/final_chart.html", {"form": form, "study": study})


@form_page(Action.READ)
@require_safe
def figure(request: MemberRequest, form: Form, which: str) -> HttpResponse:
    """Return a figure as an SVG file."""
    drawn = found_or_404(queries.figure(request.member, form, which))
    response = render(
        request,
        "charting/svg/bars.svg",
        {"figure": drawn},
        content_type="image/svg+xml",
    )
    response["Content-Disposition"] = f'inline; filename="{which}.svg"'
    return response


@form_page(Action.EXPORT)
@require_safe
def results_csv(request: MemberRequest, form: Form) -> HttpResponse:
    """Return the final charts as CSV, one row per study."""
    text = exports.settled_csv(request.member, form)
    return csv_file(text, f"charts-{form.code}")
