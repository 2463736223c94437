"""Pages of stages: overview, one stage, start, close, decisions, assignments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from reviewapp.core.filters import chosen
from reviewapp.core.lib.cells import csv_line, safe_cell
from reviewapp.core.lib.load_once import loading_once
from reviewapp.core.permissions import Action, can
from reviewapp.core.web import MemberRequest, done, member_required
from screening.decisions.forms import ReasonsForm, StageForm, StageSettingsForm
from screening.decisions.models import Stage
from screening.decisions.queries import (
    agreement,
    decisions,
    freed_places,
    policies,
    progress,
    reviewer_work,
    sample,
    screen,
    stage_sizes,
    unblindings,
    waves,
)
from screening.decisions.queries import closing as closing_queries
from screening.decisions.queries import stages as stage_queries
from screening.decisions.services import closing, finalising, stage_jobs, stages


def stage_or_404(request: MemberRequest, code: str) -> Stage:
    """Return the stage of the URL, or raise 404."""
    stage = stage_queries.find_stage(request.member, code)
    if stage is None:
        raise Http404("No such stage.")
    return stage


@member_required()
@require_safe
@loading_once()
def stage_list(request: MemberRequest) -> HttpResponseBase:
    """Show all stages with assignments and numbers of decisions."""
    found = stage_queries.stage_overview(request.member)
    context = {
        "stages": found,
        "is_under_way": any(stage.state == "open" for stage in found),
        "may_set": can(request.member, Action.SET_POLICY),
        "own": policies.stages_to_screen(request.member),
    }
    return render(request, "decisions/stages.html", context)


@member_required()
@require_safe
@loading_once()
def stage_page(request: MemberRequest, stage: str) -> HttpResponseBase:
    """Show a stage: assignments, finished members, decisions and agreement."""
    found = stage_or_404(request, stage)
    may_set = can(request.member, Action.SET_POLICY)
    context = {
        "stage": stage_queries.stage_detail(request.member, found),
        "job": stage_sizes.current_job(request.member, found) if may_set else None,
        "agreement": agreement.stage_agreement(request.member, found),
        "open_agreement": agreement.open_agreement(request.member, found),
        "shows_agreement": found.shows_agreement,
        "work": reviewer_work.reviewer_work(request.member, found, is_open=False)
        if found.started_at
        else (),
        "progress_sentence": progress.progress_sentence(request.review),
        "unblindings": unblindings.stage_unblindings(found),
        "freed": freed_places.freed_places(found) if may_set else [],
        "singles": may_set
        and closing_queries.has_single_reviewers(request.member, found),
        "screeners": stage_queries.screeners(request.member) if may_set else [],
        "may_set": may_set,
        "may_screen": found.code in policies.stages_to_screen(request.member),
    }
    return render(request, "decisions/stage.html", context)


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def add_stage(request: MemberRequest) -> HttpResponseBase:
    """Add a further stage."""
    form = StageForm(request.POST or None, initial={"subject": Stage.Subject.RECORD})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = stages.add_stage(
            actor=request.member,
            name=data["name"],
            subject=data["subject"],
            needs_reason=data["needs_reason"],
            reasons=[line for line in data["reasons"].splitlines() if line.strip()],
            now=timezone.now(),
        )
        sentence = _("{stage} is added. Now set its screening assignments.")
        done(request, sentence.format(stage=made.name))
        return redirect("decisions:policy", request.review.code, made.code)
    status = 422 if form.errors else 200
    return render(request, "decisions/stage_add.html", {"form": form}, status=status)


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def edit_reasons(request: MemberRequest, stage: str) -> HttpResponseBase:
    """Edit the reasons for exclusion."""
    found = stage_or_404(request, stage)
    offered = "\n".join(reason.text for reason in screen.offered_reasons(found))
    form = ReasonsForm(request.POST or None, initial={"reasons": offered})
    if request.method == "POST" and form.is_valid():
        stages.set_reasons(
            actor=request.member,
            stage_code=found.code,
            texts=form.cleaned_data["reasons"].splitlines(),
            now=timezone.now(),
        )
        sentence = _("Reasons for exclusion at {stage} saved.")
        done(request, sentence.format(stage=found.name))
        return redirect("decisions:stage", request.review.code, found.code)
    context = {"form": form, "stage": found}
    return render(request, "decisions/reasons.html", context)


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def change_settings(request: MemberRequest, stage: str) -> HttpResponseBase:
    """Change the settings of a stage: whether adjudicators see names."""
    found = stage_or_404(request, stage)
    # A test client sends no field for an unticked box, so POST may be empty.
    data = request.POST if request.method == "POST" else request.POST or None
    initial = {
        "hides_names": found.hides_names,
        "shows_agreement": found.shows_agreement,
    }
    form = StageSettingsForm(data, initial=initial)
    if request.method == "POST" and form.is_valid():
        stages.set_hides_names(
            actor=request.member,
            stage_code=found.code,
            hides_names=form.cleaned_data["hides_names"],
            now=timezone.now(),
        )
        stages.set_shows_agreement(
            actor=request.member,
            stage_code=found.code,
            shows_agreement=form.cleaned_data["shows_agreement"],
            now=timezone.now(),
        )
        done(request, _("Settings of {stage} saved.").format(stage=found.name))
        return redirect("decisions:stage", request.review.code, found.code)
    context = {"form": form, "stage": found}
    return render(request, "decisions/stage_settings.html", context)


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def start_stage(request: MemberRequest, stage: str) -> HttpResponseBase:
    """Start a stage, after a page that confirms it."""
    found = stage_or_404(request, stage)
    if request.method == "POST":
        asked: dict[str, Any] = {
            "actor": request.member,
            "stage_code": found.code,
            "now": timezone.now(),
        }
        if stage_sizes.is_large(found):
            stage_jobs.request_start(**asked)
            return redirect("decisions:stage", request.review.code, found.code)
        stages.start_stage(**asked)
        done(request, _("{stage} has started.").format(stage=found.name))
        return redirect("decisions:stage", request.review.code, found.code)
    context = {"stage": stage_queries.stage_detail(request.member, found)}
    return render(request, "decisions/start.html", context)


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def close_stage(request: MemberRequest, stage: str) -> HttpResponseBase:
    """Close the open wave, after a page that names what closing it leaves."""
    found = stage_or_404(request, stage)
    view = closing_queries.closing_view(request.member, found)
    # What the lead has read and agreed to; anything else is shown again first.
    has_changed = request.POST.get("summary", view.summary) != view.summary
    if request.method == "POST" and not has_changed:
        asked: dict[str, Any] = {
            "actor": request.member,
            "stage_code": found.code,
            "now": timezone.now(),
        }
        if stage_sizes.is_large(found):
            stage_jobs.request_closing(**asked)
            return redirect("decisions:stage", request.review.code, found.code)
        wave = closing.close_wave(**asked)
        if wave.number == 1:
            sentence = _("{stage} is closed. All its votes are visible to the team.")
        else:
            sentence = _(
                "Wave {n} of {stage} is closed. All its votes are visible to the team."
            )
        done(request, sentence.format(n=wave.number, stage=found.name))
        return redirect("decisions:stage", request.review.code, found.code)
    context = {
        "stage": stage_queries.stage_detail(request.member, found),
        "closing": view,
        "has_changed": has_changed,
    }
    status = 409 if has_changed else 200
    return render(request, "decisions/close.html", context, status=status)


@member_required(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def finalise_singles(request: MemberRequest, stage: str) -> HttpResponseBase:
    """Make single-screened votes final, after a page that says what this means."""
    found = stage_or_404(request, stage)
    if request.method == "POST":
        n = finalising.finalise_singles(
            actor=request.member, stage_code=found.code, now=timezone.now()
        )
        sentence = ngettext(
            "{n} single-screened vote at {stage} is final.",
            "{n} single-screened votes at {stage} are final.",
            n,
        )
        done(request, sentence.format(n=f"{n:,}", stage=found.name))
        return redirect("decisions:stage", request.review.code, found.code)
    context = {
        "stage": stage_queries.stage_detail(request.member, found),
        "singles": closing_queries.single_reviewer_rounds(request.member, found),
    }
    return render(request, "decisions/finalise.html", context)


@member_required()
@require_safe
@loading_once()
def decision_list(request: MemberRequest, stage: str) -> HttpResponseBase:
    """List a stage's final decisions, which its counts link to."""
    found = stage_or_404(request, stage)
    verdict = chosen(request.GET, "verdict", ("include", "exclude"))
    lines, after = decisions.decision_page(
        request.member, found, verdict=verdict, after=request.GET.get("after", "")
    )
    here = reverse("decisions:decisions", args=[request.review.code, found.code])
    decided = decisions.counts_of_stage(request.review, found)
    context = {
        "stage": found,
        "lines": lines,
        "next_url": f"{here}?verdict={verdict}&after={after}" if after else "",
        "tabs": [
            _tab(_("All"), here, "", verdict, decided.total),
            _tab(_("Included"), here, "include", verdict, decided.include),
            _tab(_("Excluded"), here, "exclude", verdict, decided.exclude),
        ],
    }
    return render(request, "decisions/decisions.html", context)


