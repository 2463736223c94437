"""Tasks and counts of charting on the overview."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charting.models import FinalChart
from charting.queries import charts, discrepancies, forms, studies
from charting.queries.forms import FormLine
from reviewapp.core.models import Member
from reviewapp.core.nav import Panel, Todo
from reviewapp.core.permissions import Action, can


def todos(viewer: Member) -> list[Todo]:
    """Return tasks: studies to chart, discrepancies, and the next step of a lead."""
    if not forms.has_forms(viewer.review_id):
        return _first_form(viewer)
    return [*_own(viewer), *_differences(viewer), *_lead_steps(viewer)]


def _own(viewer: Member) -> list[Todo]:
    if not can(viewer, Action.CHART):
        return []
    return [
        Todo(
            text=ngettext(
                "{count} study to chart ({form}).",
                "{count} studies to chart ({form}).",
                n,
            ).format(count=f"{n:,}", form=name),
            url=reverse("charting:mine", args=[viewer.review.code, code]),
            n=n,
            button=_("Chart studies"),
            order=60,
        )
        for code, name, n in charts.open_studies_by_form(viewer)
    ]


def _differences(viewer: Member) -> list[Todo]:
    counts: dict[str, int] = {}
    for line in discrepancies.studies_with_discrepancies(viewer):
        counts[line.form_code] = counts.get(line.form_code, 0) + 1
    return [
        Todo(
            text=ngettext(
                "{count} charted study has discrepancies.",
                "{count} charted studies have discrepancies.",
                n,
            ).format(count=f"{n:,}"),
            url=reverse("charting:discrepancies", args=[viewer.review.code, code]),
            n=n,
            button=_("Resolve discrepancies"),
            order=58,
        )
        for code, n in counts.items()
    ]


def _first_form(viewer: Member) -> list[Todo]:
    """Return the next step of a lead in a review without charting forms."""
    if not can(viewer, Action.EDIT_FORMS):
        return []
    n = studies.included_studies(viewer.review).count()
    if not n:
        return []
    text = ngettext(
        "{count} included study has no charting form yet.",
        "{count} included studies have no charting form yet.",
        n,
    ).format(count=f"{n:,}")
    url = reverse("charting:new", args=[viewer.review.code])
    return [Todo(text, url, n=n, button=_("Set up charting"), order=62)]


def _lead_steps(viewer: Member) -> list[Todo]:
    """Return the next step of a lead with each form, if any study is included."""
    if not can(viewer, Action.EDIT_FORMS):
        return []
    if not studies.included_studies(viewer.review).exists():
        return []
    lines = forms.list_forms(viewer)
    return [todo for line in lines for todo in _form_step(viewer, line)]


def _form_step(viewer: Member, line: FormLine) -> list[Todo]:
    if line.state == "closed":
        return []
    if line.state == "draft":
        text = _("Publish the charting form {form} when its questions are complete.")
        button, page = _("Edit questions"), "charting:edit"
    elif line.state == "running" and line.finalised >= line.included:
        text = _("All included studies are finalised with {form}.")
        button, page = _("Close charting"), "charting:close"
    elif line.state == "running":
        return [_waiting_for_charts(viewer, line)]
    elif any(forms.assigned_codes(forms.get_form(viewer, line.code))):
        text = _("Charting with {form} is ready to start.")
        button, page = _("Start charting"), "charting:start"
    else:
        text = _("Assign charting with {form}.")
        button, page = _("Assign charting"), "charting:assign"
    url = reverse(page, args=[viewer.review.code, line.code])
    return [Todo(text.format(form=line.name), url, button=button, order=62)]


def _waiting_for_charts(viewer: Member, line: FormLine) -> Todo:
    """Return what a lead waits for: how many charts there are is blinded."""
    text = _(
        "Waiting for charts with {form}: {n} of {total} studies are finalised. Close "
        "charting when all reviewers have submitted theirs."
    ).format(form=line.name, n=line.finalised, total=line.included)
    url = reverse("charting:form", args=[viewer.review.code, line.code])
    return Todo(text, url, button=_("View the form"), order=86, is_waiting=True)


def panels(viewer: Member) -> list[Panel]:
    """Return the number of studies that are finalised."""
    if not forms.has_forms(viewer.review_id):
        return []
    n = (
        FinalChart.objects.filter(
            review=viewer.review_id, study__in=studies.included_studies(viewer.review)
        )
        .values("study")
        .distinct()
        .count()
    )
    url = reverse("charting:results_list", args=[viewer.review.code])
    return [Panel(_("Studies charted"), n, url, 70)] if n else []
