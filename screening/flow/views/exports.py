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
from screening.flow.exports import asked, presets
from screening.flow.queries import chosen
from screening.flow.queries.chosen import Wanted
from screening.records.models import Arm

# Filters of the addresses from before ?as=, which scripts may still use.
WHICH = {
    "all": Wanted(duplicates="with"),
    "unique": Wanted(),
    "included": Wanted(outcome="included"),
}


@member_required(Action.EXPORT)
@require_safe
def page(request: MemberRequest) -> HttpResponseBase:
    """Show formats and filters, and the number of selected records."""
    preset = presets.BY_KEY.get(request.GET.get("as", ""), presets.PRESETS[0])
    wanted, says = asked.wanted(request.GET), asked.says(request.GET)
    context = {
        "presets": presets.PRESETS,
        "preset": preset,
        "says": says,
        **_choices(request, wanted),
        "total": chosen.count(request.review, wanted),
        "list_query": urlencode(wanted.asked),
        "file_query": urlencode(
            {"as": preset.key, **wanted.asked, **({} if says else {"says": "no"})}
        ),
    }
    return render(request, "flow/export.html", context)


def _choices(request: MemberRequest, wanted: Wanted) -> dict[str, Any]:
    return {
        "wanted": wanted,
        "options": chosen.options(request.member),
        "outcomes": _translated(chosen.OUTCOMES),
        "arms": Arm.choices,
        "duplicates": _translated(chosen.DUPLICATES),
    }


def _translated(texts: dict[str, str]) -> list[tuple[str, str]]:
    return [(key, _(text)) for key, text in texts.items()]


@member_required(Action.EXPORT)
@require_safe
def listed(request: MemberRequest) -> HttpResponseBase:
    """Show the selected records, page by page."""
    wanted = asked.wanted(request.GET)
    after = request.GET.get("after", "")
    rows, cursor = chosen.page(request.member, wanted, after=after)
    context = {
        "rows": rows,
        "total": chosen.count(request.review, wanted),
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
    return asked.file(request.review, request.GET)


@member_required(Action.EXPORT)
@require_safe
def records(request: MemberRequest, key: str) -> HttpResponseBase:
    """Return a file at an earlier address: ``?which=all|unique|included``."""
    wanted = asked.wanted(request.GET)
    if not wanted.asked:
        wanted = WHICH.get(request.GET.get("which", ""), WHICH["all"])
    return asked.sent(presets.download(request.review, key, wanted))
