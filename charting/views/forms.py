"""Pages of the forms: list, one form, draft, assignments, start and close."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from charting.forms import AssignForm, ChartForm, FieldForm, NewFormForm
from charting.models import Form
from charting.queries import charts, closing, discrepancies, draws
from charting.queries import forms as queries
from charting.rules import countries
from charting.services import fields, forms
from charting.views.confirming import confirmation_page
from charting.views.lookup import form_page
from reviewapp.core.permissions import Action, can
from reviewapp.core.refusals import Refused
from reviewapp.core.web import MemberRequest, done, found, member_required


def _to(name: str, request: MemberRequest, form: Form) -> HttpResponse:
    return redirect(f"charting:{name}", request.review.code, form.code)


@member_required(Action.READ)
@require_safe
def form_list(request: MemberRequest) -> HttpResponse:
    """Show all charting forms, and the viewer's own work with them."""
    own = {code: n for code, _name, n in charts.open_studies_by_form(request.member)}
    lines = [
        (line, own.get(line.code, 0)) for line in queries.list_forms(request.member)
    ]
    context = {"lines": lines, "may_edit": can(request.member, Action.EDIT_FORMS)}
    return render(request, "charting/forms.html", context)


@member_required(Action.EDIT_FORMS)
def new_form(request: MemberRequest) -> HttpResponse:
    """Create a form, from a template or empty."""
    form = NewFormForm(request.POST or None, initial={"template": "jbi"})
    if not form.is_valid():
        return render(request, "charting/form_new.html", {"form": form})
    made = forms.create_form(
        actor=request.member,
        name=form.cleaned_data["name"],
        fields=[],
        template=form.cleaned_data["template"].replace("empty", "") or None,
        now=timezone.now(),
    )
    done(
        request,
        _("“{name}” has been created as a draft. Check its questions.").format(
            name=made.name
        ),
    )
    return _to("edit", request, made)


@form_page(Action.READ)
@require_safe
def form_overview(request: MemberRequest, form: Form) -> HttpResponse:
    """Show a form: state, questions, reviewers and the next step."""
    context = {
        "form": queries.get_form_view(request.member, form),
        "own": charts.chart_queue(request.member, form),
        "draws": draws.draws(request.member, form),
        "differences": len(
            discrepancies.studies_with_discrepancies(request.member, form)
        ),
        "may_edit": can(request.member, Action.EDIT_FORMS),
        "may_adjudicate": can(request.member, Action.ADJUDICATE),
    }
    return render(request, "charting/form.html", context)


@form_page(Action.READ)
@require_safe
def preview_form(request: MemberRequest, form: Form) -> HttpResponse:
    """Show the form as reviewers see it; nothing is saved."""
    view = queries.get_form_view(request.member, form)
    version = found(view.draft or view.published)
    context = {
        "form": view,
        "version": version,
        "fields": ChartForm(version.specs),
        "countries": countries.country_names(),
    }
    return render(request, "charting/preview.html", context)


@form_page(Action.EDIT_FORMS)
@require_safe
def edit_draft(request: MemberRequest, form: Form) -> HttpResponse:
    """Show the questions of the draft, to add, move and remove them."""
    view = queries.get_form_view(request.member, form)
    if view.draft is None:
        return _to("form", request, form)
    return render(request, "charting/edit.html", {"form": view})


@require_POST
@form_page(Action.EDIT_FORMS)
def start_draft(request: MemberRequest, form: Form) -> HttpResponse:
    """Start a new draft from the published version."""
    forms.start_draft(actor=request.member, form_code=form.code, now=timezone.now())
    return _to("edit", request, form)


@form_page(Action.EDIT_FORMS)
def add_field(request: MemberRequest, form: Form) -> HttpResponse:
    """Add a question to the draft."""
    entered = FieldForm(request.POST or None)
    if not entered.is_valid():
        view = queries.get_form_view(request.member, form)
        context = {"form": view, "entered": entered, "heading": _("New question")}
        return render(request, "charting/field.html", context)
    fields.add_field(
        actor=request.member,
        form_code=form.code,
        spec=entered.spec(),
        now=timezone.now(),
    )
    done(request, _("Question added at the end."))
    return _to("edit", request, form)


@form_page(Action.EDIT_FORMS)
def change_field(request: MemberRequest, form: Form, field: str) -> HttpResponse:
    """Change a question of the draft."""
    view = queries.get_form_view(request.member, form)
    shown = found(queries.draft_question(view, field))
    entered = FieldForm(request.POST or None, initial=FieldForm.initial_of(shown.spec))
    if not entered.is_valid():
        context = {"form": view, "entered": entered, "heading": _("Edit question")}
        return render(request, "charting/field.html", context)
    fields.change_field(
        actor=request.member,
        form_code=form.code,
        code=field,
        spec=entered.spec(),
        now=timezone.now(),
    )
    done(request, _("Question saved."))
    return _to("edit", request, form)


