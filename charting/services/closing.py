"""Closing a wave of charting: its conditions, and the charts it reveals."""

from __future__ import annotations

from datetime import datetime

from django.db.models import DateTimeField, Exists, F, OuterRef, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from charting.models import FinalChart, FormWave
from charting.models.charts import ChartRound
from charting.queries import studies
from charting.queries.forms import field_specs
from charting.services import finalising
from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member
from reviewapp.core.refusals import Refused


def finalise_all(*, wave: FormWave, actor: Member, now: datetime) -> int:
    """Finalise studies of a wave with a single chart; reveal its charts to all members.

    Called by ``forms.close_charting``, in its transaction. Returns the number of studies with a
    single reviewer. Raises Refused as ``forms.close_charting`` says.
    """
    form = wave.form
    live = set(
        ChartRound.objects.unblinded(reason="close a form")
        .filter(wave=wave, study__in=studies.included_studies(form.review))
        .values_list("pk", flat=True)
    )
    live -= set(FinalChart.objects.filter(form=form).values_list("round_id", flat=True))
    pending = finalising.rounds_with_charts(live)
    _refuse_unfinished(pending)
    fields = field_specs({c.form_version_id for one in pending for c in one.charts})
    singles = [
        finalising.make_final_chart(
            one,
            finalising.compare_round(one, fields).agreed,
            FinalChart.How.SINGLE,
            now,
        )
        for one in pending
    ]
    finalising.save_final_charts(singles, now)
    _open_to_all(wave, now)
    return len(singles)


def _refuse_unfinished(pending: list[finalising.RoundCharts]) -> None:
    if any(one.assigned == 0 for one in pending):
        raise Refused(
            _(
                "Some studies are not assigned to anyone. Assign them, then close "
                "charting."
            )
        )
    if any(one.round.audience == Audience.ADJUDICATORS for one in pending):
        raise Refused(
            _(
                "Some studies have unresolved discrepancies. Resolve them, then close "
                "charting."
            )
        )
    if not all(one.is_submitted and one.assigned == 1 for one in pending):
        raise Refused(
            _(
                "Some assigned charts are not submitted. Ask the reviewers to finish, "
                "then close charting."
            )
        )


def _open_to_all(wave: FormWave, now: datetime) -> None:
    """Reveal the finalised studies; others, not included now, can join a later wave."""
    all_rounds = ChartRound.objects.unblinded(reason="a closed wave is open to all")
    finalised = Exists(FinalChart.objects.filter(round=OuterRef("pk")))
    of_wave = all_rounds.filter(finalised, wave=wave)
    of_wave.filter(audience=Audience.ADJUDICATORS).update(audience=Audience.MEMBERS)
    of_wave.filter(audience=Audience.AUTHOR).update(
        audience=Audience.MEMBERS,
        revealed_at=now,
        sealed_at=Coalesce(F("sealed_at"), Value(now, output_field=DateTimeField())),
    )
