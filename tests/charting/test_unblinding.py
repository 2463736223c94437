"""Early unblinding of charts."""

from __future__ import annotations

import pytest

from charting.models import FinalChart
from charting.models.charts import Chart, ChartRound
from charting.services import unblinding
from reviewapp.core.blinding import Audience
from reviewapp.core.models import Event
from reviewapp.core.refusals import Refused
from screening.decisions.services.unblinding import unblind_review
from tests.charting.factories import make_form, make_included, rounds_of, save
from tests.conftest import Cast
from tests.factories import NOW

WHY = "An interim report"


def audience(round_: ChartRound) -> int:
    found = ChartRound.objects.unblinded(reason="test").get(pk=round_.pk)
    return int(found.audience)


def test_submitted_charts_are_unblinded_and_the_others_stay_blinded(cast: Cast) -> None:
    make_included(cast.lena, 3)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    alone, both, untouched = rounds_of(form)
    save(cast.ada, alone)
    save(cast.ben, alone, complete=False, design="A draft")
    save(cast.ada, both, role="support")
    save(cast.ben, both, role="partner")
    opened = unblinding.unblind_form(
        actor=cast.dora, form_code=form.code, reason=WHY, now=NOW
    )
    assert opened == 1
    assert audience(alone) == audience(both) == Audience.ADJUDICATORS
    assert audience(untouched) == Audience.AUTHOR
    final = FinalChart.objects.get()
    assert (final.round_id, final.how) == (alone.pk, "single")
    seen = Chart.objects.visible_to(cast.cleo).filter(round_id=alone.pk)
    assert seen.filter(author=cast.ada).exists()
    with pytest.raises(Refused):
        save(cast.ben, alone)
    save(cast.ben, untouched)
    event = Event.objects.get(kind="form:unblinded")
    assert event.data == {"reason": WHY, "form": form.name}


def test_unblinding_a_review_unblinds_its_charts(cast: Cast) -> None:
    make_included(cast.lena, 1)
    form = make_form(cast.dora, [cast.ada])
    [only] = rounds_of(form)
    save(cast.ada, only)
    unblind_review(actor=cast.dora, reason=WHY, now=NOW)
    assert audience(only) == Audience.ADJUDICATORS
    assert FinalChart.objects.get().how == "single"
