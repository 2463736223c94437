"""Pairs of one kind, looked through and answered together."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done, member_required
from screening.records.queries import desk
from screening.records.services import many_answers
from screening.records.services.many_answers import Answered
from screening.records.views.lookup import found, may


@member_required()
@require_safe
def kinds(request: MemberRequest) -> HttpResponse:
    """The kinds of evidence that open pairs have."""
    context = {"kinds": desk.kinds(request.member)}
    return render(request, "records/kinds.html", context)


@member_required()
@require_http_methods(["GET", "POST"])
def kind(request: MemberRequest, kind: str) -> HttpResponseBase:
    """All pairs of one kind, each to be left out or answered with the others."""
    if request.method == "POST":
        answered = many_answers.answer_many(
            actor=request.member,
            codes=request.POST.getlist("pair"),
            answer=request.POST.get("answer", ""),
            now=timezone.now(),
        )
        done(request, _sentence(answered, request.POST.get("answer", "")))
        return redirect("records:kinds", request.review.code)
    context = {
        "shown": found(desk.kind(request.member, kind)),
        "may_decide": may(request, Action.DECIDE_DUPLICATES),
    }
    return render(request, "records/kind.html", context)


def _sentence(answered: Answered, answer: str) -> str:
    n = answered.done
    said = f"{n:,} pair{'' if n == 1 else 's'} answered: {answer}."
    if not answered.left:
        return said
    title, why = answered.left[0]
    more = f" ({len(answered.left)} were left)" if len(answered.left) > 1 else ""
    return f"{said} Not “{title[:60]}”: {why}{more}"
