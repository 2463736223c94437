"""Pages of duplicates: overview, possible duplicates, merges and undoing them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect, push_url

from reviewapp.core.filters import chosen
from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done, found, may, member_required
from screening.duplicates.queries import duplicates as queries
from screening.duplicates.queries import pair_groups
from screening.duplicates.services import duplicates


@member_required()
@require_safe
def show_overview(request: MemberRequest) -> HttpResponse:
    """Show the duplicate counts, open pairs and the latest run."""
    context = {
        "overview": queries.duplicates_overview(request.member),
        "may_decide": may(request, Action.DECIDE_DUPLICATES),
    }
    return render(request, "duplicates/overview.html", context)


@member_required(Action.DECIDE_DUPLICATES)
@require_http_methods(["POST"])
def start_run(request: MemberRequest) -> HttpResponseBase:
    """Request a run over all records."""
    duplicates.request_full_run(actor=request.member, now=timezone.now())
    return redirect("duplicates:overview", request.review.code)


@member_required()
@require_safe
def list_merges(request: MemberRequest) -> HttpResponse:
    """List active merges with their evidence."""
    how = chosen(request.GET, "how", ("certain", "person"))
    page = queries.merges_page(
        request.member, how=how, after=request.GET.get("after", "")
    )
    following = f"?how={how}&after={page.next}" if page.next else ""
    context = {
        "page": page,
        "how": how,
        "next_url": following,
        "may_decide": may(request, Action.DECIDE_DUPLICATES),
    }
    return render(request, "duplicates/merges.html", context)


@member_required(Action.DECIDE_DUPLICATES)
@require_http_methods(["GET", "POST"])
def undo_merge(request: MemberRequest, merge: str) -> HttpResponseBase:
    """Undo a merge after confirmation."""
    if request.method == "POST":
        duplicates.undo_merge(
            actor=request.member, merge_code=merge, now=timezone.now()
        )
        done(request, _("Merge undone. The two records are separate again."))
        return redirect("duplicates:merges", request.review.code)
    effects = [
        _("The flow counts one more record and one fewer duplicate."),
        _("The record is screened separately. Votes already cast do not change."),
        _("Later deduplication runs do not merge the two."),
    ]
    context = {
        "merge": found(queries.merge_detail(request.member, merge)),
        "effects": effects,
    }
    return render(request, "duplicates/merge_undo.html", context)


@member_required()
@require_safe
def show_next_pair(request: MemberRequest) -> HttpResponseBase:
    """Redirect to the next open pair, or to the overview if there is none."""
    after = request.GET.get("after", "")
    code = queries.next_pair(request.member, after=after)
    if not code:
        return redirect("duplicates:overview", request.review.code)
    return redirect("duplicates:pair", request.review.code, code)


@member_required()
@require_safe
def show_pair(request: MemberRequest, pair: str) -> HttpResponse:
    """Show two records side by side."""
    return render(request, "duplicates/pair.html", _desk(request, pair))


@member_required(Action.DECIDE_DUPLICATES)
@require_http_methods(["POST"])
def decide_pair(request: MemberRequest, pair: str) -> HttpResponseBase:
    """Store a decision and show the next pair."""
    duplicates.decide_pair(
        actor=request.member,
        pair_code=pair,
        answer=request.POST.get("answer", ""),
        now=timezone.now(),
    )
    following = queries.next_pair(request.member, after=pair)
    name, args = ("duplicates:pair", [following]) if following else (
        "duplicates:overview", [])  # fmt: skip
    url = reverse(name, args=[request.review.code, *args])
    if not request.headers.get("HX-Request"):
        return redirect(url)
    if not following:
        return HttpResponseClientRedirect(url)
    pair_groups = render(
        request, "duplicates/pair.html#desk", _desk(request, following)
    )
    return push_url(pair_groups, url)


@member_required(Action.DECIDE_DUPLICATES)
@require_http_methods(["POST"])
def reopen_pair(request: MemberRequest, pair: str) -> HttpResponseBase:
    """Reopen a pair."""
    duplicates.reopen_pair(actor=request.member, pair_code=pair, now=timezone.now())
    return redirect("duplicates:pair", request.review.code, pair)


@member_required()
@require_safe
def list_decisions(request: MemberRequest) -> HttpResponse:
    """List the decisions of members."""
    context = {
        "pairs": queries.decided_pairs(request.member),
        "may_decide": may(request, Action.DECIDE_DUPLICATES),
    }
    return render(request, "duplicates/answers.html", context)


def _desk(request: MemberRequest, code: str) -> dict[str, Any]:
    pair = found(queries.pair_detail(request.member, code))
    return {
        "pair": pair,
        "around": pair_groups.pair_surroundings(request.member, pair),
        "waiting": queries.count_open_pairs(request.member),
        "may_decide": may(request, Action.DECIDE_DUPLICATES),
    }
