"""Opening the charts of a form before its end."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from charting.models import Form
from charting.services import unblinding
from charting.views.lookup import form_page
from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done
from screening.decisions.forms import UnblindManyForm
from screening.decisions.views.unblinding import Effects, Question, ask

FORM = Effects(
    "Open all charts handed in so far?",
    "Open the charts",
    (
        "Leads and admins can read every chart handed in so far with this form.",
        "Charts that agree, and those of studies with one charter, are settled; "
        "differences wait at the desk. Nobody charts these studies any more.",
        "Studies that nobody has handed in stay with their charters, blinded as before.",
    ),
)


@form_page(Action.SET_POLICY)
@require_http_methods(["GET", "POST"])
def unblind(request: MemberRequest, form: Form) -> HttpResponseBase:
    """Open every chart handed in so far, with a reason."""
    asked = UnblindManyForm(request.POST or None, name=form.name)
    back = reverse("charting:form", args=[request.review.code, form.code])
    if request.method == "POST" and asked.is_valid():
        reason = asked.cleaned_data["reason"]
        opened = unblinding.unblind_form(
            actor=request.member, form=form, reason=reason, now=timezone.now()
        )
        done(request, f"The charts of {opened:,} studies are open to the adjudicators.")
        return redirect(back)
    return ask(request, asked, Question(FORM, form.name, back, form.name))
