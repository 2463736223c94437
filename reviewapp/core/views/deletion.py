"""Pages to schedule and cancel the deletion of a review."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reviewapp.core.forms import DeleteReviewForm
from reviewapp.core.permissions import Action
from reviewapp.core.services import deletion
from reviewapp.core.web import MemberRequest, done, member_required


@member_required(Action.CONFIGURE)
@require_http_methods(["GET", "POST"])
def delete_review(request: MemberRequest) -> HttpResponseBase:
    """Show the effects, and schedule the deletion after the title is typed."""
    form = DeleteReviewForm(request.POST or None, title=request.review.title)
    if request.method == "POST" and form.is_valid():
        typed, now = form.cleaned_data["typed"], timezone.now()
        on = deletion.schedule_deletion(actor=request.member, typed=typed, now=now)
        sentence = _("The review will be deleted on {date}.")
        done(request, sentence.format(date=date_format(on, "j F Y")))
        return redirect("review:delete", request.review.code)
    context = {"form": form, "days": settings.ERASE_AFTER_DAYS}
    status = 422 if form.errors else 200
    return render(request, "core/delete_review.html", context, status=status)


@member_required(Action.CONFIGURE, until_erased=True)
@require_POST
def cancel_deletion(request: MemberRequest) -> HttpResponseBase:
    """Cancel the deletion."""
    deletion.cancel_deletion(actor=request.member, now=timezone.now())
    done(request, _("The deletion is cancelled. The review was not changed."))
    return redirect("review:configure", request.review.code)
