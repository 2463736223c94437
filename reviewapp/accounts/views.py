"""Pages of the user's own account: sessions, data export, deletion."""

from __future__ import annotations

import json

from django.contrib.auth import logout
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from reviewapp.accounts import login_sessions, privacy
from reviewapp.accounts.forms import DeleteAccountForm
from reviewapp.accounts.services import accounts
from reviewapp.core import limits
from reviewapp.core.web import done, user_of


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Show the active sessions of the user."""
    key = request.session.session_key or ""
    context = {"login_sessions": login_sessions.active_sessions(user_of(request), key)}
    return render(request, "accounts/sessions.html", context)


@require_POST
def end_session(request: HttpRequest, device: str) -> HttpResponse:
    """End one session, or all other sessions if ``device`` is ``others``."""
    user = user_of(request)
    if device == "others":
        login_sessions.end_all_sessions(user, but=request.session.session_key)
        done(request, _("All other devices are logged out."))
    elif login_sessions.end_session(user, device):
        done(request, _("The device is logged out."))
    else:
        raise Http404("No such session.")
    return redirect("accounts:sessions")


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Show how to export the user's data or delete the account."""
    return render(request, "accounts/my_data.html")


@require_safe
def export_account(request: HttpRequest) -> HttpResponse:
    """Return the data about the user as JSON."""
    user = user_of(request)
    limits.count_use("export", "member", f"user-{user.pk}")
    found = privacy.export_user_data(user, now=timezone.now())
    text = json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-account.json"'
    return response


@require_http_methods(["GET", "POST"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """Delete the user's account after they enter the password."""
    user = user_of(request)
    if request.method == "POST":
        limits.count_use("password", "member", str(user.pk))
    form = DeleteAccountForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        accounts.delete_account(user=user, now=timezone.now())
        logout(request)
        done(request, _("Your account is deleted."))
        return redirect("account_login")
    return render(request, "accounts/delete_account.html", {"form": form})
