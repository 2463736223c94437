"""Pages to undo the merges of a cluster or a run, after confirmation."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done, found, may, member_required
from screening.duplicates.queries import runs
from screening.duplicates.services import merge_undo
from screening.records.queries import records


@member_required(Action.DECIDE_DUPLICATES)
@require_http_methods(["GET", "POST"])
def undo_cluster(request: MemberRequest, record: str) -> HttpResponseBase:
    """Separate all duplicates of a cluster."""
    if request.method == "POST":
        n = merge_undo.undo_cluster(
            actor=request.member, record_code=record, now=timezone.now()
        )
        done(request, _undone(n))
        return redirect("records:record", request.review.code, record)
    context = {"detail": found(records.record_detail(request.member, record))}
    return render(request, "duplicates/cluster_undo.html", context)


@member_required()
@require_safe
def list_runs(request: MemberRequest) -> HttpResponse:
    """List the runs that merged records."""
    context = {
        "runs": runs.merging_runs(request.member),
        "may_decide": may(request, Action.DECIDE_DUPLICATES),
    }
    return render(request, "duplicates/runs.html", context)


@member_required(Action.DECIDE_DUPLICATES)
@require_http_methods(["GET", "POST"])
def undo_run(request: MemberRequest, run: str) -> HttpResponseBase:
    """Undo all merges of a run."""
    if request.method == "POST":
        n = merge_undo.undo_run(actor=request.member, run_code=run, now=timezone.now())
        done(request, _undone(n))
        return redirect("duplicates:runs", request.review.code)
    found(runs.find_run(request.member, run))
    context = {"run": runs.run_detail(request.member, run)}
    return render(request, "duplicates/run_undo.html", context)


@member_required(Action.DECIDE_DUPLICATES)
@require_http_methods(["POST"])
def restore_run(request: MemberRequest, run: str) -> HttpResponseBase:
    """Restore the merges of a run."""
    n = merge_undo.restore_run(actor=request.member, run_code=run, now=timezone.now())
    said = ngettext("{n} merge restored.", "{n} merges restored.", n)
    done(request, said.format(n=f"{n:,}"))
    return redirect("duplicates:runs", request.review.code)


def _undone(n: int) -> str:
    return ngettext("{n} merge undone.", "{n} merges undone.", n).format(n=f"{n:,}")
