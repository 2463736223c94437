"""Pages of records: the list and one record."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewapp.core.filters import chosen
from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, found, may, member_required
from screening.records.models import Arm, Record
from screening.records.queries import merged_fields, sources
from screening.records.queries import records as queries
from screening.records.queries.flags import with_listed_flags
from screening.records.queries.merged_fields import MergedRecord
from screening.records.queries.records import RecordFilters
from screening.records.queries.related import related_records
from screening.records.views.lookup import record_of


@member_required()
@require_safe
def list_records(request: MemberRequest) -> HttpResponse:
    """List the records that count, filtered, by page."""
    given = request.GET
    filters = RecordFilters(
        q=given.get("q", "")[:300],
        source=given.get("source", ""),
        batch=given.get("import", ""),
        arm=chosen(given, "arm", Arm.values),
        status=chosen(given, "status", ("unique", "duplicate")),
    )
    queries.require_known(request.member, filters)
    page = queries.records_page(
        request.member,
        filters,
        after=given.get("after", ""),
        before=given.get("before", ""),
    )
    context = {
        "page": page,
        "filters": filters,
        "sources": sources.source_options(request.member),
        "previous_url": page_url(filters, before=page.previous),
        "next_url": page_url(filters, after=page.next),
    }
    return render(request, "records/list.html", context)


def page_url(filters: RecordFilters, **cursor: str) -> str:
    """Return the query string of another page of the list, or ""."""
    if not any(cursor.values()):
        return ""
    given = {
        "q": filters.q,
        "source": filters.source,
        "import": filters.batch,
        "arm": filters.arm,
        "status": filters.status,
        **cursor,
    }
    return "?" + urlencode({name: value for name, value in given.items() if value})


def shown_with_flags(record: Record) -> MergedRecord:
    """Return a kept record as it is displayed, with the flags of the loaded list."""
    shown = merged_fields.displayed_record(record)
    return replace(shown, record=with_listed_flags({0: shown.record})[0])


@member_required()
@require_safe
def show_record(request: MemberRequest, record: str) -> HttpResponse:
    """Show one record in detail with its history."""
    detail = found(queries.record_detail(request.member, record))
    is_kept = bool(detail.copies) and detail.kept is None
    this = record_of(request, record)
    context = {
        "detail": detail,
        "shown": shown_with_flags(this) if is_kept else None,
        "related": related_records(request.member, this),
        "history": queries.record_history(request.member, record),
        "may_decide": may(request, Action.DECIDE_DUPLICATES),
        "may_correct": may(request, Action.IMPORT),
    }
    return render(request, "records/record.html", context)
