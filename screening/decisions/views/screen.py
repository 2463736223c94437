"""The screening page, which shows one record or report at a time."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reviewapp.core import saving
from reviewapp.core.filters import chosen
from reviewapp.core.permissions import Action
from reviewapp.core.refusals import Missing, OlderState, Refused
from reviewapp.core.web import MemberRequest, done, member_required
from screening.decisions.forms import VoteForm
from screening.decisions.models import Stage
from screening.decisions.queries import policies, queue, screen, waves
from screening.decisions.queries.screen import Screening
from screening.decisions.services import stages, votes
from screening.decisions.views.stages import stage_or_404

PAGE = "decisions/screen.html"


@member_required(Action.SCREEN)
@require_safe
def next_item(request: MemberRequest, stage: str) -> HttpResponseBase:
    """Show the member's next record or report."""
    found = stage_or_404(request, stage)
    shown = screen.next_item(request.member, found)
    return _show(
        request, found, shown, last=screen.last_own_vote(request.member, found)
    )


@member_required(Action.SCREEN)
@require_safe
def voted_item(request: MemberRequest, stage: str, round: str) -> HttpResponseBase:  # noqa: A002
    """Show a record or report that the member has voted on, or returns to."""
    found = stage_or_404(request, stage)
    shown = screen.find_item(request.member, found, round)
    if shown is None:
        raise Http404("This is not assigned to you.")
    return _show(request, found, shown, is_change=shown.own is not None)


@member_required(Action.SCREEN)
@require_POST
def vote(request: MemberRequest, stage: str, round: str) -> HttpResponseBase:  # noqa: A002
    """Cast a vote and show the next record or report."""
    found = stage_or_404(request, stage)
    form = VoteForm(request.POST, reasons=screen.offered_reasons(found))
    is_change = "change" in request.POST
    try:
        if not form.is_valid():
            raise Refused(_("Choose include, exclude or unsure."))
        data = form.cleaned_data
        votes.cast_vote(
            actor=request.member,
            round_code=round,
            verdict=data["verdict"],
            reason_code=data["reason"],
            note=data["note"],
            key=data["key"],
            stage_code=found.code,
            seen_version=data["version"],
            now=timezone.now(),
        )
    except Refused as refusal:
        return _refused(request, found, round, refusal, form)
    if is_change:
        done(request, _("Your vote is changed."))
        return saving.confirm_and_go(
            request, reverse("decisions:mine", args=[request.review.code, found.code])
        )
    return _answer(request, found, last=screen.last_own_vote(request.member, found))


@member_required(Action.SCREEN)
@require_POST
def undo(request: MemberRequest, stage: str, round: str) -> HttpResponseBase:  # noqa: A002
    """Withdraw the member's vote and show its record or report again."""
    found = stage_or_404(request, stage)
    try:
        votes.withdraw_vote(
            actor=request.member,
            round_code=round,
            key=saving.key_of(request),
            stage_code=found.code,
            seen_version=saving.sent_version(request),
            now=timezone.now(),
        )
    except Missing:
        raise
    except Refused as refusal:
        shown = screen.next_item(request.member, found)
        last = screen.last_own_vote(request.member, found)
        response = _show(
            request, found, shown, error=refusal.sentence, last=last, status=422
        )
        return saving.refuse(request, response)
    return _answer(request, found, last=None)


@member_required(Action.SCREEN)
@require_safe
def own_votes(request: MemberRequest, stage: str) -> HttpResponseBase:
    """List the member's own votes, which can change until all have voted."""
    found = stage_or_404(request, stage)
    verdict = chosen(request.GET, "verdict", ("include", "exclude", "unsure"))
    lines, after = screen.own_vote_page(
        request.member, found, request.GET.get("after", ""), verdict
    )
    here = reverse("decisions:mine", args=[request.review.code, found.code])
    tabs = [
        {
            "label": label,
            "url": f"{here}?verdict={value}" if value else here,
            "current": value == verdict,
        }
        for value, label in (
            ("", _("All")),
            ("include", _("Include")),
            ("exclude", _("Exclude")),
            ("unsure", _("Unsure")),
        )
    ]
    context = {
        "stage": found,
        "lines": lines,
        "progress": queue.own_progress(request.member, found),
        "is_open": waves.open_wave(found) is not None,
        "tabs": tabs,
        "next_url": f"{here}?verdict={verdict}&after={after}" if after else "",
    }
    return render(request, "decisions/mine.html", context)


@member_required(Action.SCREEN)
@require_POST
def finish(request: MemberRequest, stage: str) -> HttpResponseBase:
    """Mark the member's screening as finished."""
    found = stage_or_404(request, stage)
    stages.mark_finished(
        actor=request.member, stage_code=found.code, now=timezone.now()
    )
    sentence = _("The team can see that you have finished {stage}.")
    done(request, sentence.format(stage=found.name))
    return _go(request, "decisions:stage", found)


def _go(request: MemberRequest, name: str, stage: Stage) -> HttpResponseBase:
    return redirect(name, request.review.code, stage.code)


def _answer(
    request: MemberRequest, stage: Stage, *, last: screen.OwnVoteLine | None
) -> HttpResponseBase:
    if saving.is_scripted(request):
        following = screen.next_item(request.member, stage)
        return saving.confirm(request, _show(request, stage, following, last=last))
    return _go(request, "decisions:screen", stage)


def _refused(
    request: MemberRequest, stage: Stage, code: str, refusal: Refused, form: VoteForm
) -> HttpResponseBase:
    """Show the same record again with the input and the reason for the refusal."""
    shown = screen.find_item(request.member, stage, code)
    if shown is None:
        raise refusal
    typed = {name: form[name].value() for name in ("verdict", "reason", "note")}
    response = _show(
        request,
        stage,
        shown,
        error=refusal.sentence,
        status=422,
        typed=typed,
        is_change="change" in request.POST,
        is_older=isinstance(refusal, OlderState),
    )
    return saving.refuse(request, response)


def _show(
    request: MemberRequest,
    stage: Stage,
    shown: Screening | None,
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    context = {"stage": stage, "shown": shown, **extra}
    if shown is None:
        progress = queue.own_progress(request.member, stage)
        context |= {
            "progress": progress,
            "is_pool": policies.pool_size_of(stage) is not None,
            "is_closed": stage.started_at is not None
            and waves.open_wave(stage) is None,
            "has_finished": queue.has_finished(request.member, stage, progress.total),
        }
    template = f"{PAGE}#card" if saving.is_scripted(request) else PAGE
    return render(request, template, context, status=status)
