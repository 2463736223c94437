"""Early unblinding of the charts of a form."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from charting.models import Form
from charting.services import unblinding
from charting.views.lookup import form_page
from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done
from screening.decisions.forms import UnblindManyForm
from screening.decisions.views.unblinding import (
    UnblindEffects,
    UnblindPage,
    confirm_page,
)


def _effects() -> UnblindEffects:
    return UnblindEffects(
        _("Unblind all charts submitted so far?"),
        _("Unblind charts"),
        (
            _("Leads and admins can read every chart submitted so far with this form."),
            _(
                "Studies whose charts agree, or that have a single reviewer, are finalised. "
                "Other studies appear under Discrepancies. No one can chart these studies "
                "any more."
            ),
            _(
                "Studies without a submitted chart stay with their reviewers and stay "
                "blinded."
            ),
        ),
    )


@form_page(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def unblind_form(request: MemberRequest, form: Form) -> HttpResponseBase:
    """Confirm, then unblind all submitted charts, with a reason."""
    asked = UnblindManyForm(request.POST or None, name=form.name)
    back = reverse("charting:form", args=[request.review.code, form.code])
    if request.method == "POST" and asked.is_valid():
        reason = asked.cleaned_data["reason"]
        opened = unblinding.unblind_form(
            actor=request.member, form_code=form.code, reason=reason, now=timezone.now()
        )
        said = ngettext(
            "The charts of {count} study are visible to adjudicators.",
            "The charts of {count} studies are visible to adjudicators.",
            opened,
        )
        done(request, said.format(count=f"{opened:,}"))
        return redirect(back)
    return confirm_page(
        request, asked, UnblindPage(_effects(), form.name, back, form.name)
    )
