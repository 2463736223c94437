"""Changes and assignments after all reviewers have submitted their charts."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from charting.models import FinalChart, Form
from charting.models.charts import Chart, ChartAssignment, ChartRound
from charting.queries import charts as queries
from charting.queries import discrepancies
from charting.services import charts, forms, reconcile, rounds
from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member, Role
from reviewapp.core.refusals import Refused
from tests.charting.factories import (
    VALUES,
    make_form,
    make_included,
    rounds_of,
    save,
)
from tests.charting.test_pages import ClientOf, answers, url
from tests.conftest import Cast
from tests.factories import NOW, make_member


def in_discrepancy(cast: Cast) -> tuple[Form, ChartRound]:
    """Return a study of two reviewers who differ on "role" only."""
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    [round_] = rounds_of(form)
    save(cast.ada, round_)
    save(cast.ben, round_, role="partner")
    return form, round_


def reopen(member: Member, round_: ChartRound) -> None:
    charts.reopen_chart(actor=member, round_code=round_.code, key=uuid.uuid4(), now=NOW)


def seen(cast: Cast, form: Form, round_: ChartRound) -> dict[str, list[str]]:
    """Return the answers that Cleo sees in each chart, with changes, by question."""
    study = discrepancies.get_discrepancies(cast.cleo, form, round_.code)
    assert study is not None
    return {
        one.spec.key: sorted(
            f"{given.text} → {given.changed_text}" if given.is_changed else given.text
            for given in one.given
        )
        for one in study.fields
    }


def resolve(cast: Cast, round_: ChartRound, **answers: object) -> tuple[str, ...]:
    return reconcile.resolve_discrepancies(
        actor=cast.cleo,
        round_code=round_.code,
        answers=[reconcile.Resolution(k, v) for k, v in answers.items()],
        now=NOW,
    ).left


def remove(cast: Cast, member: Member) -> None:
    rounds.remove_assignments(
        review=cast.review, member=member, actor=cast.dora, now=NOW
    )


# ── Changes ──────────────────────────────────────────────────────────────────


def test_a_change_after_a_discrepancy_is_saved_shown_and_has_no_effect(
    cast: Cast,
) -> None:
    form, round_ = in_discrepancy(cast)
    reopen(cast.ada, round_)
    saved = save(cast.ada, round_, role="partner", year=1999)

    assert (saved.version, saved.is_complete) == (3, True)
    own = Chart.objects.visible_to(cast.ada).order_by("version")
    assert [one.is_late for one in own] == [False, True, True]
    assert not FinalChart.objects.exists(), "toggling does not make them agree"
    found = seen(cast, form, round_)
    assert found["role"] == ["Partner", "Peer support → Partner"]
    assert found["year"] == ["2020", "2020 → 1999"]
    assert resolve(cast, round_, role="support") == ()
    assert FinalChart.objects.get().values == VALUES


def test_a_reopened_chart_is_not_missing_for_the_adjudicators(cast: Cast) -> None:
    form, round_ = in_discrepancy(cast)
    reopen(cast.ada, round_)
    save(cast.ada, round_, complete=False, role=None)
    assert seen(cast, form, round_)["role"] == ["Partner", "Peer support → "]
    assert resolve(cast, round_, role="support") == ()
    active = ChartAssignment.objects.filter(round=round_, vacated_at=None)
    assert active.count() == 2, "a late draft is no open assignment"


def test_a_final_chart_ends_changes(cast: Cast) -> None:
    _, round_ = in_discrepancy(cast)
    resolve(cast, round_, role="partner")
    with pytest.raises(Refused, match="finalised"):
        save(cast.ada, round_, year=1999)
    with pytest.raises(Refused, match="finalised"):
        reopen(cast.ada, round_)
    with pytest.raises(Refused, match="finalised"):
        new = [charts.ChartToSubmit(round_.code, {**VALUES, "year": 1999})]
        charts.submit_charts(actor=cast.ada, charts=new, now=NOW)


def test_changes_in_bulk_are_late_too(cast: Cast) -> None:
    _, round_ = in_discrepancy(cast)
    new = [charts.ChartToSubmit(round_.code, {**VALUES, "role": "partner"})]
    assert charts.submit_charts(actor=cast.ada, charts=new, now=NOW) == 1
    assert Chart.objects.visible_to(cast.ada).get(version=2).is_late
    assert not FinalChart.objects.exists()


def test_the_change_of_a_single_reviewer_counts_until_the_closing(cast: Cast) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada])
    [round_] = rounds_of(form)
    save(cast.ada, round_)
    reopen(cast.ada, round_)
    save(cast.ada, round_, role="partner")
    assert not Chart.objects.visible_to(cast.ada).filter(is_late=True).exists()
    forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)
    assert FinalChart.objects.get().values["role"] == "partner"


def test_an_adjudicator_who_can_read_the_charts_can_change_none(cast: Cast) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.cleo], [cast.ben], share=100)
    [round_] = rounds_of(form)
    save(cast.cleo, round_)
    save(cast.ben, round_, role="partner")
    for change in (save, lambda member, one: reopen(member, one)):
        with pytest.raises(Refused, match="can see the charts of others"):
            change(cast.cleo, round_)
    page = queries.get_chart_page(cast.cleo, form, round_.code)
    assert page is not None
    assert page.is_readable
    assert not page.is_open


def test_the_answers_and_pages_of_an_author_do_not_tell_of_a_discrepancy(
    cast: Cast, client_of: ClientOf
) -> None:
    make_included(cast.dora, 2)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    differing, waiting = rounds_of(form)
    save(cast.ada, differing)
    save(cast.ada, waiting)
    save(cast.ben, differing, role="partner")
    told = []
    for round_ in (differing, waiting):
        ada = client_of(cast.ada)
        reopened = ada.post(url(cast, "reopen", form.code, round_.code))
        sent = answers(do="draft", version="2", **{"a-design": "Cohort"})
        kept = ada.post(url(cast, "autosave", form.code, round_.code), sent)
        complete = answers(do="complete", **{"a-design": "Cohort"})
        done = ada.post(url(cast, "chart", form.code, round_.code), complete)
        state = [
            (one.state, one.is_pending)
            for one in queries.chart_queue(cast.ada, form).lines
            if one.round_code == round_.code
        ]
        told.append((reopened.status_code, kept.status_code, done.status_code, state))
    assert told[0] == told[1]
    assert told[0][:2] == (302, 200)


# ── Assignments given later ──────────────────────────────────────────────────


def test_a_hand_over_covers_studies_in_discrepancy(cast: Cast, rita: Member) -> None:
    form, round_ = in_discrepancy(cast)
    reopen(cast.ada, round_)
    remove(cast, cast.ada)
    give(cast, form, rita)
    assert [one.pk for one in rounds_of(form, rita)] == [round_.pk]
    save(rita, round_, complete=False, design="Not yet")
    assert seen(cast, form, round_)["design"] == ["Survey", "Survey"]
    save(rita, round_, design="Cohort")
    own = Chart.objects.visible_to(rita).order_by("version")
    assert [one.is_late for one in own] == [False, False]
    found = seen(cast, form, round_)
    assert found["role"] == ["Partner", "Peer support", "Peer support"]
    assert found["design"] == ["Cohort", "Survey", "Survey"]
    save(rita, round_, design="Trial")
    assert "Cohort → Trial" in seen(cast, form, round_)["design"]
    assert resolve(cast, round_, role="partner") == ("design",)
    assert resolve(cast, round_, design="Cohort") == ()


def test_a_final_chart_withdraws_what_is_still_open(cast: Cast, rita: Member) -> None:
    form, round_ = in_discrepancy(cast)
    reopen(cast.ada, round_)
    remove(cast, cast.ada)
    give(cast, form, rita)
    save(rita, round_, complete=False)
    resolve(cast, round_, role="support")
    assert rounds_of(form, rita) == []
    assert FinalChart.objects.get().values == VALUES, "the first two charts count"
    with pytest.raises(Refused, match="finalised"):
        save(rita, round_)
    page = queries.get_chart_page(rita, form, round_.code)
    assert page is not None
    assert page.state == queries.FINALISED


def test_a_submitted_chart_in_discrepancy_is_not_handed_over(
    cast: Cast, rita: Member
) -> None:
    form, round_ = in_discrepancy(cast)
    remove(cast, cast.ada)
    give(cast, form, rita)
    assert rounds_of(form, rita) == []
    assert [one.pk for one in rounds_of(form, cast.ada)] == [round_.pk]


def test_a_second_reviewer_may_be_added_after_the_first_has_submitted(
    cast: Cast,
) -> None:
    make_included(cast.dora, 2)
    form = make_form(cast.dora, [cast.ada])
    for round_ in rounds_of(form):
        save(cast.ada, round_)
    forms.assign_charting(
        actor=cast.dora,
        form_code=form.code,
        first=[cast.ada],
        second=[cast.ben],
        second_share=Decimal(100),
        now=NOW,
    )
    first, other = rounds_of(form, cast.ben)
    save(cast.ada, first, role="partner")
    save(cast.ben, first, role="partner")
    assert FinalChart.objects.get().values["role"] == "partner"
    save(cast.ben, other, role="partner")
    save(cast.ada, other, role="partner")
    assert FinalChart.objects.count() == 1
    audiences = {one.pk: one.audience for one in rounds_of(form)}
    assert audiences[other.pk] == Audience.ADJUDICATORS


def give(cast: Cast, form: Form, member: Member) -> None:
    """Assign what is open to another first reviewer."""
    forms.assign_charting(
        actor=cast.dora,
        form_code=form.code,
        first=[member],
        second=[cast.ben],
        second_share=Decimal(100),
        now=NOW,
    )


@pytest.fixture
def rita(cast: Cast) -> Member:
    return make_member(cast.review, "Rita", Role.REVIEWER)
