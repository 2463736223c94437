"""Charting in the methods report: who charted how much, and how studies were finalised.

Public values only. The charts of a member are counted when all members may see them.
"""

from __future__ import annotations

from collections import Counter

from django.db.models import Count
from django.utils.translation import gettext as _

from charting.models import FinalChart, Form
from charting.models.charts import Chart
from charting.queries import forms, studies
from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member
from screening.decisions.queries.names import join_names
from screening.flow.rules.report import ReportSection


def report_sections(viewer: Member) -> list[ReportSection]:
    """Return the section on charting, or none if no form is in use."""
    started = Form.objects.filter(review=viewer.review_id).exclude(started_at=None)
    blocks = [_form(viewer, form) for form in started.order_by("pk")]
    return [ReportSection(_("Charting"), tuple(blocks))] if blocks else []


def _form(viewer: Member, form: Form) -> str:
    view = forms.get_form_view(viewer, form)
    parts = [
        _("Form {name}, version {version}.").format(
            name=view.name, version=view.published.number if view.published else 0
        ),
        *_assigned(view),
        *_finalised(form),
    ]
    return " ".join([*parts, *_charted(viewer, form)])


def _assigned(view: forms.FormView) -> list[str]:
    first = _("Charting of every study was assigned to {names}.").format(
        names=join_names(view.first)
    )
    if not view.second or not view.second_share:
        return [first, _("No study was assigned to a second reviewer.")]
    second = _(
        "A random {percent} % was also assigned to {names}, who charted without seeing "
        "the other chart."
    ).format(
        percent=f"{view.second_share.normalize():f}",
        names=join_names(view.second),
    )
    return [first, second]


def _finalised(form: Form) -> list[str]:
    n = Counter(
        FinalChart.objects.filter(
            form=form, study__in=studies.included_studies(form.review)
        ).values_list("how", flat=True)
    )
    how = FinalChart.How
    return [
        _(
            "Studies finalised: {total}, of which by one reviewer: {single}; with two "
            "charts that agreed: {agreed}; with discrepancies that were resolved: "
            "{resolved}."
        ).format(
            total=n.total(),
            single=n[how.SINGLE],
            agreed=n[how.AGREEMENT],
            resolved=n[how.RECONCILED],
        )
    ]


def _charted(viewer: Member, form: Form) -> list[str]:
    """Return how many studies each member has charted, once all may see the charts."""
    hidden = [
        _("How many studies each member has charted is reported after the closing.")
    ]
    if not form.waves.filter(closed_at__isnull=False).exists():
        return hidden
    rows = (
        Chart.objects.visible_to(viewer)
        .filter(
            round__form=form,
            round__audience=Audience.MEMBERS,
            round__study__in=studies.included_studies(form.review),
            is_complete=True,
        )
        .order_by()
        .values("author__name")
        .annotate(n=Count("round", distinct=True))
        .order_by("author")
    )
    return [
        _("{name} charted {n}.").format(name=row["author__name"], n=row["n"])
        for row in rows
    ]
