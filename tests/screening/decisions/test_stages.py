"""Stages: created, started, finished and closed; included records move on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reviewapp.core.blinding import Audience
from reviewapp.core.models import Event
from reviewapp.core.refusals import Missing, NotAllowed, Refused
from reviewapp.core.services import reviews
from screening.decisions.models import Decision, Stage, Wave
from screening.decisions.models.rounds import Assignment, Round
from screening.decisions.queries import decisions, queue
from screening.decisions.queries import votes as vote_queries
from screening.decisions.rules.drawing import Window, position
from screening.decisions.services import (
    closing,
    rounds,
    stages,
    unblinding,
    votes,
)
from screening.decisions.services.decisions import resolve_conflict
from screening.records.models import Duplicate, Record
from screening.reports.models import Report
from screening.reports.services import retrieval
from tests import factories
from tests.conftest import Cast
from tests.screening.decisions.conftest import (
    LATER,
    NOW,
    cast_vote,
    rounds_of,
    start,
    vote_all,
)


def merge(cast: Cast, record: Record, of: Record) -> Duplicate:
    return Duplicate.objects.create(
        review=cast.review,
        record=record,
        of=of,
        how="person",
        created_at=NOW,
        created_by=cast.lena,
    )


def finish(stage: Stage, *members: object) -> None:
    for member in members:
        stages.mark_finished(actor=member, stage_code=stage.code, now=LATER)  # type: ignore[arg-type]


def close(cast: Cast, stage: Stage) -> Wave:
    return closing.close_wave(actor=cast.dora, stage_code=stage.code, now=LATER)


def test_a_new_review_has_title_and_full_text_stages(cast: Cast) -> None:
    lead = reviews.create_review(user=cast.dora.user, title="New", now=NOW)
    made = list(Stage.objects.filter(review=lead.review).order_by("position"))
    assert [(s.kind, s.subject, s.needs_reason) for s in made] == [
        ("title_abstract", "record", False),
        ("full_text", "report", True),
    ]
    assert made[1].reasons.count() == len(stages.STARTER_REASONS)


def test_only_a_lead_sets_up_stages(cast: Cast, title_stage: Stage) -> None:
    for member in (cast.ada, cast.cleo, cast.lena, cast.olaf):
        with pytest.raises(NotAllowed):
            stages.start_stage(actor=member, stage_code=title_stage.code, now=NOW)
        with pytest.raises(NotAllowed):
            closing.close_wave(actor=member, stage_code=title_stage.code, now=NOW)
    with pytest.raises(Missing):
        stages.start_stage(actor=cast.eve, stage_code=title_stage.code, now=NOW)


def test_a_stage_needs_a_policy_to_start(cast: Cast, title_stage: Stage) -> None:
    with pytest.raises(Refused, match="Set the screening assignments"):
        stages.start_stage(actor=cast.dora, stage_code=title_stage.code, now=NOW)


def test_opening_rounds_again_makes_nothing_twice(cast: Cast, double: Stage) -> None:
    before = (len(rounds_of(double)), Assignment.objects.count())
    assert rounds.open_rounds(stage=double, actor=cast.dora, now=NOW) == 0
    assert (len(rounds_of(double)), Assignment.objects.count()) == before == (6, 12)


def test_new_records_are_assigned_at_the_same_percentage(
    cast: Cast, title_stage: Stage
) -> None:
    from screening.records import hooks

    factories.make_records(cast.lena, 10)
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (20, [cast.ben]))
    drawn = set(
        Assignment.objects.filter(member=cast.ben).values_list("round", flat=True)
    )
    assert len(drawn) == 2
    # So many that the second draw is never empty.
    factories.make_records(cast.lena, 100, factories.make_source(cast.lena, "Scopus"))
    hooks.records_changed.call(review=cast.review, actor=cast.lena, now=LATER)
    now = set(
        Assignment.objects.filter(member=cast.ben).values_list("round", flat=True)
    )
    # Each record has the same chance (test_drawing.py), so the number is not exact.
    wave = stage.waves.get()
    first, second = wave.draws.filter(rule=2).order_by("number")
    assert (first.drawn, second.drawn) == (2, len(now) - 2)
    window = Window(first.share, int(first.start, 16))
    assert second.start == first.start
    assert now == {
        round_.pk
        for round_ in Round.objects.unblinded(reason="test").filter(wave=wave)
        if window.has(position(wave.key, 2, round_.record.code))
    }
    assert drawn <= now
    assert queue.own_progress(cast.ada, stage).total == 110


def test_late_duplicates_do_not_count_in_the_percentage(
    cast: Cast, double: Stage, records: Sequence[Record]
) -> None:
    merge(cast, records[0], records[1])
    rounds.open_rounds(stage=double, actor=cast.dora, now=LATER)
    assert queue.own_progress(cast.ben, double).total == 5


def test_screening_is_marked_as_finished_only_when_nothing_is_pending(
    cast: Cast, double: Stage
) -> None:
    with pytest.raises(Refused, match="You still have 6 to screen"):
        finish(double, cast.ada)
    vote_all(double, cast.ada)
    finish(double, cast.ada)
    finish(double, cast.ada)
    assert [(w.name, w.has_finished) for w in queue.finished_marks(double)] == [
        ("Ada", True),
        ("Ben", False),
    ]
    assert Event.objects.filter(kind="stage:finished").count() == 1
    with pytest.raises(Refused, match="Nothing is assigned"):
        finish(double, cast.cleo)


def test_a_finished_mark_does_not_cover_later_assignments(
    cast: Cast, double: Stage
) -> None:
    vote_all(double, cast.ada)
    finish(double, cast.ada)
    factories.make_records(cast.lena, 1, factories.make_source(cast.lena, "Scopus"))
    rounds.open_rounds(stage=double, actor=cast.lena, now=LATER)
    assert not queue.finished_marks(double)[0].has_finished


def test_closing_needs_all_finished_marks_and_names_the_missing(
    cast: Cast, double: Stage
) -> None:
    vote_all(double, cast.ada)
    finish(double, cast.ada)
    # Ben has voted on everything but has no finished mark. The refusal must not show
    # his progress.
    with pytest.raises(Refused, match=r"Ben has not marked") as before:
        close(cast, double)
    vote_all(double, cast.ben)
    with pytest.raises(Refused) as after:
        close(cast, double)
    assert before.value.sentence == after.value.sentence


def test_closing_needs_resolved_conflicts(cast: Cast, double: Stage) -> None:
    vote_all(double, cast.ada, "include")
    vote_all(double, cast.ben, "exclude")
    finish(double, cast.ada, cast.ben)
    with pytest.raises(Refused, match="Resolve the 6 open conflicts"):
        close(cast, double)
    for code in rounds_of(double).values():
        resolve_conflict(actor=cast.cleo, round_code=code, verdict="include", now=LATER)
    assert close(cast, double).closed_at == LATER
    assert Report.objects.count() == 6


def test_a_vote_withdrawn_after_the_finished_mark_keeps_the_stage_open(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    import uuid

    stage = start(title_stage, cast.dora, (100, [cast.ada]))
    vote_all(stage, cast.ada)
    finish(stage, cast.ada)
    votes.withdraw_vote(
        actor=cast.ada,
        round_code=next(iter(rounds_of(stage).values())),
        key=uuid.uuid4(),
        now=LATER,
    )
    with pytest.raises(Refused, match="withdrawn"):
        close(cast, stage)


def test_unassigned_records_keep_the_stage_open(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (50, [cast.ada]))
    vote_all(stage, cast.ada)
    finish(stage, cast.ada)
    with pytest.raises(Refused, match="not assigned to anyone"):
        close(cast, stage)


def test_closing_decides_single_votes_and_shows_all_votes(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (50, [cast.ben]))
    vote_all(stage, cast.ada, "include")
    vote_all(stage, cast.ben, "include")
    finish(stage, cast.ada, cast.ben)
    assert decisions.decision_counts(cast.review)[stage.pk].total == 3
    close(cast, stage)
    how = sorted(Decision.objects.values_list("how", flat=True))
    assert how == ["agreement"] * 3 + ["single"] * 3
    assert Report.objects.count() == 6
    audiences = Round.objects.unblinded(reason="test").values_list(
        "audience", "sealed_at", "revealed_at"
    )
    assert {a for a, _, _ in audiences} == {Audience.MEMBERS}
    code = next(iter(rounds_of(stage).values()))
    assert {v.verdict for v in vote_queries.visible_votes(cast.olaf, code)} == {
        "include"
    }
    with pytest.raises(Refused, match="closed"):
        cast_vote(cast.ada, code, "exclude")
    assert close(cast, stage).closed_at == LATER


def test_a_record_becomes_an_included_study(
    cast: Cast, title_stage: Stage, full_stage: Stage, records: Sequence[Record]
) -> None:
    title = start(title_stage, cast.dora, (100, [cast.ada]))
    full = start(full_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    vote_all(title, cast.ada, "include")
    finish(title, cast.ada)
    close(cast, title)
    for report in Report.objects.all():
        retrieval.mark_retrieved(actor=cast.lena, report_code=report.code, now=LATER)
    assert len(rounds_of(full)) == 6
    codes = list(rounds_of(full).values())
    reason = full.reasons.order_by("position")[0]
    for code in codes:
        for member in (cast.ada, cast.ben):
            out = code == codes[0]
            cast_vote(
                member, code, "exclude" if out else "include", reason if out else None
            )
    assert decisions.included_reports(cast.review).count() == 5
    assert decisions.included_studies(cast.review).count() == 5
    excluded = Decision.objects.get(stage=full, verdict="exclude")
    assert excluded.reason == reason
    passed = [r for r in records if r.code != excluded.report.record.code]  # type: ignore[union-attr]
    merge(cast, passed[0], passed[1])
    assert decisions.included_reports(cast.review).count() == 4
    assert len(decisions.decisions_of_record(cast.olaf, passed[2].code)) == 2


def test_many_reports_retrieved_at_once_come_to_full_text(
    cast: Cast, double: Stage, full_stage: Stage, records: Sequence[Record]
) -> None:
    start(full_stage, cast.dora, (100, [cast.ada]))
    retrieval.send_to_retrieval(actor=cast.ada, records=records, now=NOW)
    retrieval.mark_many_retrieved(
        actor=cast.ada,
        report_codes=[one.code for one in list(Report.objects.all())],
        now=NOW,
    )
    assert len(rounds_of(full_stage)) == 6


def test_a_further_record_stage_comes_between(
    cast: Cast, title_stage: Stage, full_stage: Stage, records: Sequence[Record]
) -> None:
    second = stages.add_stage(
        actor=cast.dora, name="Second look", subject="record", now=NOW
    )
    full_stage.refresh_from_db()
    assert (title_stage.position, second.position, full_stage.position) == (1, 2, 3)
    title = start(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    second = start(second, cast.dora, (100, [cast.ben]))
    one, two, *_ = rounds_of(title).values()
    for member in (cast.ada, cast.ben):
        cast_vote(member, one, "include")
        cast_vote(member, two, "exclude")
    assert len(rounds_of(second)) == 1
    assert not Report.objects.exists()
    vote_all(second, cast.ben, "include")
    finish(second, cast.ben)
    close(cast, second)
    with pytest.raises(Refused, match="Second look has already included"):
        stages.add_stage(actor=cast.dora, name="Third", subject="record", now=NOW)
    assert Report.objects.count() == 1


def test_stage_names_are_unique_and_not_empty(cast: Cast, title_stage: Stage) -> None:
    for name in ("", "  ", "Full text"):
        with pytest.raises(Refused, match="name"):
            stages.add_stage(actor=cast.dora, name=name, subject="report", now=NOW)


def test_reasons_are_retired_not_deleted(cast: Cast, full_stage: Stage) -> None:
    stages.set_reasons(
        actor=cast.dora,
        stage_code=full_stage.code,
        texts=["Not peer work", "Wrong  context", "", "Not peer work"],
        now=NOW,
    )
    offered = full_stage.reasons.filter(retired_at=None).order_by("position")
    assert [r.text for r in offered] == ["Not peer work", "Wrong context"]
    assert full_stage.reasons.filter(retired_at__isnull=False).count() == 4
    told = Event.objects.get(kind="stage:reasons_set").data
    assert len(told["before"]) == 5
    assert told["after"] == ["Not peer work", "Wrong context"]
    stages.set_reasons(
        actor=cast.dora, stage_code=full_stage.code, texts=told["after"], now=NOW
    )
    assert Event.objects.filter(kind="stage:reasons_set").count() == 1
    with pytest.raises(Refused, match="at least one"):
        stages.set_reasons(
            actor=cast.dora, stage_code=full_stage.code, texts=[" "], now=NOW
        )


def test_unblinding_shows_one_round_to_the_adjudicators_and_is_logged(
    cast: Cast, double: Stage
) -> None:
    code = next(iter(rounds_of(double).values()))
    cast_vote(cast.ada, code, "include")
    with pytest.raises(Refused, match="reason"):
        unblinding.unblind_round(
            actor=cast.dora, round_code=code, reason=" ", now=LATER
        )
    with pytest.raises(NotAllowed):
        unblinding.unblind_round(
            actor=cast.cleo, round_code=code, reason="x", now=LATER
        )
    unblinding.unblind_round(
        actor=cast.dora, round_code=code, reason="A member fell ill", now=LATER
    )
    assert [v.verdict for v in vote_queries.visible_votes(cast.cleo, code)] == [
        "include"
    ]
    assert vote_queries.visible_votes(cast.ben, code) == ()
    event = Event.objects.get(kind="round:unblinded")
    assert event.data["reason"] == "A member fell ill"
    assert event.private_to is None
    # An assignment that disappears would tell Ben that Ada has voted.
    assert queue.own_progress(cast.ben, double).total == 6
    cast_vote(cast.ben, code, "include")
    assert not Decision.objects.exists()
    resolve_conflict(actor=cast.dora, round_code=code, verdict="include", now=LATER)
    assert Decision.objects.get().how == "adjudication"
