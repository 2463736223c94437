"""Opening votes before their time: of one round, a stage, the whole review."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done, member_required
from screening.decisions.forms import UnblindForm, UnblindManyForm
from screening.decisions.queries import sample
from screening.decisions.services import unblinding
from screening.decisions.services.unblinding import Opened
from screening.decisions.views.stages import find


@dataclass(frozen=True, slots=True)
class Effects:
    """What is opened, and what that does."""

    heading: str
    submit: str
    effects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A page to confirm: what happens to what, and where "back" leads."""

    what: Effects
    name: str
    back: str
    back_text: str


STAGE = Effects(
    "Open all votes cast so far?",
    "Open the votes",
    (
        "Leads and admins can read every vote cast so far at this stage, with reasons "
        "and notes.",
        "What only one member was to judge, and has, is settled as judged; the rest "
        "waits at the conflict desk. Nobody votes on these any more.",
        "What nobody has voted on yet stays in the queues, blinded as before.",
        "Agreement goes on using only the votes cast before.",
    ),
)
REVIEW = Effects(
    "Open all votes and charts so far?",
    "Open everything",
    (
        "Leads and admins can read every vote and every chart handed in so far, at all "
        "stages and forms under way.",
        "What one member alone was to judge, and has, is settled as judged; the rest "
        "waits at the desks. Nobody votes on these any more.",
        "What nobody has judged yet stays in the queues, blinded as before.",
        "Agreement goes on using only the votes cast before.",
    ),
)


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def one(request: MemberRequest, stage: str, round: str) -> HttpResponseBase:  # noqa: A002
    """Open one round's votes to the adjudicators, with a reason."""
    found = find(request, stage)
    paper = sample.paper(request.member, found, round)
    if paper is None:
        raise Http404("No such record at this stage.")
    form = UnblindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        unblinding.unblind(
            actor=request.member, round_code=round, reason=reason, now=timezone.now()
        )
        done(request, "Its votes are open to the adjudicators; settle it here.")
        return redirect("conflicts:conflict", request.review.code, round)
    context = {"stage": found, "paper": paper, "form": form}
    status = 422 if form.errors else 200
    return render(request, "decisions/unblind.html", context, status=status)


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def of_stage(request: MemberRequest, stage: str) -> HttpResponseBase:
    """Open all votes cast so far at a stage, with a reason."""
    found = find(request, stage)
    form = UnblindManyForm(request.POST or None, name=found.name)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        opened = unblinding.unblind_stage(
            actor=request.member, stage=found, reason=reason, now=timezone.now()
        )
        done(request, _sentence(opened))
        return redirect("decisions:stage", request.review.code, found.code)
    back = reverse("decisions:stage", args=[request.review.code, found.code])
    return ask(request, form, Question(STAGE, found.name, back, found.name))


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def of_review(request: MemberRequest) -> HttpResponseBase:
    """Open all votes and charts of the review so far, with a reason."""
    form = UnblindManyForm(request.POST or None, name=request.review.title)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        opened = unblinding.unblind_review(
            actor=request.member, reason=reason, now=timezone.now()
        )
        done(request, _sentence(opened))
        return redirect("decisions:stages", request.review.code)
    back = reverse("decisions:stages", args=[request.review.code])
    return ask(request, form, Question(REVIEW, request.review.title, back, "Stages"))


def ask(
    request: MemberRequest, form: UnblindManyForm, question: Question
) -> HttpResponseBase:
    """The page that says what opening so much does, and asks for reason and name."""
    status = 422 if form.errors else 200
    context = {"form": form, "question": question}
    return render(request, "decisions/unblind_many.html", context, status=status)


def _sentence(opened: Opened) -> str:
    return (
        f"The votes on {opened.rounds:,} are open to the adjudicators; "
        f"{opened.at_desk:,} of them wait at the conflict desk."
    )