def _tab(label: str, here: str, value: str, current: str, n: int) -> dict[str, Any]:
    url = f"{here}?verdict={value}" if value else here
    return {"label": label, "url": url, "current": value == current, "count": n}


@member_required()
@require_safe
@loading_once()
def assignment_list(request: MemberRequest, stage: str) -> HttpResponseBase:
    """List the assignments of a stage."""
    found = stage_or_404(request, stage)
    policy = stage_queries.assignment_rules(found)
    rules = policy.lines if policy else ()
    found_waves = waves.wave_views(request.member, found)
    is_open = bool(found_waves) and found_waves[-1].closed_at is None
    total = sum(wave.total for wave in found_waves)
    numbers = {"0", *(str(one.no) for one in rules)}
    line = int(chosen(request.GET, "line", numbers) or 0)
    lines, after = sample.assignment_page(
        request.member, found, line=line, after=request.GET.get("after", "")
    )
    here = reverse("decisions:sample", args=[request.review.code, found.code])
    sees_open = sample.sees_open_list(request.member, found)
    tabs = [
        _line_tab(_("All"), here, 0, line, total if sees_open or not is_open else None)
    ]
    for one_line in rules:
        label = _("Rule {no}: {names}").format(no=one_line.no, names=one_line.names)
        tabs.append(_line_tab(label, here, one_line.no, line, None))
    context = {
        "stage": found,
        "is_pool": policy is not None and policy.is_pool,
        "lines": lines,
        "tabs": tabs,
        "next_url": f"{here}?line={line}&after={after}" if after else "",
        "may_set": can(request.member, Action.SET_POLICY),
        "draws": sample.draws(request.member, found),
        "is_secret": is_open and not sees_open,
    }
    return render(request, "decisions/sample.html", context)


def _line_tab(
    label: str, here: str, no: int, current: int, n: int | None
) -> dict[str, Any]:
    url = f"{here}?line={no}" if no else here
    return {"label": label, "url": url, "current": no == current, "count": n}


@member_required(Action.EXPORT)
@require_safe
def assignments_csv(request: MemberRequest, stage: str) -> HttpResponseBase:
    """Download the assignments as CSV, one row per assignment."""
    found = stage_or_404(request, stage)

    def rows() -> Iterator[str]:
        yield csv_line(["code", "title", "wave", "rule", "draw", "reviewer"])
        for row in sample.assignment_rows(request.member, found):
            yield csv_line(
                [
                    row.code,
                    safe_cell(row.title),
                    *(row.wave, row.rule, row.draw),
                    safe_cell(row.reviewer),
                ]
            )

    response = StreamingHttpResponse(rows(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="assignments.csv"'
    return response
