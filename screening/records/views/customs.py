"""Page of the deduplication settings: visible to all, changed by leads."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reviewapp.core.permissions import Action, require
from reviewapp.core.web import MemberRequest, done, member_required
from screening.records.forms import CustomsForm
from screening.records.queries import customs as queries
from screening.records.services import customs
from screening.records.views.lookup import may


@member_required()
@require_http_methods(["GET", "POST"])
def customs_page(request: MemberRequest) -> HttpResponseBase:
    """Show the deduplication settings, or store them."""
    policy = queries.of(request.review)
    given = request.POST if request.method == "POST" else None
    form = CustomsForm(
        given, initial={name: getattr(policy, name) for name in queries.NAMES}
    )
    if given is not None:
        require(request.member, Action.CONFIGURE)
        if form.is_valid():
            customs.set(actor=request.member, policy=form.policy(), now=timezone.now())
            done(request, _("Settings saved. They apply from the next run."))
            return redirect("records:duplicates", request.review.code)
    context = {
        "form": form,
        "lines": [(form.fields[name].label, form[name].help_text, getattr(policy, name))
                  for name in queries.NAMES],
        "may_set": may(request, Action.CONFIGURE),
    }  # fmt: skip
    return render(
        request, "records/customs.html", context, status=200 if given is None else 422
    )
