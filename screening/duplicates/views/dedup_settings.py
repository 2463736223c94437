"""Page of the deduplication settings: visible to all, changed by leads."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reviewapp.core.permissions import Action, require
from reviewapp.core.web import MemberRequest, done, may, member_required
from screening.duplicates.forms import DedupSettingsForm
from screening.duplicates.queries import dedup_settings as queries
from screening.duplicates.services import dedup_settings


@member_required()
@require_http_methods(["GET", "POST"])
def settings_page(request: MemberRequest) -> HttpResponseBase:
    """Show the deduplication settings, or store them."""
    policy = queries.get_settings(request.review)
    given = request.POST if request.method == "POST" else None
    form = DedupSettingsForm(
        given, initial={name: getattr(policy, name) for name in queries.NAMES}
    )
    if given is not None:
        require(request.member, Action.CONFIGURE)
        if form.is_valid():
            dedup_settings.save_settings(
                actor=request.member, policy=form.policy(), now=timezone.now()
            )
            done(request, _("Settings saved. They apply from the next run."))
            return redirect("duplicates:overview", request.review.code)
    context = {
        "form": form,
        "lines": [(form.fields[name].label, form[name].help_text, getattr(policy, name))
                  for name in queries.NAMES],
        "may_set": may(request, Action.CONFIGURE),
    }  # fmt: skip
    return render(
        request,
        "duplicates/dedup_settings.html",
        context,
        status=200 if given is None else 422,
    )
