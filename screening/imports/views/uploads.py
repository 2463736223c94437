"""Upload of export files to a source."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, member_required
from screening.imports.services import imports
from screening.records.forms import UploadForm
from screening.records.views.lookup import source_of


@member_required(Action.IMPORT)
@require_http_methods(["POST"])
def upload_files(request: MemberRequest, source: str) -> HttpResponseBase:
    """Store the uploaded files; a refused file does not stop the others."""
    target = source_of(request, source)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("No file was uploaded. Choose a file first."))
        return _go(request, "records:source", target.code)
    uploaded = imports.upload_files(
        actor=request.member,
        source_code=target.code,
        files=form.cleaned_data["exports"],
        now=timezone.now(),
    )
    for sentence in uploaded.refusals:
        messages.error(request, sentence)
    if len(uploaded.batches) == 1:
        return _go(request, "imports:import", uploaded.batches[0].code)
    return _go(request, "records:source", target.code)


def _go(request: MemberRequest, name: str, code: str) -> HttpResponseBase:
    url = reverse(name, args=[request.review.code, code])
    return HttpResponseClientRedirect(url) if _is_htmx(request) else redirect(url)


def _is_htmx(request: MemberRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
