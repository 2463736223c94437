"""Pages of one import: progress, preview, confirmation, report and original file."""

from __future__ import annotations

from functools import partial

from django.http import (
    FileResponse,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from reviewapp.core.permissions import Action
from reviewapp.core.web import MemberRequest, done, found, may, member_required
from screening.imports.exports import report_csv, report_json
from screening.imports.queries import import_warnings, skipped_entries
from screening.imports.queries import imports as queries
from screening.imports.services import imports
from screening.imports.views.lookup import import_of
from screening.records.queries.source_files import waiting_imports


@member_required()
@require_safe
def show_import(request: MemberRequest, batch: str) -> HttpResponse:
    """Show an import in any state."""
    context = {
        "import": found(queries.import_detail(request.member, batch)),
        "waiting": waiting_imports(request.member),
        "may_import": may(request, Action.IMPORT),
        "may_take_over": may(request, Action.SET_POLICY),
    }
    return render(request, "imports/import.html", context)


@member_required(Action.IMPORT)
@require_http_methods(["POST"])
def confirm_import(request: MemberRequest, batch: str) -> HttpResponseBase:
    """Confirm the import."""
    imports.confirm_import(actor=request.member, import_code=batch, now=timezone.now())
    return redirect("imports:import", request.review.code, batch)


@member_required(Action.IMPORT)
@require_http_methods(["GET", "POST"])
def discard_import(request: MemberRequest, batch: str) -> HttpResponseBase:
    """Discard a file after confirmation."""
    if request.method == "POST":
        target = imports.discard_import(
            actor=request.member, import_code=batch, now=timezone.now()
        )
        done(
            request,
            _("{file} discarded. Nothing was imported.").format(file=target.file_name),
        )
        return redirect("records:source", request.review.code, target.source.code)
    target = import_of(request, batch)
    effects = [
        ngettext(
            "Its {n} record is not imported.",
            "Its {n} records are not imported.",
            target.kept,
        ).format(n=f"{target.kept:,}"),
        _("The original file is kept with the source."),
        _("You can upload the same file again."),
    ]
    context = {"import": target, "effects": effects}
    return render(request, "imports/import_discard.html", context)


@member_required(Action.IMPORT)
@require_http_methods(["POST"])
def resume_import(request: MemberRequest, batch: str) -> HttpResponseBase:
    """Resume a failed job."""
    imports.resume_import(actor=request.member, import_code=batch, now=timezone.now())
    return redirect("imports:import", request.review.code, batch)


# Only members who import see file contents, because a file of another screening tool
# contains colleagues' decisions (docs/blinding.md).
@member_required(Action.IMPORT)
@require_safe
def download_original(request: MemberRequest, batch: str) -> HttpResponseBase:
    """Return the uploaded file byte for byte, always as a download."""
    target = import_of(request, batch)
    return FileResponse(
        target.file.open("rb"),
        as_attachment=True,
        filename=target.file_name,
        content_type="application/octet-stream",
    )


@member_required(Action.IMPORT)
@require_safe
def download_report(request: MemberRequest, batch: str, form: str) -> HttpResponseBase:
    """Return the whole report as CSV or JSON."""
    target = import_of(request, batch)
    view = found(queries.import_detail(request.member, batch))
    fates = skipped_entries.handled_entries(request.member, target)
    write = report_json if form == "json" else report_csv
    kind = "application/json" if form == "json" else "text/csv"
    parts = write(view, partial(import_warnings.all_notices, target), fates)
    response = StreamingHttpResponse(parts, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="import-report.{form}"'
    return response
