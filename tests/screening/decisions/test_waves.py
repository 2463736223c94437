"""Waves: what arrives after a closing opens the next one; nothing is stuck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client

from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member
from reviewapp.core.refusals import Refused
from screening.decisions.models import Decision, Stage, Wave
from screening.decisions.models.rounds import Assignment, Round
from screening.decisions.queries import agreement, queue, waves
from screening.decisions.queries import stages as stage_queries
from screening.decisions.services import closing, stages
from screening.duplicates.services import merge_undo
from screening.records import hooks
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
    set_policy,
    start,
    vote_all,
)

ClientOf = Callable[[Member | None], Client]
DAY = LATER + timedelta(days=1)


def finish_and_close(cast: Cast, stage: Stage, *readers: Member) -> Wave:
    """Let the readers say that they have finished, and close the open wave."""
    for reader in readers:
        stages.mark_finished(actor=reader, stage_code=stage.code, now=LATER)
    return closing.close_wave(actor=cast.dora, stage_code=stage.code, now=LATER)


def screen_and_close(cast: Cast, stage: Stage, verdict: str = "exclude") -> Wave:
    """Let Ada and Ben agree on everything, and close the open wave."""
    vote_all(stage, cast.ada, verdict)
    vote_all(stage, cast.ben, verdict)
    return finish_and_close(cast, stage, cast.ada, cast.ben)


def add_late(cast: Cast, n: int, name: str = "Search update") -> list[Record]:
    """Add records of another source, as an import does."""
    found = factories.make_records(cast.lena, n, factories.make_source(cast.lena, name))
    hooks.records_changed.call(review=cast.review, actor=cast.lena, now=DAY)
    return list(found)


def rounds_in(wave: Wave) -> dict[str, int]:
    """Return the audience of each round of a wave by the code of its record."""
    every = Round.objects.unblinded(reason="test").filter(wave=wave)
    return dict(every.values_list("record__code", "audience"))


def test_a_late_record_opens_the_next_wave_and_is_screened(
    cast: Cast, double: Stage, records: Sequence[Record]
) -> None:
    first = screen_and_close(cast, double, "include")
    assert waves.open_wave(double) is None
    (late,) = add_late(cast, 1)
    second = waves.open_wave(double)
    assert second is not None
    assert second.number == 2
    assert rounds_in(second) == {late.code: Audience.AUTHOR}
    assert queue.own_progress(cast.ada, double).total == 1
    vote_all(double, cast.ada, "exclude")
    vote_all(double, cast.ben, "exclude")
    closed = finish_and_close(cast, double, cast.ada, cast.ben)
    assert closed.number == 2
    assert Decision.objects.get(record=late).verdict == "exclude"
    assert set(rounds_in(second).values()) == {Audience.MEMBERS}
    assert first.number == 1
    assert len(rounds_in(first)) == 6


def test_an_older_wave_stays_as_it_was(
    cast: Cast, double: Stage, records: Sequence[Record]
) -> None:
    screen_and_close(cast, double)
    before = {
        "rounds": list(Round.objects.unblinded(reason="test").order_by("pk").values()),
        "assignments": list(Assignment.objects.order_by("pk").values()),
        "decisions": list(Decision.objects.order_by("pk").values()),
    }
    last = Assignment.objects.order_by("pk").last()
    assert last is not None
    add_late(cast, 4)
    set_policy(
        double, cast.dora, (100, [cast.ada]), (100, [cast.ben]), (50, [cast.cleo])
    )
    vote_all(double, cast.ada)
    of_first = Round.objects.unblinded(reason="test").filter(wave__number=1)
    assert list(of_first.order_by("pk").values()) == before["rounds"]
    assert (
        list(Assignment.objects.filter(pk__lte=last.pk).order_by("pk").values())
        == before["assignments"]
    )
    assert list(Decision.objects.order_by("pk").values()) == before["decisions"]
    assert Assignment.objects.filter(member=cast.cleo).count() == 2


def test_a_vote_in_a_closed_wave_is_refused_while_the_next_is_open(
    cast: Cast, double: Stage, records: Sequence[Record]
) -> None:
    screen_and_close(cast, double)
    old = next(iter(rounds_of(double).values()))
    add_late(cast, 1)
    with pytest.raises(Refused, match="closed"):
        cast_vote(cast.ada, old, "include")


def test_each_wave_has_its_own_sample_and_marks(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (50, [cast.ben]))
    screen_and_close(cast, stage)
    add_late(cast, 10)
    second = waves.open_wave(stage)
    assert second is not None
    assert second.seed != stage.waves.get(number=1).seed
    held = Assignment.objects.filter(round__wave=second, member=cast.ben)
    assert held.count() == 5
    assert not any(mark.has_finished for mark in queue.finished_marks(stage))


def test_the_settings_in_force_apply_to_the_next_wave(
    cast: Cast, double: Stage, records: Sequence[Record]
) -> None:
    screen_and_close(cast, double)
    set_policy(double, cast.dora, (100, [cast.cleo]))
    assert not Assignment.objects.filter(member=cast.cleo).exists()
    add_late(cast, 3)
    second = waves.open_wave(double)
    assert second is not None
    assert second.policy.version == 2
    readers = Assignment.objects.filter(round__wave=second).values_list("member")
    assert set(readers) == {(cast.cleo.pk,)}


def test_closing_reveals_only_the_votes_of_its_wave(
    cast: Cast, double: Stage, records: Sequence[Record]
) -> None:
    screen_and_close(cast, double)
    add_late(cast, 2)
    vote_all(double, cast.ada, "include")
    first = agreement.stage_agreement(cast.olaf, double)
    assert first is not None
    assert first.total == 6
    second = waves.open_wave(double)
    assert second is not None
    assert set(rounds_in(second).values()) == {Audience.AUTHOR}


def test_records_of_an_undone_merge_join_the_next_wave(
    cast: Cast, double: Stage, records: Sequence[Record]
) -> None:
    Duplicate.objects.create(
        review=cast.review,
        record=records[0],
        of=records[1],
        how="person",
        created_at=NOW,
        created_by=cast.lena,
    )
    first = screen_and_close(cast, double)
    assert rounds_in(first)[records[0].code] == Audience.AUTHOR
    merge_undo.undo_cluster(actor=cast.lena, record_code=records[0].code, now=DAY)
    second = waves.open_wave(double)
    assert second is not None
    assert rounds_in(second) == {records[0].code: Audience.AUTHOR}
    assert queue.own_progress(cast.ada, double).pending == 1
    screen_and_close(cast, double)
    assert Decision.objects.filter(record=records[0]).exists()


def test_a_vote_cast_before_the_merge_counts_in_the_next_wave(
    cast: Cast, double: Stage, records: Sequence[Record]
) -> None:
    code = rounds_of(double)[records[0].code]
    cast_vote(cast.ada, code, "include")
    Duplicate.objects.create(
        review=cast.review,
        record=records[0],
        of=records[1],
        how="person",
        created_at=NOW,
        created_by=cast.lena,
    )
    screen_and_close(cast, double)
    merge_undo.undo_cluster(actor=cast.lena, record_code=records[0].code, now=DAY)
    assert queue.own_progress(cast.ada, double).pending == 0
    assert queue.own_progress(cast.ben, double).pending == 1
    cast_vote(cast.ben, code, "include")
    assert Decision.objects.get(record=records[0]).how == "agreement"


def test_a_report_retrieved_after_closing_opens_the_next_wave(
    cast: Cast, title_stage: Stage, full_stage: Stage, records: Sequence[Record]
) -> None:
    title = start(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    vote_all(title, cast.ada, "include")
    vote_all(title, cast.ben, "include")
    reports = list(Report.objects.order_by("pk"))
    mark = retrieval.mark_retrieved
    for report in reports[:4]:
        mark(actor=cast.lena, report_code=report.code, now=NOW)
    full = start(full_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    screen_and_close(cast, full, "include")
    mark(actor=cast.lena, report_code=reports[4].code, now=DAY)
    second = waves.open_wave(full)
    assert second is not None
    assert second.number == 2
    screen_and_close(cast, full, "include")
    assert Decision.objects.filter(report=reports[4]).exists()


def test_a_stage_is_open_while_it_has_an_open_wave(
    cast: Cast, double: Stage, records: Sequence[Record]
) -> None:
    assert stage_queries.stage_detail(cast.olaf, double).state == "open"
    screen_and_close(cast, double)
    assert stage_queries.stage_detail(cast.olaf, double).state == "closed"
    add_late(cast, 1)
    view = stage_queries.stage_detail(cast.olaf, double)
    assert view.state == "open"
    assert [(one.number, one.total, one.waiting) for one in view.waves] == [
        (1, 6, 0),
        (2, 1, 1),
    ]


def test_a_closed_wave_never_changes(
    cast: Cast, double: Stage, records: Sequence[Record]
) -> None:
    wave = screen_and_close(cast, double)
    with (
        pytest.raises(ProgrammingError, match="Cannot update"),
        transaction.atomic(),
    ):
        Wave.objects.filter(pk=wave.pk).update(closed_at=None)


def test_a_late_record_opens_the_next_wave_of_each_stage_it_reaches(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stages.add_stage(actor=cast.dora, name="Abstract again", subject="record", now=NOW)
    again = Stage.objects.get(name="Abstract again")
    for stage in (title_stage, again):
        start(stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
        screen_and_close(cast, stage, "include")
    (late,) = add_late(cast, 1)
    assert waves.open_wave(again) is None
    for stage in (title_stage, again):
        assert screen_and_close(cast, stage, "include").number == 2
    assert Report.objects.filter(record=late).exists()


def test_assignments_set_between_two_waves_say_that_they_are_for_the_next(
    cast: Cast, double: Stage, records: Sequence[Record], client_of: ClientOf
) -> None:
    screen_and_close(cast, double)
    here = f"/r/{cast.review.code}/stages/{double.code}/policy/"
    page = client_of(cast.dora).get(here).content.decode()
    assert "No wave is open, so this applies to the next one." in page
