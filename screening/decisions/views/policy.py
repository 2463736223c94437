"""Pages of the screening assignments."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from reviewapp.core.permissions import Action
from reviewapp.core.refusals import Refused
from reviewapp.core.web import MemberRequest, done, member_required
from screening.decisions.forms import PolicyForm, ReassignForm
from screening.decisions.models import Policy, Stage
from screening.decisions.queries import progress, stage_sizes
from screening.decisions.queries import stages as stage_queries
from screening.decisions.queries.stages import StageView
from screening.decisions.services import assignments, policies, stage_jobs
from screening.decisions.views.stages import stage_or_404


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def policy_page(request: MemberRequest, stage: str) -> HttpResponseBase:
    """Show and save the assignments; "preview" shows what they would draw."""
    found = stage_or_404(request, stage)
    view = stage_queries.stage_detail(request.member, found)
    form = _form(request, view)
    context: dict[str, Any] = {
        "stage": view,
        "form": form,
        "progress_sentence": progress.progress_sentence(request.review),
    }
    do = request.POST.get("do", "")
    if do in {"save", "preview"} and form.is_valid():
        try:
            if do == "save":
                return _save(request, found, form)
            context["preview"] = _preview(request, found, form)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    status = 422 if form.is_bound and form.errors and do != "add" else 200
    return render(request, "decisions/policy.html", context, status=status)


def _form(request: MemberRequest, stage: StageView) -> PolicyForm:
    members = stage_queries.screeners(request.member)
    lines = stage.policy.lines if stage.policy else ()
    asked = request.POST.get("lines", "")
    n = int(asked) if asked.isdecimal() and len(asked) < 3 else max(len(lines), 1)
    if request.POST.get("do") == "add":
        # The input stays, with one more rule; it is not validated yet.
        data = {name: value for name, value in request.POST.lists() if value}
        initial = {
            name: value if name.startswith("members_") else value[0]
            for name, value in data.items()
        }
        return PolicyForm(initial=initial, members=members, lines=n + 1)
    if request.method == "POST":
        return PolicyForm(request.POST, members=members, lines=n)
    return PolicyForm(initial=_initial(stage), members=members, lines=n)


def _initial(stage: StageView) -> dict[str, Any]:
    policy = stage.policy
    if policy is None:
        return {"mode": Policy.Mode.FIXED, "pool_size": 2, "share_1": 100}
    initial: dict[str, Any] = {
        "mode": Policy.Mode.POOL if policy.is_pool else Policy.Mode.FIXED,
        "pool_size": policy.pool_size,
        "seed": policy.seed,
    }
    for line in policy.lines:
        initial[f"share_{line.no}"] = line.percent
        initial[f"members_{line.no}"] = [person.code for person in line.members]
    return initial


def _save(request: MemberRequest, stage: Stage, form: PolicyForm) -> HttpResponseBase:
    asked: dict[str, Any] = {
        "actor": request.member,
        "stage_code": stage.code,
        "mode": form.cleaned_data["mode"],
        "lines": form.policy_lines(),
        "pool_size": form.cleaned_data["pool_size"],
        "seed": form.cleaned_data["seed"],
        "now": timezone.now(),
    }
    # Before the start nothing is assigned, so this is quick for any number.
    if stage.started_at is not None and stage_sizes.is_large(stage):
        stage_jobs.request_policy(**asked)
        return redirect("decisions:stage", request.review.code, stage.code)
    policies.set_policy(**asked)
    done(
        request,
        _("Screening assignments at {stage} saved.").format(stage=stage.name),
    )
    return redirect("decisions:stage", request.review.code, stage.code)


def _preview(request: MemberRequest, stage: Stage, form: PolicyForm) -> Any:
    data, lines = form.cleaned_data, form.policy_lines()
    policies.check_policy(
        stage=stage,
        mode=data["mode"],
        lines=lines,
        pool_size=data["pool_size"],
        seed=data["seed"],
    )
    if data["mode"] == Policy.Mode.POOL:
        return []
    return stage_queries.preview_assignments(request.member, stage, lines)


@member_required(Action.SET_POLICY)
@require_POST
def reassign(request: MemberRequest, stage: str) -> HttpResponseBase:
    """Reassign a former member's unscreened records."""
    found = stage_or_404(request, stage)
    form = ReassignForm(request.POST, members=stage_queries.screeners(request.member))
    if not form.is_valid():
        raise Http404("No such member.")
    moved = assignments.reassign(
        actor=request.member,
        stage_code=found.code,
        former_code=form.cleaned_data["former_member"],
        to_code=form.cleaned_data["to"],
        now=timezone.now(),
    )
    sentence = ngettext(
        "{n} assignment of {name} is reassigned to {to}.",
        "{n} assignments of {name} are reassigned to {to}.",
        moved.n,
    )
    text = sentence.format(n=f"{moved.n:,}", name=moved.former_member, to=moved.to)
    done(request, text)
    return redirect("decisions:stage", request.review.code, found.code)
