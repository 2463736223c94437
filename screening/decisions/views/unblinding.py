"""Pages for early unblinding of a round, a stage or the review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done, member_required
from screening.decisions.forms import UnblindForm, UnblindManyForm
from screening.decisions.queries import sample
from screening.decisions.services import unblinding
from screening.decisions.services.unblinding import UnblindedCounts
from screening.decisions.views.stages import stage_or_404

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class UnblindEffects:
    """The texts of a page that confirms unblinding."""

    heading: str | StrPromise
    submit: str | StrPromise
    effects: tuple[str | StrPromise, ...]


@dataclass(frozen=True, slots=True)
class UnblindPage:
    """A page that confirms unblinding: its texts, the name to type, the way back."""

    what: UnblindEffects
    name: str
    back: str
    back_text: str


STAGE = UnblindEffects(
    gettext_lazy("Unblind all votes so far?"),
    gettext_lazy("Unblind votes"),
    (
        gettext_lazy(
            "Leads and admins can see every vote cast so far at this stage, with "
            "reasons and notes."
        ),
        gettext_lazy(
            "Where the only assigned reviewer has voted, that vote becomes the final "
            "decision. Everything else with a vote goes to the Conflicts page. No one "
            "can vote on these any more."
        ),
        gettext_lazy("Anything without a vote stays in the queues and stays blinded."),
        gettext_lazy("Agreement uses only votes cast before unblinding."),
    ),
)
REVIEW = UnblindEffects(
    gettext_lazy("Unblind all votes and charts so far?"),
    gettext_lazy("Unblind votes and charts"),
    (
        gettext_lazy(
            "Leads and admins can see every vote and every submitted chart so far, at "
            "all stages and forms under way."
        ),
        gettext_lazy(
            "Where the only assigned reviewer has voted or charted, that becomes the "
            "final decision or chart. Everything else with a vote or chart goes to the "
            "Conflicts and Discrepancies pages. No one can vote on or chart these any "
            "more."
        ),
        gettext_lazy(
            "Anything without a vote or chart stays in the queues and stays blinded."
        ),
        gettext_lazy("Agreement uses only votes cast before unblinding."),
    ),
)


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def unblind_round(request: MemberRequest, stage: str, round: str) -> HttpResponseBase:  # noqa: A002
    """Unblind one round, with a reason."""
    found = stage_or_404(request, stage)
    paper = sample.item_of_round(request.member, found, round)
    if paper is None:
        raise Http404("No such record at this stage.")
    form = UnblindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        unblinding.unblind_round(
            actor=request.member, round_code=round, reason=reason, now=timezone.now()
        )
        done(request, _("The votes are unblinded. Resolve the conflict here."))
        return redirect("conflicts:conflict", request.review.code, round)
    context = {"stage": found, "paper": paper, "form": form}
    status = 422 if form.errors else 200
    return render(request, "decisions/unblind.html", context, status=status)


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def unblind_stage(request: MemberRequest, stage: str) -> HttpResponseBase:
    """Unblind all votes cast so far at a stage, with a reason."""
    found = stage_or_404(request, stage)
    form = UnblindManyForm(request.POST or None, name=found.name)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        opened = unblinding.unblind_stage(
            actor=request.member,
            stage_code=found.code,
            reason=reason,
            now=timezone.now(),
        )
        done(request, _sentence(opened))
        return redirect("decisions:stage", request.review.code, found.code)
    back = reverse("decisions:stage", args=[request.review.code, found.code])
    return confirm_page(request, form, UnblindPage(STAGE, found.name, back, found.name))


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def unblind_review(request: MemberRequest) -> HttpResponseBase:
    """Unblind all votes and charts of the review so far, with a reason."""
    form = UnblindManyForm(request.POST or None, name=request.review.title)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        opened = unblinding.unblind_review(
            actor=request.member, reason=reason, now=timezone.now()
        )
        done(request, _sentence(opened))
        return redirect("decisions:stages", request.review.code)
    back = reverse("decisions:stages", args=[request.review.code])
    return confirm_page(
        request, form, UnblindPage(REVIEW, request.review.title, back, _("Stages"))
    )


def confirm_page(
    request: MemberRequest, form: UnblindManyForm, question: UnblindPage
) -> HttpResponseBase:
    """Render the page that confirms unblinding and asks for reason and name."""
    status = 422 if form.errors else 200
    context = {"form": form, "question": question}
    return render(request, "decisions/unblind_many.html", context, status=status)


def _sentence(opened: UnblindedCounts) -> str:
    sentence = ngettext(
        "The votes on {n} record or report are unblinded. Of these, {conflicts} need "
        "to be resolved on the Conflicts page.",
        "The votes on {n} records or reports are unblinded. Of these, {conflicts} need "
        "to be resolved on the Conflicts page.",
        opened.rounds,
    )
    return sentence.format(n=f"{opened.rounds:,}", conflicts=f"{opened.conflicts:,}")
