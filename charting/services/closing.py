"""Closing of charting: its conditions, and the charts it reveals."""

from __future__ import annotations

from datetime import datetime

from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from charting.models import FinalChart, Form
from charting.models.charts import ChartRound
from charting.queries import studies
from charting.queries.forms import specs_of
from charting.services import finalising, rounds
from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member
from reviewapp.core.refusals import Refused


def settle_all(*, form: Form, actor: Member, now: datetime) -> int:
    """Finalise studies with a single chart and reveal all charts to all members.

    Called by ``forms.close``, in its transaction. Returns the number of studies with a
    single reviewer. Raises Refused as ``forms.close`` says.
    """
    rounds.open_rounds(form=form, actor=actor, now=now)
    live = set(
        ChartRound.objects.unblinded(reason="close a form")
        .filter(form=form, study__in=studies.included(form.review))
        .values_list("pk", flat=True)
    )
    live -= set(FinalChart.objects.filter(form=form).values_list("round_id", flat=True))
    waiting = finalising.standing(live)
    _refuse_unfinished(waiting)
    fields = specs_of({c.form_version_id for one in waiting for c in one.charts})
    singles = [
        finalising.settled_row(
            one,
            finalising.compared(one, fields).agreed,
            FinalChart.How.SINGLE,
            now,
        )
        for one in waiting
    ]
    finalising.store(singles, now)
    _open_to_all(form, now)
    return len(singles)


def _refuse_unfinished(waiting: list[finalising.Standing]) -> None:
    if any(one.seats == 0 for one in waiting):
        raise Refused(
            _(
                "Some studies are not assigned to anyone. Assign them, then close "
                "charting."
            )
        )
    if any(one.round.audience == Audience.ADJUDICATORS for one in waiting):
        raise Refused(
            _(
                "Some studies have unresolved discrepancies. Resolve them, then close "
                "charting."
            )
        )
    if not all(one.is_handed_in and one.seats == 1 for one in waiting):
        raise Refused(
            _(
                "Some assigned charts are not submitted. Ask the reviewers to finish, "
                "then close charting."
            )
        )


def _open_to_all(form: Form, now: datetime) -> None:
    all_rounds = ChartRound.objects.unblinded(reason="a closed form is open to all")
    of_form = all_rounds.filter(form=form)
    of_form.filter(audience=Audience.ADJUDICATORS).update(audience=Audience.MEMBERS)
    of_form.filter(audience=Audience.AUTHOR).update(
        audience=Audience.MEMBERS,
        revealed_at=now,
        sealed_at=Coalesce(F("sealed_at"), Value(now, output_field=DateTimeField())),
    )
