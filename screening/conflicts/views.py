"""Pages of conflicts."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done, member_required
from screening.conflicts.forms import CommentForm, ReopenForm, ResolveForm
from screening.conflicts.queries import conflict_pages as desk_queries
from screening.conflicts.queries.conflict_pages import ConflictPage
from screening.conflicts.services import resolutions
from screening.decisions.queries import conflicts


@member_required(Action.ADJUDICATE)
@require_safe
def conflict_list(request: MemberRequest) -> HttpResponseBase:
    """List the open conflicts."""
    lines = conflicts.open_conflicts(request.member)
    context = {"lines": lines, "tabs": _tabs(request, "open", len(lines))}
    return render(request, "conflicts/conflicts.html", context)


@member_required(Action.ADJUDICATE)
@require_safe
def resolved_list(request: MemberRequest) -> HttpResponseBase:
    """List the resolved conflicts."""
    lines, after = desk_queries.resolved_conflicts(
        request.member, request.GET.get("after", "")
    )
    here = reverse("conflicts:resolved", args=[request.review.code])
    context = {
        "lines": lines,
        "next_url": f"{here}?after={after}" if after else "",
        "tabs": _tabs(request, "resolved", conflicts.count_conflicts(request.member)),
    }
    return render(request, "conflicts/resolved.html", context)


def _tabs(request: MemberRequest, current: str, pending: int) -> list[dict[str, Any]]:
    code = request.review.code
    return [
        {
            "label": _("To resolve"),
            "url": reverse("conflicts:conflicts", args=[code]),
            "current": current == "open",
            "count": pending,
        },
        {
            "label": _("Resolved"),
            "url": reverse("conflicts:resolved", args=[code]),
            "current": current == "resolved",
        },
    ]


@member_required(Action.ADJUDICATE)
@require_safe
def conflict_page(request: MemberRequest, round: str) -> HttpResponseBase:  # noqa: A002
    """Show a conflict: the record, all votes, discussion and resolution."""
    return _page(request, _case(request, round))


def _case(request: MemberRequest, code: str) -> ConflictPage:
    found = desk_queries.conflict_page(request.member, code)
    if found is None:
        raise Http404("No such conflict.")
    return found


def _page(
    request: MemberRequest, case: ConflictPage, *, status: int = 200, **forms: Any
) -> HttpResponseBase:
    context = {
        "case": case,
        "conflict": case.conflict,
        "resolve_form": ResolveForm(reasons=case.conflict.reasons),
        "comment_form": CommentForm(initial={"key": uuid4()}),
        "reopen_form": ReopenForm(),
        **forms,
    }
    return render(request, "conflicts/conflict.html", context, status=status)


@member_required(Action.ADJUDICATE)
@require_POST
def post_comment(request: MemberRequest, round: str) -> HttpResponseBase:  # noqa: A002
    """Post a comment."""
    case, form = _case(request, round), CommentForm(request.POST)
    if not form.is_valid():
        return _page(request, case, comment_form=form, status=422)
    resolutions.post_comment(
        actor=request.member,
        round_code=round,
        text=form.cleaned_data["text"],
        key=form.cleaned_data["key"],
        now=timezone.now(),
    )
    return redirect("conflicts:conflict", request.review.code, round)


@member_required(Action.ADJUDICATE)
@require_POST
def resolve(request: MemberRequest, round: str) -> HttpResponseBase:  # noqa: A002
    """Resolve a conflict and open the next one."""
    case = _case(request, round)
    form = ResolveForm(request.POST, reasons=case.conflict.reasons)
    if not form.is_valid():
        return _page(request, case, resolve_form=form, status=422)
    _resolve(request, round, form.cleaned_data)
    is_included = form.cleaned_data["verdict"] == "include"
    done(request, _("Resolved: include.") if is_included else _("Resolved: exclude."))
    return _next(request, case.next_code)


def _resolve(request: MemberRequest, code: str, data: dict[str, Any]) -> None:
    is_excluded = data["verdict"] == "exclude"
    resolutions.resolve(
        actor=request.member,
        round_code=code,
        verdict=data["verdict"],
        reason_code=data.get("reason", "") if is_excluded else "",
        rationale=data["rationale"],
        now=timezone.now(),
    )


@member_required(Action.ADJUDICATE)
@require_POST
def reopen(request: MemberRequest, round: str) -> HttpResponseBase:  # noqa: A002
    """Reopen a resolved conflict with a reason."""
    case, form = _case(request, round), ReopenForm(request.POST)
    if not form.is_valid():
        return _page(request, case, reopen_form=form, status=422)
    resolutions.reopen(
        actor=request.member,
        round_code=round,
        why=form.cleaned_data["why"],
        now=timezone.now(),
    )
    done(request, _("The conflict is open again."))
    return redirect("conflicts:conflict", request.review.code, round)


def _next(request: MemberRequest, code: str) -> HttpResponseBase:
    if code:
        return redirect("conflicts:conflict", request.review.code, code)
    return redirect("conflicts:conflicts", request.review.code)
