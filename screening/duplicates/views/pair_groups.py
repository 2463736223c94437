"""Pages to review pairs in groups."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done, found, may, member_required
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.queries import pair_groups
from screening.duplicates.services import bulk_decisions
from screening.duplicates.services.bulk_decisions import BulkDecision


@member_required()
@require_safe
def list_groups(request: MemberRequest) -> HttpResponse:
    """List the groups of open pairs with the same evidence."""
    context = {"kinds": pair_groups.open_pair_groups(request.member)}
    return render(request, "duplicates/pair_groups.html", context)


@member_required()
@require_http_methods(["GET", "POST"])
def show_group(request: MemberRequest, kind: str) -> HttpResponseBase:
    """Show all pairs of a group, or decide on the selected ones."""
    if request.method == "POST":
        answered = bulk_decisions.decide_pairs(
            actor=request.member,
            codes=request.POST.getlist("pair"),
            answer=request.POST.get("answer", ""),
            now=timezone.now(),
        )
        done(request, _sentence(answered, request.POST.get("answer", "")))
        return redirect("duplicates:pair_groups", request.review.code)
    context = {
        "shown": found(pair_groups.pair_group_detail(request.member, kind)),
        "may_decide": may(request, Action.DECIDE_DUPLICATES),
    }
    return render(request, "duplicates/pair_group.html", context)


def _sentence(answered: BulkDecision, answer: str) -> str:
    n, left = answered.done, len(answered.left)
    if answer == PossibleDuplicate.Answer.SAME:
        said = ngettext("{n} pair marked as same.", "{n} pairs marked as same.", n)
    else:
        said = ngettext(
            "{n} pair marked as different.", "{n} pairs marked as different.", n
        )
    said = said.format(n=f"{n:,}")
    if not left:
        return said
    title, why = answered.left[0]
    skipped = ngettext(
        "{n} pair was skipped: “{title}”. {reason}",
        "{n} pairs were skipped, the first of them “{title}”. {reason}",
        left,
    ).format(n=f"{left:,}", title=title[:60], reason=why)
    return f"{said} {skipped}"
