"""Discrepancies, closing, members who leave, bulk submission."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from charting.models import FinalChart, Reconciliation
from charting.models.charts import Chart, ChartRound
from charting.services import charts, forms, reconcile, rounds
from reviewapp.core.blinding import Audience
from reviewapp.core.refusals import NotAllowed, Refused
from screening.decisions.models import Decision
from tests.charting.factories import (
    VALUES,
    make_form,
    make_included,
    rounds_of,
    save,
)
from tests.conftest import Cast
from tests.factories import NOW


def resolve(
    cast: Cast, round_: ChartRound, **answers: object
) -> reconcile.ResolutionResult:
    return reconcile.resolve_discrepancies(
        actor=cast.cleo,
        round_code=round_.code,
        answers=[reconcile.Resolution(k, v, "Read again.") for k, v in answers.items()],
        now=NOW,
    )


# ── Discrepancies ──────────────────────────────────────────────────────────────


def differing(cast: Cast) -> ChartRound:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    [round_] = rounds_of(form)
    save(cast.ada, round_)
    save(cast.ben, round_, role="partner", country="Norway; Sweden")
    return round_


def test_the_last_resolution_finalises_the_study(cast: Cast) -> None:
    round_ = differing(cast)
    first = resolve(cast, round_, role="support")
    assert first.left == ("country",)
    assert not FinalChart.objects.exists()
    resolve(cast, round_, role="partner")
    assert resolve(cast, round_, country="Norway; Sweden").is_finalised
    final = FinalChart.objects.get()
    assert final.how == "reconciled"
    assert final.values == {**VALUES, "role": "partner", "country": ["NO", "SE"]}
    assert Reconciliation.objects.count() == 3
    assert Chart.objects.visible_to(cast.cleo).count() == 2
    with pytest.raises(Refused, match="already resolved"):
        resolve(cast, round_, role="support")


def test_a_discrepancy_can_be_resolved_as_no_answer(cast: Cast) -> None:
    round_ = differing(cast)
    resolve(cast, round_, country="", role="support")
    assert "country" not in FinalChart.objects.get().values


def test_an_invalid_resolution_is_returned_as_an_error(cast: Cast) -> None:
    round_ = differing(cast)
    result = resolve(cast, round_, role="support", country="Atlantis")
    assert set(result.errors) == {"country"}
    assert result.left == ("country",)


def test_only_adjudicators_resolve_and_only_discrepancies(cast: Cast) -> None:
    round_ = differing(cast)
    with pytest.raises(Refused, match="not a discrepancy"):
        resolve(cast, round_, year=2020)
    for member in (cast.ada, cast.olaf, cast.rex):
        with pytest.raises(NotAllowed):
            reconcile.resolve_discrepancies(
                actor=member,
                round_code=round_.code,
                answers=[reconcile.Resolution("role", "support", "")],
                now=NOW,
            )
    with pytest.raises(Refused, match="no discrepancies"):
        reconcile.resolve_discrepancies(
            actor=cast.eve,
            round_code=round_.code,
            answers=[reconcile.Resolution("role", "support", "")],
            now=NOW,
        )


def test_a_blinded_round_has_no_discrepancies_to_resolve(cast: Cast) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    [round_] = rounds_of(form)
    save(cast.ada, round_)
    with pytest.raises(Refused, match="no discrepancies"):
        resolve(cast, round_, role="support")


# ── Closing, members ─────────────────────────────────────────────────────────


def test_closing_is_refused_while_something_is_open(cast: Cast) -> None:
    make_included(cast.dora, 2)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=50)
    with pytest.raises(Refused, match="not submitted"):
        forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)
    for round_ in rounds_of(form):
        save(cast.ada, round_)
    [double] = rounds_of(form, cast.ben)
    save(cast.ben, double, role="partner")
    with pytest.raises(Refused, match="discrepancies"):
        forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)
    resolve(cast, double, role="partner")
    forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)
    assert {s.how for s in FinalChart.objects.all()} == {"single", "reconciled"}
    assert {r.audience for r in rounds_of(form)} == {Audience.MEMBERS}
    with pytest.raises(Refused, match="closed"):
        save(cast.ada, double)


def test_open_studies_of_a_removed_member_are_reassigned(cast: Cast) -> None:
    make_included(cast.dora, 4)
    form = make_form(cast.dora, [cast.ada, cast.ben])
    [done, open_] = rounds_of(form, cast.ben)
    save(cast.ben, done)
    save(cast.ben, open_, complete=False)
    rounds.remove_assignments(
        review=cast.review, member=cast.ben, actor=cast.dora, now=NOW
    )
    assert [r.pk for r in rounds_of(form, cast.ben)] == [done.pk]
    assert len(rounds_of(form, cast.ada)) == 3
    for round_ in rounds_of(form, cast.ada):
        save(cast.ada, round_)
    forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)
    assert FinalChart.objects.count() == 4


def test_a_study_without_reviewers_keeps_the_form_open(cast: Cast) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada])
    rounds.remove_assignments(
        review=cast.review, member=cast.ada, actor=cast.dora, now=NOW
    )
    with pytest.raises(Refused, match="not assigned to anyone"):
        forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)
    forms.assign_charting(
        actor=cast.dora,
        form_code=form.code,
        first=[cast.ben],
        second=[],
        second_share=Decimal(0),
        now=NOW,
    )
    [round_] = rounds_of(form, cast.ben)
    save(cast.ben, round_)
    forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)


def test_a_study_that_is_no_longer_included_does_not_hold_up_the_closing(
    cast: Cast,
) -> None:
    kept, gone = make_included(cast.dora, 2)
    form = make_form(cast.dora, [cast.ada])
    report = gone.reports.get()
    report.study = kept
    report.save()
    [round_] = [r for r in rounds_of(form) if r.study_id == kept.pk]
    save(cast.ada, round_)
    forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)
    assert FinalChart.objects.get().study == kept
    assert Decision.objects.count() == 2


def test_a_closed_form_is_never_reopened(cast: Cast) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada])
    save(cast.ada, rounds_of(form)[0])
    forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        form.waves.update(closed_at=None)


# ── Bulk submission ──────────────────────────────────────────────────────────────────


def test_172_studies_of_two_reviewers_are_stored_in_bulk(cast: Cast) -> None:
    make_included(cast.dora, 172)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    for member in (cast.ada, cast.ben):
        new = [charts.ChartToSubmit(r.code, VALUES) for r in rounds_of(form, member)]
        assert charts.submit_charts(actor=member, charts=new, now=NOW) == 172
        assert charts.submit_charts(actor=member, charts=new[:0], now=NOW) == 0
    assert FinalChart.objects.count() == 172


def test_a_bulk_submission_with_one_error_stores_nothing(cast: Cast) -> None:
    make_included(cast.dora, 2)
    form = make_form(cast.dora, [cast.ada])
    first, second = rounds_of(form)
    with pytest.raises(Refused, match="four digits"):
        charts.submit_charts(
            actor=cast.ada,
            charts=[
                charts.ChartToSubmit(first.code, VALUES),
                charts.ChartToSubmit(second.code, {**VALUES, "year": "x"}),
            ],
            now=NOW,
        )
    assert not Chart.objects.visible_to(cast.ada).exists()
    with pytest.raises(Refused, match="Not all"):
        charts.submit_charts(
            actor=cast.ben, charts=[charts.ChartToSubmit(first.code, VALUES)], now=NOW
        )
