"""The Export page, the list of selected records, and the files. All are plain GET."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reviewapp.core.exported import tell_page
from reviewapp.core.filters import chosen
from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, member_required
from screening.flow.exports import export_request, presets
from screening.flow.queries import export_selection
from screening.flow.queries.export_selection import ExportFilters
from screening.records.models import Arm

# Filters of the addresses from before ?as=, which scripts may still use.
WHICH = {
    "all": ExportFilters(duplicates="with"),
    "unique": ExportFilters(),
    "included": ExportFilters(outcome="included"),
}


@member_required(Action.EXPORT)
@require_safe
def export_page(request: MemberRequest) -> HttpResponseBase:
    """Show formats and filters, and the number of selected records."""
    key = chosen(request.GET, "as", presets.BY_KEY) or presets.PRESETS[0].key
    preset = presets.BY_KEY[key]
    filters, with_status = (
        export_request.parse_filters(request.review, request.GET),
        export_request.includes_status(request.GET),
    )
    context = {
        "presets": presets.PRESETS,
        "preset": preset,
        "with_status": with_status,
        **_choices(request, filters),
        "total": export_selection.count_selected(request.review, filters),
        "list_query": urlencode(filters.as_query),
        "file_query": urlencode(
            {
                "as": preset.key,
                **filters.as_query,
                **({} if with_status else {"says": "no"}),
            }
        ),
    }
    return render(request, "flow/export.html", context)


def _choices(request: MemberRequest, filters: ExportFilters) -> dict[str, Any]:
    return {
        "filters": filters,
        "options": export_selection.filter_options(request.member),
        "outcomes": _translated(export_selection.OUTCOME_FILTERS),
        "arms": Arm.choices,
        "duplicates": _translated(export_selection.DUPLICATES),
    }


def _translated(texts: dict[str, str]) -> list[tuple[str, str]]:
    return [(key, _(text)) for key, text in texts.items()]


@member_required(Action.EXPORT)
@require_safe
def export_list(request: MemberRequest) -> HttpResponseBase:
    """Show the selected records, page by page."""
    filters = export_request.parse_filters(request.review, request.GET)
    after = request.GET.get("after", "")
    rows, cursor = export_selection.selected_page(request.member, filters, after=after)
    context = {
        "rows": rows,
        "total": export_selection.count_selected(request.review, filters),
        "query": urlencode(filters.as_query),
        "next_url": f"?{urlencode({**filters.as_query, 'after': cursor})}"
        if cursor
        else "",
    }
    return render(request, "flow/export_list.html", context)


@member_required(Action.EXPORT)
@require_safe
def export_file(request: MemberRequest) -> HttpResponseBase:
    """Return the file: ``?as=`` a preset, and the filters of the page.

    With ``?told=KEY`` a cookie tells the page the numbers when the file is complete.
    """
    response = export_request.export_response(request.review, request.GET)
    tell_page(request, response)
    return response


@member_required(Action.EXPORT)
@require_safe
def records_file(request: MemberRequest, key: str) -> HttpResponseBase:
    """Return a file at an earlier address: ``?which=all|unique|included``."""
    filters = export_request.parse_filters(request.review, request.GET)
    if not filters.as_query:
        filters = WHICH[chosen(request.GET, "which", WHICH) or "all"]
    download = presets.download(request.review, key, filters)
    return export_request.send(request.review, download)
