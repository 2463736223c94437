"""The flow page, the list behind each count, and the flow as files."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from reviewapp.core.lib.load_once import loading_once
from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, member_required
from screening.decisions.queries import waves
from screening.flow.queries import box_pages
from screening.flow.queries import flow as flow_queries
from screening.flow.queries import report as report_queries
from screening.flow.queries.flagged import flagged_reports
from screening.flow.rules import diagram
from screening.flow.rules.boxes import BY_KEY
from screening.flow.rules.flow import flow_as_csv, flow_as_json
from screening.flow.rules.prisma2020 import flow_as_prisma2020
from screening.flow.rules.report import report_as_text


@member_required()
@require_safe
@loading_once()
def flow_page(request: MemberRequest) -> HttpResponseBase:
    """Show the PRISMA 2020 flow."""
    context = {
        "flow": flow_queries.stored_flow(request.review),
        "flagged": flagged_reports(request.member),
        "open_waves": waves.open_waves(request.member),
    }
    return render(request, "flow/flow.html", context)


@member_required()
@require_safe
def box_list(request: MemberRequest, box: str) -> HttpResponseBase:
    """Show the list behind a count."""
    if box not in BY_KEY:
        raise Http404("No such box.")
    part = request.GET.get("part", "")
    found, cursor, total = box_pages.box_page(
        request.member, box, part=part, after=request.GET.get("after", "")
    )
    context = {
        "box": BY_KEY[box],
        "rows": found,
        "cursor": cursor,
        "counted": _counted(BY_KEY[box].unit, total),
        "part": part,
    }
    return render(request, "flow/box.html", context)


def _counted(unit: str, total: int) -> str:
    if unit == "study":
        text = ngettext("{count} study.", "{count} studies.", total)
    elif unit == "report":
        text = ngettext("{count} report.", "{count} reports.", total)
    else:
        text = ngettext("{count} record.", "{count} records.", total)
    return text.format(count=f"{total:,}")


def _download(text: str, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@member_required(Action.EXPORT)
@require_safe
def flow_json(request: MemberRequest) -> HttpResponseBase:
    """Return the flow as JSON."""
    text = flow_as_json(flow_queries.build_flow(request.review))
    return _download(text, "application/json", "flow.json")


@member_required(Action.EXPORT)
@require_safe
def flow_csv(request: MemberRequest) -> HttpResponseBase:
    """Return the flow as CSV, one row per box."""
    text = flow_as_csv(flow_queries.build_flow(request.review))
    return _download(text, "text/csv; charset=utf-8", "flow.csv")


@member_required(Action.EXPORT)
@require_safe
def flow_prisma2020(request: MemberRequest) -> HttpResponseBase:
    """Return the flow as the input file of the PRISMA2020 R package."""

    def url_of(box: str) -> str:
        path = reverse("flow:box", args=[request.review.code, box])
        return request.build_absolute_uri(path)

    text = flow_as_prisma2020(flow_queries.build_flow(request.review), url_of)
    return _download(text, "text/csv; charset=utf-8", "flow-prisma2020.csv")


@member_required(Action.EXPORT)
@require_safe
def flow_svg(request: MemberRequest) -> HttpResponseBase:
    """Return the flow as the v2 diagram."""
    response = HttpResponse(
        diagram.flow_as_svg(flow_queries.build_flow(request.review)),
        content_type="image/svg+xml",
    )
    # A browser opens the file as a document, so scripts and loading are forbidden.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if "download" in request.GET:
        response["Content-Disposition"] = 'attachment; filename="flow.svg"'
    return response


@member_required(Action.EXPORT)
@require_safe
def methods_report(request: MemberRequest) -> HttpResponseBase:
    """Return the methods report as plain text."""
    found = report_queries.build_report(request.member, now=timezone.now())
    return _download(report_as_text(found), "text/plain; charset=utf-8", "report.txt")
