"""Reopening a conflict about a record that has moved on since."""

from __future__ import annotations

import html
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.test import Client

from charting.models.charts import ChartRound
from reviewapp.core.models import Member, Role
from reviewapp.core.refusals import Refused
from reviewapp.core.services import team
from screening.conflicts.models import Reopening
from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Assignment, Round, Vote
from screening.decisions.queries import conflicts, decisions, queue
from screening.decisions.services import closing, stages, votes
from screening.flow.queries import flow
from screening.records.models import Record
from screening.reports.models import Report
from screening.reports.queries import reports
from screening.reports.services import retrieval
from tests import factories
from tests.charting import factories as charting
from tests.conftest import Cast
from tests.screening.conflicts.test_conflicts import disputed  # noqa: F401
from tests.screening.conflicts.test_reopening import reopen, resolve
from tests.screening.decisions.conftest import (  # noqa: F401  (fixtures)
    cast_vote,
    double,
    full_stage,
    records,
    rounds_of,
    set_policy,
    start,
    title_stage,
)
from tests.screening.flow.histories import duplicate

NOW = factories.NOW
ClientOf = Callable[[Member | None], Client]


@dataclass
class FullText:
    """A record in conflict that was included and is read at full text by two."""

    conflict: str
    report: Report
    round_code: str
    stage: Stage


