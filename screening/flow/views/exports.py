"""The Export page, the list of selected records, and the files. All are plain GET."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

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
def page(request: MemberRequest) -> HttpResponseBase:
    """Show formats and filters, and the number of selected records."""
    preset = presets.BY_KEY.get(request.GET.get("as", ""), presets.PRESETS[0])
    wanted, says = export_request.wanted(request.GET), export_request.says(request.GET)
    context = {
        "presets": presets.PRESETS,
        "preset": preset,
        "says": says,
        **_choices(request, wanted),
        "total": export_selection.count(request.review, wanted),
        "list_query": urlencode(wanted.asked),
        "file_query": urlencode(
            {"as": preset.key, **wanted.asked, **({} if says else {"says": "no"})}
        ),
    }
    return render(request, "flow/export.html", context)


def _choices(request: MemberRequest, wanted: ExportFilters) -> dict[str, Any]:
    return {
        "wanted": wanted,
        "options": export_selection.options(request.member),
        "outcomes": _translated(export_selection.OUTCOMES),
        "arms": Arm.choices,
        "duplicates": _translated(export_selection.DUPLICATES),
    }


def _translated(texts: dict[str, str]) -> list[tuple[str, str]]:
    return [(key, _(text)) for key, text in texts.items()]


@member_required(Action.EXPORT)
@require_safe
def listed(request: MemberRequest) -> HttpResponseBase:
    """Show the selected records, page by page."""
    wanted = export_request.wanted(request.GET)
    after = request.GET.get("after", "")
    rows, cursor = export_selection.page(request.member, wanted, after=after)
    context = {
        "rows": rows,
        "total": export_selection.count(request.review, wanted),
        "query": urlencode(wanted.asked),
        "next_url": f"?{urlencode({**wanted.asked, 'after': cursor})}"
        if cursor
        else "",
    }
    return render(request, "flow/export_list.html", context)


@member_required(Action.EXPORT)
@require_safe
def file(request: MemberRequest) -> HttpResponseBase:
    """Return the file: ``?as=`` a preset, and the filters of the page."""
    return export_request.file(request.review, request.GET)


@member_required(Action.EXPORT)
@require_safe
def records(request: MemberRequest, key: str) -> HttpResponseBase:
    """Return a file at an earlier address: ``?which=all|unique|included``."""
    wanted = export_request.wanted(request.GET)
    if not wanted.asked:
        wanted = WHICH.get(request.GET.get("which", ""), WHICH["all"])
    return export_request.sent(presets.download(request.review, key, wanted))
