"""Tasks and counts of charting on the overview."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charting.models import FinalChart, Form
from charting.queries import charts, discrepancies, studies
from reviewapp.core.models import Member
from reviewapp.core.nav import Panel, Todo
from reviewapp.core.permissions import Action, can


def todos(viewer: Member) -> list[Todo]:
    """Return tasks: studies to chart, discrepancies, studies without a form."""
    return [*_own(viewer), *_differences(viewer), *_without_form(viewer)]


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


def _without_form(viewer: Member) -> list[Todo]:
    started = Form.objects.filter(review=viewer.review_id).exclude(started_at=None)
    if not can(viewer, Action.EDIT_FORMS) or started.exists():
        return []
    n = studies.included_studies(viewer.review).count()
    if not n:
        return []
    return [
        Todo(
            text=ngettext(
                "{count} included study has no charting form yet.",
                "{count} included studies have no charting form yet.",
                n,
            ).format(count=f"{n:,}"),
            url=reverse("charting:forms", args=[viewer.review.code]),
            n=n,
            button=_("Set up charting"),
            order=62,
        )
    ]


def panels(viewer: Member) -> list[Panel]:
    """Return the number of studies that are finalised."""
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
