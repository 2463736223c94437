"""Pages outside a review: list of reviews, new review, invitation."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reviewapp.core.forms import ReviewForm
from reviewapp.core.models import Role
from reviewapp.core.queries import reviews as review_queries
from reviewapp.core.queries.invitations import is_emailed, received_invitations
from reviewapp.core.services import reviews, team
from reviewapp.core.web import done, user_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the reviews of the user."""
    return render(
        request,
        "core/home.html",
        {
            "reviews": review_queries.reviews_of_user(user_of(request)),
            "invitations": received_invitations(user_of(request), timezone.now()),
        },
    )


@require_http_methods(["POST"])
def accept_invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Join the review of an invitation to the user's own address."""
    member = team.accept_own_invitation(
        user=user_of(request), code=code, now=timezone.now()
    )
    done(request, _("Welcome to “{title}”.").format(title=member.review.title))
    return redirect("review:overview", member.review.code)


@require_http_methods(["GET", "POST"])
def new_review(request: HttpRequest) -> HttpResponse:
    """Create a review."""
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lead = reviews.create_review(
            user=user_of(request), title=form.cleaned_data["title"], now=timezone.now()
        )
        done(request, _("The review is created. You are its lead."))
        return redirect("review:overview", lead.review.code)
    return render(request, "core/new_review.html", {"form": form})


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation: join, or log in or sign up first."""
    found = team.open_invitation(token, timezone.now())
    if not request.user.is_authenticated:
        request.session["invitation_url"] = request.path
        if is_emailed(token):
            # A person with this link has read the emails of the address.
            get_adapter().stash_verified_email(request, found.email)
    elif request.method == "POST":
        member = team.accept_invitation(
            user=user_of(request), token=token, now=timezone.now()
        )
        request.session.pop("invitation_url", None)
        done(request, _("Welcome to “{title}”.").format(title=member.review.title))
        return redirect("review:overview", member.review.code)
    context = {"invitation": found, "role": Role(found.role).label}
    return render(request, "core/invitation.html", context)
