"""Pages for the import settings: encoding, platform and a table's columns."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reviewapp.core.permissions import Action
from reviewapp.core.refusals import Refused
from reviewapp.core.web import MemberRequest, done, found, member_required
from screening.imports.forms import ImportSettingsForm
from screening.imports.queries import columns as queries
from screening.imports.queries.columns import TableView
from screening.imports.services import column_templates, imports
from screening.imports.views.lookup import import_of
from screening.records.models import Import


@member_required(Action.IMPORT)
@require_http_methods(["GET", "POST"])
def change_settings(request: MemberRequest, batch: str) -> HttpResponseBase:
    """Show the import settings, or store them and show the updated preview."""
    target = import_of(request, batch)
    if not imports.settings_may_change(target):
        return redirect("imports:import", request.review.code, batch)
    table = queries.import_table(target, encoding=request.POST.get("encoding"))
    offered = queries.offer_mapping(
        request.member, target, table, chosen=request.GET.get("template", "")
    )
    form = _form(request, target, table, offered)
    if form.is_valid() and (answer := _corrected(request, target, form, table)):
        return answer
    rows = list(form.rows(table.samples)) if table else []
    context = {"import": target, "form": form, "rows": rows, "offered": offered}
    status = 422 if form.is_bound else 200
    return render(request, "imports/import_correct.html", context, status=status)


def _form(
    request: MemberRequest,
    target: Import,
    table: TableView | None,
    offered: queries.OfferedMapping,
) -> ImportSettingsForm:
    options = target.options
    return ImportSettingsForm(
        request.POST or None,
        headers=table.headers if table else (),
        chosen=offered.fields,
        initial={name: options.get(name, "") for name in ("encoding", "platform")},
    )


def _corrected(
    request: MemberRequest,
    target: Import,
    form: ImportSettingsForm,
    table: TableView | None,
) -> HttpResponseBase | None:
    """Store the settings; if refused, put the reason in the form and return None."""
    try:
        _correct(request, target, form, table)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return None
    return redirect("imports:import", request.review.code, target.code)


def _correct(
    request: MemberRequest,
    target: Import,
    form: ImportSettingsForm,
    table: TableView | None,
) -> None:
    said: dict[str, Any] = form.cleaned_data
    now, columns = timezone.now(), form.columns()
    if columns and said["template_name"].strip():
        column_templates.save_template(
            actor=request.member, name=said["template_name"], columns=columns, now=now
        )
    imports.change_settings(
        actor=request.member,
        import_code=target.code,
        encoding=said["encoding"],
        platform=said["platform"],
        # Detected columns need not be stored.
        columns=() if table and dict(columns) == table.found else columns,
        now=now,
    )


@member_required(Action.IMPORT)
@require_http_methods(["GET", "POST"])
def delete_template(request: MemberRequest, template: str) -> HttpResponseBase:
    """Delete a column template after confirmation."""
    target = found(queries.find_template(request.member, template))
    if request.method == "POST":
        column_templates.delete_template(
            actor=request.member, template_code=target.code, now=timezone.now()
        )
        done(request, _("Template “{name}” deleted.").format(name=target.name))
        return redirect("records:sources", request.review.code)
    return render(request, "imports/template_delete.html", {"template": target})
