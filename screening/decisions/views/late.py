"""Page of late duplicates."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, member_required
from screening.decisions.queries import late


@member_required(Action.SET_POLICY)
@require_safe
def late_duplicates(request: MemberRequest) -> HttpResponse:
    """Show duplicates whose decisions differ from their kept records."""
    context = {"lines": late.late_duplicates(request.member)}
    return render(request, "decisions/late.html", context)