@pytest.fixture
def full_text(
    cast: Cast,
    disputed: str,  # noqa: F811
    full_stage: Stage,  # noqa: F811
) -> FullText:
    """The report of the record is retrieved and assigned to Ada and Ben."""
    resolve(cast.cleo, disputed, "include")
    report = Report.objects.get()
    retrieval.mark_retrieved(actor=cast.ada, report_code=report.code, now=NOW)
    stage = start(full_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    return FullText(disputed, report, rounds_of(stage)[report.code], stage)


def check_numbers(cast: Cast) -> None:
    """Check that stored state, lists and the identities of the flow agree."""
    call_command("check_integrity")
    assert not flow.stored_flow(cast.review).failed


def state_of(one: FullText) -> tuple[object, ...]:
    """Return what is stored of the round at full text, its votes and assignments."""
    round_ = Round.objects.unblinded(reason="test").get(code=one.round_code)
    votes = Vote.objects.unblinded(reason="test").filter(round=round_)
    places = Assignment.objects.filter(round=round_).order_by("pk")
    return (
        round_.is_aside,
        list(votes.order_by("pk").values_list("pk", "verdict", "is_late")),
        list(places.values_list("member", "no", "vacated_at", "is_done")),
    )


def test_a_report_is_set_aside_and_comes_back_with_votes_and_assignments(
    cast: Cast,
    full_text: FullText,
) -> None:
    cast_vote(cast.ada, full_text.round_code, "include")
    before = state_of(full_text)
    reopen(cast.cleo, full_text.conflict)
    assert state_of(full_text) == (True, *before[1:])
    assert not reports.active_reports(cast.review).exists()
    assert queue.own_progress(cast.ben, full_text.stage).total == 0
    assert queue.next_place(cast.ben, full_text.stage) is None
    assert flow.stored_flow(cast.review).n("dbr_sought_reports") == 0
    check_numbers(cast)

    resolve(cast.dora, full_text.conflict, "include")

    assert state_of(full_text) == before
    assert Report.objects.get().retrieval == Report.Retrieval.RETRIEVED
    check_numbers(cast)
    cast_vote(cast.ben, full_text.round_code, "include")
    assert Decision.objects.filter(report=full_text.report).exists()
    check_numbers(cast)


def test_votes_count_nowhere_after_an_exclusion_and_stay_stored(
    cast: Cast, full_text: FullText
) -> None:
    cast_vote(cast.ada, full_text.round_code, "include")
    before = state_of(full_text)
    reopen(cast.cleo, full_text.conflict)
    resolve(cast.dora, full_text.conflict, "exclude")
    assert state_of(full_text) == (True, *before[1:])
    assert not reports.active_reports(cast.review).exists()
    assert flow.stored_flow(cast.review).n("records_excluded") == 1
    check_numbers(cast)


def test_a_second_reopening_brings_the_report_back_too(
    cast: Cast, full_text: FullText
) -> None:
    before = state_of(full_text)
    reopen(cast.cleo, full_text.conflict)
    resolve(cast.dora, full_text.conflict, "exclude")
    reopen(cast.cleo, full_text.conflict, "Wrong again")
    check_numbers(cast)
    resolve(cast.dora, full_text.conflict, "include")
    assert state_of(full_text) == before
    assert Reopening.objects.count() == 2
    check_numbers(cast)


def test_nothing_is_done_at_full_text_in_the_meantime(
    cast: Cast, full_text: FullText
) -> None:
    cast_vote(cast.ada, full_text.round_code, "include")
    reopen(cast.cleo, full_text.conflict)
    code = full_text.report.code
    with pytest.raises(Refused, match="reopened at an earlier stage"):
        cast_vote(cast.ben, full_text.round_code, "include")
    with pytest.raises(Refused, match="reopened at an earlier stage"):
        votes.withdraw_vote(
            actor=cast.ada, round_code=full_text.round_code, key=uuid.uuid4(), now=NOW
        )
    with pytest.raises(Refused, match="set aside"):
        retrieval.mark_not_retrieved(
            actor=cast.ada, report_code=code, reason="Lost", now=NOW
        )
    assert not retrieval.mark_many_retrieved(
        actor=cast.ada, report_codes=[code], now=NOW
    )
    with pytest.raises(Refused, match="would skip"):
        stages.add_stage(actor=cast.dora, name="Second look", subject="record", now=NOW)


def test_a_round_that_became_complete_meanwhile_is_decided_when_it_is_back(
    cast: Cast, full_text: FullText
) -> None:
    more = factories.make_member(cast.review, "Rita", Role.REVIEWER)
    set_policy(
        full_text.stage,
        cast.dora,
        *[(100, [member]) for member in (cast.ada, cast.ben, more)],
    )
    for member in (cast.ada, cast.ben):
        cast_vote(member, full_text.round_code, "include")
    reopen(cast.cleo, full_text.conflict)
    team.remove_member(actor=cast.dora, member=more, now=NOW)
    assert not Decision.objects.exists()
    check_numbers(cast)
    resolve(cast.dora, full_text.conflict, "include")
    assert Decision.objects.get(report=full_text.report).verdict == "include"
    check_numbers(cast)


def test_a_conflict_at_full_text_waits_for_the_first_one(
    cast: Cast, full_text: FullText
) -> None:
    reason = full_text.stage.reasons.first()
    cast_vote(cast.ada, full_text.round_code, "include")
    cast_vote(cast.ben, full_text.round_code, "exclude", reason)
    reopen(cast.cleo, full_text.conflict)
    assert [line.round_code for line in conflicts.open_conflicts(cast.dora)] == [
        full_text.conflict
    ]
    with pytest.raises(Refused, match="Resolve that one first"):
        resolve(cast.dora, full_text.round_code, "include")
    resolve(cast.dora, full_text.conflict, "include")
    assert [line.round_code for line in conflicts.open_conflicts(cast.dora)] == [
        full_text.round_code
    ]
    # A public decision at the later stage: that one comes first.
    resolve(cast.dora, full_text.round_code, "include")
    with pytest.raises(Refused, match="Reopen the conflict there"):
        reopen(cast.cleo, full_text.conflict)
    reopen(cast.cleo, full_text.round_code)
    reopen(cast.cleo, full_text.conflict)
    check_numbers(cast)


def test_a_later_decision_by_agreement_is_no_way_back(
    cast: Cast, full_text: FullText
) -> None:
    for member in (cast.ada, cast.ben):
        cast_vote(member, full_text.round_code, "include")
    with pytest.raises(Refused, match="can't be reopened"):
        reopen(cast.cleo, full_text.conflict)


def test_the_page_names_the_later_stage_and_does_not_tell_votes(
    cast: Cast, full_text: FullText, client_of: ClientOf
) -> None:
    here = f"/r/{cast.review.code}/conflicts/{full_text.conflict}/"

    def effect() -> str:
        page = html.unescape(client_of(cast.cleo).get(here).content.decode())
        _before, found = page.split("The record has no decision")
        return found.split("</p>")[0]

    before = effect()
    assert "already at Full text and leaves it" in before
    assert "Votes that members may have cast there are kept and set aside" in before
    cast_vote(cast.ada, full_text.round_code, "include")
    assert effect() == before


def test_a_next_record_stage_is_set_aside_and_comes_back(
    cast: Cast,
    double: Stage,  # noqa: F811
    disputed: str,  # noqa: F811
) -> None:
    second = stages.add_stage(
        actor=cast.dora, name="Second look", subject="record", now=NOW
    )
    start(second, cast.dora, (100, [cast.ada]))
    resolve(cast.cleo, disputed, "include")
    round_code = next(iter(rounds_of(second).values()))
    cast_vote(cast.ada, round_code, "include")
    progress = queue.own_progress(cast.ada, second)
    reopen(cast.cleo, disputed)
    assert queue.own_progress(cast.ada, second).total == 0
    check_numbers(cast)
    # Its wave closes without it, and it comes back in the next one.
    closing.close_wave(actor=cast.dora, stage_code=second.code, now=NOW)
    assert not Decision.objects.filter(stage=second).exists()
    resolve(cast.cleo, disputed, "include")
    assert queue.own_progress(cast.ada, second) == progress
    assert len(rounds_of(second)) == 1
    check_numbers(cast)


def test_a_merge_and_a_reopening_hold_a_round_aside_together(
    cast: Cast, full_text: FullText
) -> None:
    record = full_text.report.record
    other = Record.objects.exclude(pk=record.pk).earliest("pk")
    made = duplicate(cast.lena, record, other)
    call_command("check_integrity")
    reopen(cast.cleo, full_text.conflict)
    type(made).objects.filter(pk=made.pk).update(undone_at=NOW)
    assert state_of(full_text)[0]
    check_numbers(cast)
    resolve(cast.cleo, full_text.conflict, "include")
    assert not state_of(full_text)[0]
    check_numbers(cast)


def test_charts_of_a_study_are_kept(cast: Cast, full_text: FullText) -> None:
    reason = full_text.stage.reasons.first()
    cast_vote(cast.ada, full_text.round_code, "include")
    cast_vote(cast.ben, full_text.round_code, "exclude", reason)
    resolve(cast.cleo, full_text.round_code, "include")
    form = charting.make_form(cast.dora, [cast.ada])
    [round_] = charting.rounds_of(form)
    charting.save(cast.ada, round_)
    charts = list(ChartRound.objects.unblinded(reason="test").values_list("pk"))
    reopen(cast.cleo, full_text.round_code)
    assert not decisions.included_studies(cast.review).exists()
    check_numbers(cast)
    resolve(cast.cleo, full_text.round_code, "include")
    assert decisions.included_studies(cast.review).exists()
    assert charting.rounds_of(form) == [round_]
    assert list(ChartRound.objects.unblinded(reason="test").values_list("pk")) == charts
    check_numbers(cast)