@require_POST
@form_page(Action.EDIT_FORMS)
def move_field(request: MemberRequest, form: Form, field: str) -> HttpResponse:
    """Move a question up or down by one."""
    by = -1 if request.POST.get("to") == "up" else 1
    fields.move_field(
        actor=request.member, form_code=form.code, code=field, by=by, now=timezone.now()
    )
    return _to("edit", request, form)


@form_page(Action.EDIT_FORMS)
def remove_field(request: MemberRequest, form: Form, field: str) -> HttpResponse:
    """Confirm, then remove a question from the draft."""
    view = queries.get_form_view(request.member, form)
    shown = found(queries.draft_question(view, field))
    if request.method != "POST":
        return confirmation_page(request, view, "remove", subject=shown.spec.label)
    fields.remove_field(
        actor=request.member, form_code=form.code, code=field, now=timezone.now()
    )
    done(request, _("Question removed from the draft."))
    return _to("edit", request, form)


@form_page(Action.EDIT_FORMS)
def publish_form(request: MemberRequest, form: Form) -> HttpResponse:
    """Confirm, then publish the draft."""
    if request.method != "POST":
        return confirmation_page(
            request, queries.get_form_view(request.member, form), "publish"
        )
    version = forms.publish_form(
        actor=request.member, form_code=form.code, now=timezone.now()
    )
    done(request, _("Version {number} published.").format(number=version.number))
    return _to("form", request, form)


@form_page(Action.EDIT_FORMS)
def discard_draft(request: MemberRequest, form: Form) -> HttpResponse:
    """Confirm, then discard the draft."""
    if request.method != "POST":
        return confirmation_page(
            request, queries.get_form_view(request.member, form), "discard"
        )
    forms.discard_draft(actor=request.member, form_code=form.code, now=timezone.now())
    done(request, _("Draft discarded. The published version stays in use."))
    return _to("form", request, form)


def _assign_initial(form: Form) -> dict[str, object]:
    first, second = queries.assigned_codes(form)
    return {
        # The lead chooses: no one is ticked before the first save.
        "first": first,
        "second": second,
        "second_share": form.second_share,
        "seed": form.seed,
        "hides_names": form.hides_names,
    }


@form_page(Action.EDIT_FORMS)
def assign_charting(request: MemberRequest, form: Form) -> HttpResponse:
    """Assign charting, and set the percentage charted twice."""
    members = queries.members_who_chart(request.member)
    entered = AssignForm(
        request.POST or None,
        members=members,
        started=form.started_at is not None,
        initial=_assign_initial(form),
    )
    if entered.is_valid() and _assigned(request, form, entered):
        done(request, _("Charting assignments saved."))
        return _to("form", request, form)
    context = {
        "form": queries.get_form_view(request.member, form),
        "entered": entered,
    }
    status = 422 if entered.errors else 200
    return render(request, "charting/assign.html", context, status=status)


def _assigned(request: MemberRequest, form: Form, entered: AssignForm) -> bool:
    """Save the assignments. On a refusal, add it to the form and return False."""
    now = timezone.now()
    try:
        forms.assign_charting(
            actor=request.member, form_code=form.code, now=now, **entered.plan()
        )
    except Refused as refusal:
        entered.add_error(None, refusal.sentence)
        return False
    return True


@form_page(Action.EDIT_FORMS)
def start_charting(request: MemberRequest, form: Form) -> HttpResponse:
    """Confirm, then assign the studies."""
    if request.method != "POST":
        return confirmation_page(
            request, queries.get_form_view(request.member, form), "start"
        )
    assigned = forms.start_charting(
        actor=request.member, form_code=form.code, now=timezone.now()
    )
    said = ngettext(
        "Charting has started. {count} study is assigned.",
        "Charting has started. {count} studies are assigned.",
        assigned,
    )
    done(request, said.format(count=f"{assigned:,}"))
    return _to("form", request, form)


@form_page(Action.EDIT_FORMS)
def close_charting(request: MemberRequest, form: Form) -> HttpResponse:
    """Confirm, then close charting."""
    if request.method != "POST":
        return confirmation_page(
            request,
            queries.get_form_view(request.member, form),
            "close",
            first=closing.closing_sentences(request.member, form),
        )
    forms.close_charting(actor=request.member, form_code=form.code, now=timezone.now())
    done(request, _("Charting is closed. All members can read its charts."))
    return _to("form", request, form)
