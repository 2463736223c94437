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
from charting.views.lookup import csv_file, form_page
from reviewapp.core.filters import chosen, require_known
from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, found, member_required


@member_required(Action.READ)
@require_safe
def forms_with_results(request: MemberRequest) -> HttpResponse:
    """Show the forms with results; redirect if there is only one."""
    lines = [
        line
        for line in form_queries.list_forms(request.member)
        if line.state != "draft"
    ]
    if len(lines) == 1:
        return redirect("charting:results", request.review.code, lines[0].code)
    return render(request, "charting/results_list.html", {"lines": lines})


@form_page(Action.READ)
@require_safe
def result_tables(request: MemberRequest, form: Form) -> HttpResponse:
    """Show counts and percentages of every question, with the figures."""
    counted = queries.get_results(request.member, form)
    n = counted.pending
    words = ngettext(
        "{count} included study is not finalised yet.",
        "{count} included studies are not finalised yet.",
        n,
    ).format(count=f"{n:,}")
    context = {"form": form, "results": counted, "pending_text": words}
    return render(request, "charting/results.html", context)


@form_page(Action.READ)
@require_safe
def cross_table(request: MemberRequest, form: Form) -> HttpResponse:
    """Show the cross-table of two questions."""
    fields = queries.questions_to_cross(form)
    keys = {field.key for field in fields}
    down, across = (chosen(request.GET, name, keys) for name in ("down", "across"))
    table = queries.get_cross_table(request.member, form, down, across)
    context = {
        "form": form,
        "fields": fields,
        "down": down,
        "across": across,
        "table": table,
        "lines": table.lines if table else (),
    }
    return render(request, "charting/cross.html", context)


@form_page(Action.READ)
@require_safe
def counted_studies(request: MemberRequest, form: Form) -> HttpResponse:
    """Show the studies behind one count."""
    row = queries.find_row(
        request.member,
        form,
        key=request.GET.get("field", ""),
        value=request.GET.get("value", ""),
        key2=request.GET.get("field2", ""),
        value2=request.GET.get("value2", ""),
    )
    require_known("field", request.GET.urlencode(), row is not None)
    context = {"form": form, "row": row}
    return render(request, "charting/studies.html", context)


@form_page(Action.READ)
@require_safe
def included_studies(request: MemberRequest, form: Form) -> HttpResponse:
    """Show the included studies with their charting status, which is public."""
    state = chosen(request.GET, "state", ("settled", "waiting"))
    lines = {
        key: queries.list_included(request.member, form, state=key)
        for key in ("", "settled", "waiting")
    }
    names = {"": _("All"), "settled": _("Finalised"), "waiting": _("Not finalised")}
    tabs = [
        {
            "label": names[key],
            "url": f"?state={key}",
            "current": key == state,
            "count": len(listed),
        }
        for key, listed in lines.items()
    ]
    context = {"form": form, "tabs": tabs, "studies": lines[state]}
    return render(request, "charting/included.html", context)


@form_page(Action.READ)
@require_safe
def final_chart(request: MemberRequest, form: Form, final_chart: str) -> HttpResponse:
    """Show one finalised study."""
    study = found(queries.get_final_chart(request.member, form, final_chart))
    return render(request, "charting/final_chart.html", {"form": form, "study": study})


@form_page(Action.READ)
@require_safe
def figure_svg(request: MemberRequest, form: Form, which: str) -> HttpResponse:
    """Return a figure as an SVG file."""
    drawn = found(queries.get_figure(request.member, form, which))
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
    return csv_file(request, exports.final_charts_csv(request.member, form))
