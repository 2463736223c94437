"""Pages of sources: the search log, one source, and uploads."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from reviewapp.core.permissions import Action
from reviewapp.core.refusals import NotAllowed, Refused
from reviewapp.core.web import MemberRequest, done, found, may, member_required
from screening.records.forms import UploadForm, source_form_of
from screening.records.models import Arm, Source
from screening.records.queries import sources as queries
from screening.records.queries.source_files import imports_of_source, waiting_imports
from screening.records.services import sources
from screening.records.views.lookup import source_of

FIELDS = (
    "kind", "name", "platform", "searched_on", "strategy", "limits", "hits_reported",
    "provenance",
)  # fmt: skip


@member_required()
@require_safe
def list_sources(request: MemberRequest) -> HttpResponse:
    """List all sources by arm with their counts."""
    databases, other = queries.sources_by_arm(request.member)
    context = {
        "databases": databases,
        "other": other,
        "waiting": waiting_imports(request.member),
        "may_import": may(request, Action.IMPORT),
    }
    return render(request, "records/sources.html", context)


@member_required(Action.IMPORT)
@require_http_methods(["GET", "POST"])
def add_source(request: MemberRequest, arm: str = Arm.DATABASES) -> HttpResponseBase:
    """Add a source; each arm has its own form."""
    form: Form = source_form_of(arm)(request.POST or None)

    def save() -> Source:
        return sources.add_source(
            actor=request.member, now=timezone.now(), **form.cleaned_data
        )

    return _saved(request, form, save) or _form_page(request, form, {"arm": arm})


@member_required(Action.IMPORT)
@require_http_methods(["GET", "POST"])
def change_source(request: MemberRequest, source: str) -> HttpResponseBase:
    """Change a source; values that its form does not show are kept."""
    current = source_of(request, source)
    form_class = source_form_of(current.arm)
    known = {name: getattr(current, name) for name in FIELDS}
    form: Form = form_class(request.POST or None, initial=known)

    def save() -> Source:
        wanted = {**known, **form.cleaned_data}
        return sources.change_source(
            actor=request.member, source_code=current.code, now=timezone.now(), **wanted
        )

    context = {"arm": current.arm, "source": current}
    return _saved(request, form, save) or _form_page(request, form, context)


def _saved(
    request: MemberRequest, form: Form, save: Callable[[], Source]
) -> HttpResponseBase | None:
    """Save the form; return None, with the errors in the form, if it can't be saved."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        source = save()
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return None
    done(request, _("{name} saved.").format(name=source.name))
    return redirect("records:source", request.review.code, source.code)


@member_required()
@require_safe
def show_source(request: MemberRequest, source: str) -> HttpResponse:
    """Show a source with its imports; htmx gets only the list of imports."""
    view = found(queries.source_detail(request.member, source))
    template = "records/source.html#imports" if _is_htmx(request) else None
    batches = imports_of_source(request.member, source)
    context = {
        "source": view,
        "imports": batches,
        "is_under_way": any(b.is_under_way and not b.is_stuck for b in batches),
        "form": UploadForm(),
        "may_import": may(request, Action.IMPORT),
    }
    return render(request, template or "records/source.html", context)


def _is_htmx(request: MemberRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _form_page(
    request: MemberRequest, form: Form, context: dict[str, object]
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(
        request, "records/source_form.html", {"form": form, **context}, status=status
    )
