"""The services of charting, on the database with its triggers."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from charting.models import FinalChart
from charting.models.charts import Chart, ChartAssignment
from charting.rules.schema import FieldSpec
from charting.services import charts, fields, forms, rounds
from reviewapp.core.blinding import Audience
from reviewapp.core.models import Event
from reviewapp.core.refusals import NotAllowed, Refused
from tests.charting.factories import (
    FIELDS,
    ROLE,
    VALUES,
    make_form,
    make_included,
    rounds_of,
    save,
)
from tests.conftest import Cast
from tests.factories import NOW

# ── Forms ────────────────────────────────────────────────────────────────────


def test_a_form_can_start_from_a_shipped_one(cast: Cast) -> None:
    form = forms.create_form(
        actor=cast.dora, name="Ours", fields=[], template="peer_workers", now=NOW
    )
    version = form.versions.get()
    assert version.fields.count() == 14
    assert version.published_at is None


def test_a_published_version_never_changes_not_even_by_sql(cast: Cast) -> None:
    form = make_form(cast.dora)
    field = form.versions.get().fields.first()
    with pytest.raises(Refused, match="new draft"):
        fields.remove_field(
            actor=cast.dora, form_code=form.code, code=field.code, now=NOW
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        form.versions.get().fields.update(label="Other")


def test_a_new_draft_copies_the_questions_and_keeps_their_keys(cast: Cast) -> None:
    form = make_form(cast.dora)
    draft = forms.start_draft(actor=cast.dora, form_code=form.code, now=NOW)
    assert (
        forms.start_draft(actor=cast.dora, form_code=form.code, now=NOW).pk == draft.pk
    )
    assert [f.key for f in draft.fields.order_by("position")] == [
        field.key for field in FIELDS
    ]
    added = fields.add_field(
        actor=cast.dora,
        form_code=form.code,
        spec=FieldSpec("", "year", "Year published"),
        now=NOW,
    )
    assert added.key == "year_published"
    fields.move_field(
        actor=cast.dora, form_code=form.code, code=added.code, by=-99, now=NOW
    )
    assert draft.fields.order_by("position").first().key == "year_published"


def test_a_published_question_keeps_its_answer_type(cast: Cast) -> None:
    form = make_form(cast.dora)
    draft = forms.start_draft(actor=cast.dora, form_code=form.code, now=NOW)
    field = draft.fields.get(key="year")
    with pytest.raises(Refused, match="answer type"):
        fields.change_field(
            actor=cast.dora,
            form_code=form.code,
            code=field.code,
            spec=FieldSpec("year", "number", "Year"),
            now=NOW,
        )
    changed = fields.change_field(
        actor=cast.dora,
        form_code=form.code,
        code=field.code,
        spec=FieldSpec("other", "year", "Year of the first report"),
        now=NOW,
    )
    assert (changed.key, changed.label) == ("year", "Year of the first report")


def test_a_choice_needs_two_answers_and_an_empty_form_is_not_published(
    cast: Cast,
) -> None:
    form = forms.create_form(actor=cast.dora, name="Empty", fields=[], now=NOW)
    with pytest.raises(Refused, match="at least one question"):
        forms.publish_form(actor=cast.dora, form_code=form.code, now=NOW)
    with pytest.raises(Refused, match="between 2"):
        fields.add_field(
            actor=cast.dora,
            form_code=form.code,
            spec=FieldSpec("", "choose_one", "Role", options=ROLE.options[:1]),
            now=NOW,
        )


def test_a_draft_can_be_discarded_but_not_the_only_version(cast: Cast) -> None:
    form = make_form(cast.dora)
    forms.start_draft(actor=cast.dora, form_code=form.code, now=NOW)
    forms.discard_draft(actor=cast.dora, form_code=form.code, now=NOW)
    assert form.versions.count() == 1
    other = forms.create_form(actor=cast.dora, name="Other", fields=FIELDS, now=NOW)
    with pytest.raises(Refused, match="only version"):
        forms.discard_draft(actor=cast.dora, form_code=other.code, now=NOW)


def test_only_leads_change_forms(cast: Cast) -> None:
    for member in (cast.ada, cast.cleo, cast.lena, cast.olaf, cast.rex):
        with pytest.raises(NotAllowed):
            forms.create_form(actor=member, name="Mine", fields=FIELDS, now=NOW)


# ── Assignments ──────────────────────────────────────────────────────────────────


def test_every_study_is_assigned_once_and_a_sample_twice(cast: Cast) -> None:
    make_included(cast.dora, 10)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=20)
    assert len(rounds_of(form, cast.ada)) == 10
    assert len(rounds_of(form, cast.ben)) == 2


def test_two_reviewers_share_the_studies_evenly(cast: Cast) -> None:
    make_included(cast.dora, 9)
    form = make_form(cast.dora, [cast.ada, cast.ben], [cast.ada, cast.ben], share=100)
    firsts = ChartAssignment.objects.filter(form=form, no=1)
    assert {firsts.filter(member=m).count() for m in (cast.ada, cast.ben)} == {4, 5}
    assert len(rounds_of(form, cast.ada)) == len(rounds_of(form, cast.ben)) == 9


def test_newly_included_studies_are_assigned_once(cast: Cast) -> None:
    make_included(cast.dora, 5)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=20)
    before = {r.pk for r in rounds_of(form, cast.ben)}
    make_included(cast.dora, 5)
    rounds.assign_new_studies(review=cast.review, actor=cast.dora, now=NOW)
    assert rounds.open_chart_rounds(form=form, actor=cast.dora, now=NOW) == 0
    assert len(rounds_of(form)) == 10
    after = {r.pk for r in rounds_of(form, cast.ben)}
    assert before <= after
    assert len(after) < 10


def test_one_member_cannot_be_both_reviewers_of_a_study(cast: Cast) -> None:
    form = make_form(cast.dora)
    with pytest.raises(Refused, match="both the first"):
        forms.assign_charting(
            actor=cast.dora,
            form_code=form.code,
            first=[cast.ada],
            second=[cast.ada],
            second_share=Decimal(20),
            now=NOW,
        )


@pytest.mark.parametrize("name", ["rex", "olaf", "eve"])
def test_only_active_members_who_may_chart_are_assigned(cast: Cast, name: str) -> None:
    form = make_form(cast.dora)
    with pytest.raises(Refused, match="can't chart"):
        forms.assign_charting(
            actor=cast.dora,
            form_code=form.code,
            first=[getattr(cast, name)],
            second=[],
            second_share=Decimal(0),
            now=NOW,
        )


def test_an_unpublished_or_unassigned_form_is_not_started(cast: Cast) -> None:
    form = forms.create_form(actor=cast.dora, name="New", fields=FIELDS, now=NOW)
    with pytest.raises(Refused, match="Publish"):
        forms.start_charting(actor=cast.dora, form_code=form.code, now=NOW)
    forms.publish_form(actor=cast.dora, form_code=form.code, now=NOW)
    with pytest.raises(Refused, match="Assign reviewers"):
        forms.start_charting(actor=cast.dora, form_code=form.code, now=NOW)


# ── Charting ─────────────────────────────────────────────────────────────────


def test_equal_charts_finalise_the_study_and_stay_private(cast: Cast) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    [round_] = rounds_of(form)
    save(cast.ada, round_)
    assert not FinalChart.objects.exists()
    save(cast.ben, round_, design="survey.")
    final = FinalChart.objects.get()
    assert final.how == "agreement"
    assert final.values == VALUES
    [round_] = rounds_of(form)
    assert round_.audience == Audience.AUTHOR
    assert round_.sealed_at == NOW
    assert Chart.objects.visible_to(cast.dora).count() == 0


def test_differing_charts_go_to_the_adjudicators(cast: Cast) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    [round_] = rounds_of(form)
    save(cast.ada, round_)
    save(cast.ben, round_, role="partner")
    assert not FinalChart.objects.exists()
    assert Chart.objects.visible_to(cast.cleo).count() == 2
    assert Chart.objects.visible_to(cast.ada).count() == 1
    save(cast.ada, round_, year=2019)
    assert Chart.objects.visible_to(cast.ada).get(version=2).is_late


def test_a_single_chart_is_final_when_charting_is_closed(cast: Cast) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada])
    [round_] = rounds_of(form)
    save(cast.ada, round_)
    assert not FinalChart.objects.exists()
    save(cast.ada, round_, year=2019)
    forms.close_charting(actor=cast.dora, form_code=form.code, now=NOW)
    final = FinalChart.objects.get()
    assert (final.how, final.values["year"]) == ("single", 2019)
    assert Chart.objects.visible_to(cast.olaf).count() == 2


def test_a_draft_is_not_submitted_and_charts_reopen_until_sealed(
    cast: Cast,
) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    [round_] = rounds_of(form)
    save(cast.ben, round_)
    save(cast.ada, round_, complete=False)
    assert not FinalChart.objects.exists()
    charts.reopen_chart(
        actor=cast.ben, round_code=round_.code, key=uuid.uuid4(), now=NOW
    )
    save(cast.ada, round_)
    assert not FinalChart.objects.exists()
    save(cast.ben, round_)
    assert FinalChart.objects.count() == 1
    with pytest.raises(Refused):
        charts.reopen_chart(
            actor=cast.ben, round_code=round_.code, key=uuid.uuid4(), now=NOW
        )


def test_a_chart_with_errors_is_kept_as_a_draft(cast: Cast) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada])
    [round_] = rounds_of(form)
    saved = save(cast.ada, round_, year="abc", role=None)
    assert set(saved.errors) == {"year", "role"}
    assert not saved.is_complete
    kept = Chart.objects.visible_to(cast.ada).get()
    assert kept.values["country"] == ["NO"]
    assert "year" not in kept.values


def test_a_repeated_request_makes_one_version_and_loses_nothing(
    cast: Cast,
) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada])
    [round_] = rounds_of(form)
    key = uuid.uuid4()

    def send(**values: object) -> int:
        return charts.save_chart(
            actor=cast.ada,
            round_code=round_.code,
            values=values,
            complete=False,
            key=key,
            now=NOW,
        ).version

    assert send(year="2020") == send(year="2020") == 1
    assert send(year="2021") == 2
    assert [
        c.values for c in Chart.objects.visible_to(cast.ada).order_by("version")
    ] == [
        {"year": 2020},
        {"year": 2021},
    ]


@pytest.mark.parametrize("name", ["ben", "dora", "eve"])
def test_a_study_that_is_not_assigned_is_not_charted(cast: Cast, name: str) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada])
    [round_] = rounds_of(form)
    with pytest.raises(Refused, match="not assigned to you"):
        save(getattr(cast, name), round_)


def test_events_of_charts_are_private_and_final_charts_public(cast: Cast) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    [round_] = rounds_of(form)
    save(cast.ada, round_, complete=False)
    save(cast.ada, round_)
    kinds = {event.kind for event in Event.objects.visible_to(cast.dora)}
    assert "chart:begun" not in kinds
    assert "chart:handed_in" not in kinds
    save(cast.ben, round_)
    [event] = Event.objects.visible_to(cast.olaf).filter(kind="charts:settled")
    assert event.actor is None


def test_submitted_charts_keep_their_form_version(cast: Cast) -> None:
    make_included(cast.dora, 1)
    form = make_form(cast.dora, [cast.ada], [cast.ben], share=100)
    [round_] = rounds_of(form)
    save(cast.ada, round_)
    forms.start_draft(actor=cast.dora, form_code=form.code, now=NOW)
    fields.add_field(
        actor=cast.dora,
        form_code=form.code,
        spec=FieldSpec("", "yes_no", "Groups"),
        now=NOW,
    )
    version = forms.publish_form(actor=cast.dora, form_code=form.code, now=NOW)
    save(cast.ben, round_, groups="yes")
    final = FinalChart.objects.get()
    assert final.how == "agreement"
    assert final.values == {**VALUES, "groups": True}
    assert final.form_version_id == version.pk
    assert Chart.objects.visible_to(cast.ada).get().form_version_id != version.pk
