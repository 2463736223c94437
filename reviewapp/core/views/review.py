"""Pages of a review: overview, settings, team, protocol, jobs."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reviewapp.core import jobs as job_runner
from reviewapp.core import nav
from reviewapp.core.forms import (
    InviteForm,
    ProtocolForm,
    ReviewForm,
    RoleForm,
    SettingsForm,
)
from reviewapp.core.lib.load_once import loading_once
from reviewapp.core.models import Invitation, Job, Member, role_name
from reviewapp.core.permissions import Action, can
from reviewapp.core.queries import jobs as job_queries
from reviewapp.core.queries import protocol as protocol_queries
from reviewapp.core.queries import team as team_queries
from reviewapp.core.services import protocol, reviews, team
from reviewapp.core.web import MemberRequest, done, member_required


@member_required()
@require_safe
@loading_once()
def overview(request: MemberRequest) -> HttpResponseBase:
    """Show the member's tasks and the progress of the review."""
    context = {
        "todos": nav.viewer_todos(request.member),
        "panels": nav.overview_panels(request.member),
        "protocol": protocol_queries.latest_protocol(request.member),
    }
    return render(request, "core/overview.html", context)


@member_required(Action.EDIT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def rename_review(request: MemberRequest) -> HttpResponseBase:
    """Change the title of the review."""
    form = ReviewForm(request.POST or None, initial={"title": request.review.title})
    if request.method == "POST" and form.is_valid():
        reviews.rename_review(
            actor=request.member, title=form.cleaned_data["title"], now=timezone.now()
        )
        done(request, _("The title is changed."))
        return redirect("review:overview", request.review.code)
    return render(request, "core/rename.html", {"form": form})


@member_required(Action.CONFIGURE)
@require_http_methods(["GET", "POST"])
def change_settings(request: MemberRequest) -> HttpResponseBase:
    """Change the settings of the review."""
    review = request.review
    initial = {
        "needs_second_factor": review.needs_second_factor,
        "keep_until": review.keep_until,
        "progress_for": review.progress_for,
    }
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        reviews.change_settings(
            actor=request.member, now=timezone.now(), **form.cleaned_data
        )
        done(request, _("The settings are saved."))
        return redirect("review:configure", review.code)
    return render(request, "core/configure.html", {"form": form})


# ── Team ─────────────────────────────────────────────────────────────────────


@member_required()
@require_safe
def team_page(request: MemberRequest) -> HttpResponseBase:
    """Show the members and the pending invitations."""
    may = can(request.member, Action.MANAGE_TEAM)
    context = {
        "members": team_queries.team_members(request.member),
        "invitations": team_queries.open_invitations(request.member, timezone.now())
        if may
        else [],
        "may_manage": bool(may),
    }
    return render(request, "core/team.html", context)


@member_required(Action.MANAGE_TEAM)
@require_http_methods(["GET", "POST"])
def invite_member(request: MemberRequest) -> HttpResponseBase:
    """Invite a member by email."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent, _token = team.invite_member(
            actor=request.member, now=timezone.now(), **form.cleaned_data
        )
        done(
            request,
            _(
                "We have emailed an invitation to {email}. Below you can also copy a "
                "link and send it yourself."
            ).format(email=sent.email),
        )
        return redirect("review:team", request.review.code)
    return render(request, "core/invite.html", {"form": form})


@member_required(Action.MANAGE_TEAM)
@require_http_methods(["POST"])
def withdraw_invitation(request: MemberRequest, invitation: str) -> HttpResponseBase:
    """Withdraw an open invitation."""
    found = get_object_or_404(Invitation, review=request.review, code=invitation)
    team.withdraw_invitation(actor=request.member, invitation=found, now=timezone.now())
    done(
        request, _("The invitation to {email} is withdrawn.").format(email=found.email)
    )
    return redirect("review:team", request.review.code)


def _active_member(request: MemberRequest, code: str) -> Member:
    return get_object_or_404(Member, review=request.review, code=code, removed_at=None)


@member_required(Action.MANAGE_TEAM)
@require_http_methods(["GET", "POST"])
def change_role(request: MemberRequest, member: str) -> HttpResponseBase:
    """Change the role of a member."""
    found = _active_member(request, member)
    form = RoleForm(request.POST or None, initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        changed = team.change_role(
            actor=request.member,
            member=found,
            role=form.cleaned_data["role"],
            now=timezone.now(),
        )
        done(
            request,
            _("The role of {name} is now: {role}.").format(
                name=changed.name, role=role_name(changed.role)
            ),
        )
        return redirect("review:team", request.review.code)
    return render(request, "core/change_role.html", {"form": form, "person": found})


@member_required(Action.MANAGE_TEAM)
@require_http_methods(["GET", "POST"])
def remove_member(request: MemberRequest, member: str) -> HttpResponseBase:
    """Remove a member after showing the effects on their work."""
    found = _active_member(request, member)
    if request.method == "POST":
        team.remove_member(actor=request.member, member=found, now=timezone.now())
        done(
            request,
            _("{name} is removed. Their votes are kept.").format(name=found.name),
        )
        return redirect("review:team", request.review.code)
    return render(request, "core/remove_member.html", {"person": found})


# ── Protocol ─────────────────────────────────────────────────────────────────


@member_required()
@require_safe
def protocol_page(
    request: MemberRequest, version: int | None = None
) -> HttpResponseBase:
    """Show the latest version of the protocol, or an earlier one."""
    if version is None:
        shown = protocol_queries.latest_protocol(request.member)
    else:
        shown = protocol_queries.protocol_version(request.member, version)
        if shown is None:
            raise Http404("No such version.")
    context = {
        "protocol": shown,
        "versions": protocol_queries.protocol_versions(request.member),
        "may_edit": bool(can(request.member, Action.EDIT_PROTOCOL)),
    }
    return render(request, "core/protocol.html", context)


@member_required(Action.EDIT_PROTOCOL)
@require_http_methods(["GET", "POST"])
def edit_protocol(request: MemberRequest) -> HttpResponseBase:
    """Save a new version of the protocol."""
    now = protocol_queries.latest_protocol(request.member)
    form = ProtocolForm(request.POST or None, initial=_initial_protocol(now))
    if request.method == "POST" and form.is_valid():
        saved = protocol.save_protocol(
            actor=request.member, now=timezone.now(), **form.cleaned_data
        )
        done(
            request,
            _("The protocol is saved as version {version}.").format(
                version=saved.version
            ),
        )
        return redirect("review:protocol", request.review.code)
    return render(request, "core/edit_protocol.html", {"form": form})


def _initial_protocol(shown: protocol_queries.ProtocolView | None) -> dict[str, object]:
    if shown is None:
        return {}
    return {
        "question": shown.question,
        "population": shown.population,
        "concept": shown.concept,
        "context": shown.context,
        "registration": shown.registration,
        "include": "\n".join(shown.include),
        "exclude": "\n".join(shown.exclude),
        "based_on": shown.version,
    }


# ── Jobs ─────────────────────────────────────────────────────────────────────


@member_required()
@require_safe
def job_page(request: MemberRequest, job: str) -> HttpResponseBase:
    """Show the progress of a job; htmx polls this page until the job is over."""
    found = job_queries.find_job(request.member, job)
    if found is None:
        raise Http404("No such job.")
    if request.headers.get("HX-Request") != "true":
        return render(request, "core/job.html", {"job": found})
    response = render(
        request, "components/job.html", {"job": found, "review": request.review}
    )
    if found.is_over:
        # Reload the page, because its other parts may have changed.
        response["HX-Refresh"] = "true"
    return response


@member_required()
@require_http_methods(["POST"])
def retry_job(request: MemberRequest, job: str) -> HttpResponseBase:
    """Run a failed job again from where it stopped."""
    mine_or_public = Q(created_by=request.member) | Q(is_private=False)
    found = get_object_or_404(Job, mine_or_public, review=request.review, code=job)
    job_runner.retry_failed_job(actor=request.member, job=found, now=timezone.now())
    return redirect("review:job", request.review.code, found.code)
