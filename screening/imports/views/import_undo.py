"""Pages to undo an import and to restore it."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done, member_required
from screening.imports.forms import UndoImportForm
from screening.imports.queries import import_dependencies
from screening.imports.services import import_undo
from screening.imports.views.lookup import import_of
from screening.records.models import Import


@member_required(Action.IMPORT)
@require_http_methods(["GET", "POST"])
def undo_import(request: MemberRequest, batch: str) -> HttpResponseBase:
    """Show what undoing does or what prevents it, or undo the import."""
    target = import_of(request, batch)
    found = import_dependencies.dependencies_of_import(request.member, target)
    form = None
    if found.dealt and not found.decided_total:
        form = UndoImportForm(request.POST or None, file_name=target.file_name)
    if request.method == "POST" and (form is None or form.is_valid()):
        return _undo(request, target, form)
    context = {"import": target, "holds": found, "form": form}
    status = 422 if form and form.errors else 200
    return render(request, "imports/import_undo.html", context, status=status)


def _undo(
    request: MemberRequest, target: Import, form: UndoImportForm | None
) -> HttpResponseBase:
    import_undo.undo_import(
        actor=request.member,
        import_code=target.code,
        typed_name=form.cleaned_data["typed_name"] if form else "",
        now=timezone.now(),
    )
    done(
        request,
        _("Import of {file} undone. Its records no longer count in the review.").format(
            file=target.file_name
        ),
    )
    return redirect("imports:import", request.review.code, target.code)


@member_required(Action.IMPORT)
@require_http_methods(["POST"])
def restore_import(request: MemberRequest, batch: str) -> HttpResponseBase:
    """Restore an import."""
    target = import_undo.restore_import(
        actor=request.member, import_code=batch, now=timezone.now()
    )
    done(
        request,
        _("Import of {file} restored with all related data.").format(
            file=target.file_name
        ),
    )
    return redirect("imports:import", request.review.code, batch)
