"""Early unblinding of a form's charts: by a lead, with a reason, logged."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from charting.models import FinalChart, Form, FormWave
from charting.models.charts import ChartAssignment, ChartRound
from charting.queries import waves
from charting.queries.forms import field_specs
from charting.services import finalising
from charting.services.finalising import RoundCharts
from reviewapp.core import events
from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member
from reviewapp.core.permissions import Action, require
from reviewapp.core.queries.lookup import get_by_code
from reviewapp.core.refusals import Refused


@transaction.atomic
def unblind_form(*, actor: Member, form_code: str, reason: str, now: datetime) -> int:
    """Reveal all submitted charts to adjudicators; return the number of studies.

    Reviewers of these studies who have not submitted lose their assignment. Studies
    whose charts agree, or that have a single chart, are finalised; the others have
    discrepancies. Studies without a submitted chart stay blinded.

    Raises Refused if there is no reason, or if charting with the form is not open.
    """
    require(actor, Action.SET_POLICY)
    if not reason.strip():
        raise Refused(
            _("Give a reason for unblinding the charts. The team will see it.")
        )
    form = get_by_code(Form.objects.select_for_update(), actor, form_code)
    wave = waves.open_wave(form)
    if wave is None:
        raise Refused(
            _("Charting with {name} is not in progress.").format(name=form.name)
        )
    opened = _open(wave, now)
    # No counts: only members who can now read the charts may know the progress.
    events.record(
        review=actor.review,
        actor=actor,
        kind="form:unblinded",
        now=now,
        subject=form.code,
        form=form.name,
        reason=reason.strip(),
    )
    return opened


def unblind_open_forms(*, actor: Member, reason: str, now: datetime) -> None:
    """Unblind all open forms of a review. Handles the hook ``review_unblinded``."""
    running = Form.objects.filter(waves.under_way(), review=actor.review_id)
    for form in running.order_by("pk"):
        unblind_form(actor=actor, form_code=form.code, reason=reason, now=now)


def _open(wave: FormWave, now: datetime) -> int:
    every = ChartRound.objects.unblinded(reason="a lead unblinds this form, logged")
    of_wave = every.filter(wave=wave)
    unsealed = of_wave.filter(sealed_at=None).values_list("pk", flat=True)
    begun = [
        one
        for one in finalising.rounds_with_charts(list(unsealed))
        if any(chart.is_complete for chart in one.charts)
    ]
    _free_open_seats(begun, now)
    pks = [one.round.pk for one in begun]
    left = finalising.rounds_with_charts(pks)
    every.filter(pk__in=pks).update(
        sealed_at=now, audience=Audience.ADJUDICATORS, revealed_at=now
    )
    _settle_what_agrees(left, now)
    agreed = of_wave.filter(sealed_at__isnull=False, audience=Audience.AUTHOR)
    n: int = agreed.update(audience=Audience.ADJUDICATORS, revealed_at=now)
    return len(pks) + n


def _free_open_seats(begun: list[RoundCharts], now: datetime) -> None:
    """Remove the assignments of reviewers without a submitted chart; keep drafts."""
    for one in begun:
        done = [chart.author_id for chart in one.charts if chart.is_complete]
        assigned = ChartAssignment.objects.filter(round=one.round, vacated_at=None)
        assigned.exclude(member__in=done).update(vacated_at=now)


def _settle_what_agrees(left: list[RoundCharts], now: datetime) -> None:
    fields = field_specs({c.form_version_id for one in left for c in one.charts})
    results = [(one, finalising.compare_round(one, fields)) for one in left]
    how = FinalChart.How
    finalising.save_final_charts(
        [
            finalising.make_final_chart(
                one,
                found.agreed,
                how.SINGLE if len(one.charts) == 1 else how.AGREEMENT,
                now,
            )
            for one, found in results
            if not found.differing
        ],
        now,
    )
