"""The audit log: its page and its exports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewapp.core.forms import AuditLogForm
from reviewapp.core.lib.cells import BYTE_ORDER_MARK, csv_line, safe_cell
from reviewapp.core.permissions import Action
from reviewapp.core.queries import audit_log as queries
from reviewapp.core.web import MemberRequest, member_required


@member_required()
@require_safe
def audit_log(request: MemberRequest) -> HttpResponseBase:
    """Show the events that the member may read."""
    member, form = request.member, _filter_form(request)
    lines, cursor = queries.event_page(
        member, form.filters, after=request.GET.get("after", "")
    )
    older = {**request.GET.dict(), "after": cursor}
    context = {
        "form": form,
        "lines": lines,
        "older": urlencode(older) if cursor else "",
        "asked": urlencode({k: v for k, v in request.GET.items() if k in form.fields}),
        "end": queries.latest_hash(member),
    }
    # The form names the unknown value; the lines below use the other filters.
    status = 400 if form.errors else 200
    return render(request, "core/audit_log.html", context, status=status)


def _filter_form(request: MemberRequest) -> AuditLogForm:
    member = request.member
    return AuditLogForm(
        request.GET or None,
        kinds=queries.event_kinds(member),
        people=queries.member_choices(member),
    )


HEADINGS = ("at", "actor", "kind", "subject", "data", "code", "chain", "place", "hash")


@member_required(Action.EXPORT)
@require_safe
def audit_log_csv(request: MemberRequest) -> HttpResponseBase:
    """Stream the audit log as CSV, with the filters of its page."""
    filters = _filter_form(request).known_filters

    def rows() -> Iterator[str]:
        yield BYTE_ORDER_MARK + csv_line(HEADINGS)
        for line in queries.all_events(request.member, filters):
            yield csv_line(_cells(line))

    return _download(rows(), "text/csv; charset=utf-8", "audit-log.csv")


def _cells(line: queries.EventLine) -> tuple[Any, ...]:
    data = {**line.data, "whom": line.about} if line.about else line.data
    return (
        line.at.isoformat(),
        safe_cell(line.actor),
        line.kind,
        safe_cell(line.subject),
        safe_cell(json.dumps(data, ensure_ascii=False, sort_keys=True)),
        line.code,
        line.chain,
        line.position,
        line.hash,
    )


@member_required(Action.EXPORT)
@require_safe
def hash_chain_file(request: MemberRequest) -> HttpResponseBase:
    """Stream the hash chains as JSON lines with the exact hashed texts."""
    lines = (
        # ASCII only, so that no Unicode line separator breaks a line.
        json.dumps(asdict(link)) + "\n"
        for link in queries.linked_events(request.member)
    )
    return _download(lines, "application/jsonl; charset=utf-8", "audit-log.jsonl")


def _download(lines: Iterator[str], kind: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
