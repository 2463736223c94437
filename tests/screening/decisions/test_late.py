"""Late duplicates: both records have votes or decisions before the merge."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewapp.core.models import Member
from reviewapp.core.refusals import Refused
from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Assignment, Round, Vote
from screening.decisions.queries import agreement, conflicts, decisions, late, queue
from screening.decisions.queries import screen as screen_queries
from screening.decisions.services import decisions as settling
from screening.duplicates.models import PossibleDuplicate
from screening.duplicates.services import duplicates
from screening.flow.queries import flow, lists
from screening.records.models import Duplicate, Record
from screening.reports.models import Report
from screening.reports.queries import reports
from screening.reports.services import retrieval
from tests import factories
from tests.blinding.harness import undone
from tests.conftest import Cast
from tests.screening.decisions.conftest import NOW, cast_vote, rounds_of, start

BOXES = tuple(lists._LISTS)


def pair_of(cast: Cast, a: Record, b: Record) -> PossibleDuplicate:
    first, second = sorted((a, b), key=lambda record: record.pk)
    return PossibleDuplicate.objects.create(
        review=cast.review, first=first, second=second, score=0.5, created_at=NOW
    )


def merge(cast: Cast, a: Record, b: Record) -> Duplicate:
    """Decide that the two are the same, and return the merge."""
    pair = pair_of(cast, a, b)
    duplicates.decide_pair(actor=cast.lena, pair_code=pair.code, answer="same", now=NOW)
    return Duplicate.objects.get(record__in=(a, b), undone_at=None)


def snapshot(cast: Cast) -> dict[str, Any]:
    """Return queues, assignments, votes, decisions, conflicts, reports and the flow."""
    review = cast.review
    every = Round.objects.unblinded(reason="test")
    votes = Vote.objects.unblinded(reason="test")
    found: dict[str, Any] = {
        "rounds": sorted(every.values_list("code", "audience", "sealed_at")),
        "seats": sorted(
            Assignment.objects.values_list("round", "member", "no", "vacated_at")
        ),
        "votes": sorted(votes.values_list("pk", "verdict")),
        "outcomes": sorted(
            decisions.active_decisions(review).values_list("code", "verdict")
        ),
        "conflicts": conflicts.open_conflict_codes(cast.cleo),
        "reports": sorted(
            reports.active_reports(review).values_list("code", "retrieval")
        ),
        "flow": flow.build_flow(review),
    }
    for box in BOXES:
        found[box] = sorted(lists.box_rows(review, box).values_list("code", flat=True))
    for stage in Stage.objects.filter(review=review):
        found[f"agreement {stage.pk}"] = agreement.stage_agreement(cast.dora, stage)
        for member in (cast.ada, cast.ben):
            place = queue.next_place(member, stage)
            found[f"queue {stage.pk} {member.name}"] = (
                queue.own_progress(member, stage),
                place.round_code if place else None,
                [
                    line.round_code
                    for line in screen_queries.own_vote_page(member, stage)[0]
                ],
            )
    return found


SAID = st.sampled_from([None, "include", "exclude", "unsure"])
# Two records, the votes of Ada and Ben, the resolution of an admin, full texts.
STATE = st.fixed_dictionaries(
    {
        "title": st.tuples(SAID, SAID, SAID, SAID),
        "adjudicated": st.sampled_from([None, "include", "exclude"]),
        "retrieved": st.booleans(),
        "full": st.tuples(SAID, SAID, SAID, SAID),
    }
)


def say(stage: Stage, member: Member, code: str | None, verdict: str | None) -> None:
    if code is None or verdict is None:
        return
    reason = stage.reasons.first() if verdict == "exclude" else None
    cast_vote(member, code, verdict, reason)


def play(cast: Cast, title: Stage, full: Stage, two: list[Record], state: Any) -> None:
    codes = rounds_of(title)
    said = iter(state["title"])
    for record in two:
        for member in (cast.ada, cast.ben):
            say(title, member, codes[record.code], next(said))
    if state["adjudicated"]:
        reason = title.reasons.first()
        for code in conflicts.open_conflict_codes(cast.cleo)[:1]:
            settling.resolve_conflict(
                actor=cast.cleo,
                round_code=code,
                verdict=state["adjudicated"],
                reason_code=reason.code if reason else "",
                now=NOW,
            )
    sought = list(Report.objects.filter(record__in=two))
    if state["retrieved"] and sought:
        retrieval.mark_many_retrieved(
            actor=cast.lena, report_codes=[one.code for one in sought], now=NOW
        )
        codes = rounds_of(full)
        said = iter(state["full"])
        for record in two:
            report = Report.objects.filter(record=record).first()
            for member in (cast.ada, cast.ben):
                code = codes.get(report.code) if report else None
                say(full, member, code, next(said))


@pytest.fixture
def full(cast: Cast, double: Stage, full_stage: Stage) -> Stage:
    """Full text, started: everything is assigned to Ada and Ben."""
    return start(full_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))


@settings(
    max_examples=10,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(state=STATE)
def test_merging_and_undoing_finds_everything_as_it_was(
    cast: Cast, double: Stage, full: Stage, records: Sequence[Record], state: Any
) -> None:
    with undone():
        play(cast, double, full, list(records[:2]), state)
        before = snapshot(cast)
        edge = merge(cast, records[0], records[1])
        copy = edge.record
        during = snapshot(cast)
        assert during["votes"] == before["votes"]
        assert during["rounds"] == before["rounds"]
        assert during["seats"] == before["seats"]
        assert copy.code in during["duplicates"]
        # Box 4 and later boxes have one record less, the duplicate (identity I4).
        for box in ("records_screened", "records_pending", "records_excluded"):
            assert set(during[box]) == set(before[box]) - {copy.code}, box
        of_copy = set(Report.objects.filter(record=copy).values_list("code", flat=True))
        for box in ("dbr_sought_reports", "dbr_included", "new_reports"):
            assert set(during[box]) == set(before[box]) - of_copy, box
        duplicates.undo_merge(actor=cast.ada, merge_code=edge.code, now=NOW)
        after = snapshot(cast)
        for name, was in before.items():
            assert after[name] == was, name


def test_a_merge_does_not_change_other_assignments(cast, title_stage, records) -> None:
    """A merge in a sample assigns no other record instead."""
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (50, [cast.ben]))
    sampled = Assignment.objects.filter(stage=stage, member=cast.ben).first()
    assert sampled is not None
    round_ = Round.objects.unblinded(reason="test").get(pk=sampled.round_id)
    copy = round_.record
    kept = next(record for record in records if record.pk != copy.pk)
    before = snapshot(cast)
    pair = pair_of(cast, kept, copy)
    duplicates.decide_pair(actor=cast.lena, pair_code=pair.code, answer="same", now=NOW)
    assert Assignment.objects.filter(stage=stage).count() == len(before["seats"])
    duplicates.undo_merge(
        actor=cast.lena, merge_code=Duplicate.objects.get().code, now=NOW
    )
    assert snapshot(cast) == before


def test_the_round_of_the_kept_record_counts_and_the_duplicates_does_not(
    cast, double, records
) -> None:
    codes = rounds_of(double)
    kept, copy = records[0], records[1]
    for member in (cast.ada, cast.ben):
        cast_vote(member, codes[kept.code], "include")
        cast_vote(member, codes[copy.code], "exclude")
    assert decisions.active_decisions(cast.review).count() == 2
    merge(cast, copy, kept)
    standing = decisions.active_decisions(cast.review).get()
    assert (standing.record, standing.verdict) == (kept, "include")
    assert reports.active_reports(cast.review).get().record == kept
    assert Decision.objects.count() == 2, "decisions stay stored"


def test_a_duplicate_with_another_decision_is_listed(cast, double, records) -> None:
    codes = rounds_of(double)
    kept, copy = records[0], records[1]
    for member in (cast.ada, cast.ben):
        cast_vote(member, codes[kept.code], "include")
        cast_vote(member, codes[copy.code], "exclude")
    assert late.late_duplicates(cast.dora) == []
    merge(cast, kept, copy)
    line = late.late_duplicates(cast.dora)[0]
    assert (line.copy.code, line.kept.code) == (copy.code, kept.code)
    results = [(r.verdict, r.kept_verdict) for r in line.results]
    assert results == [("exclude", "include")]


def test_a_decided_record_is_kept_before_an_earlier_undecided_one(
    cast, double, records
) -> None:
    codes = rounds_of(double)
    earlier, decided = records[0], records[1]
    for member in (cast.ada, cast.ben):
        cast_vote(member, codes[decided.code], "exclude")
    assert merge(cast, earlier, decided).of == decided
    assert late.late_duplicates(cast.dora) == []
    assert queue.own_progress(cast.ada, double).pending == 4


def test_votes_without_a_decision_do_not_change_which_record_is_kept(
    cast, double, records
) -> None:
    codes = rounds_of(double)
    cast_vote(cast.ada, codes[records[1].code], "include")
    assert merge(cast, records[0], records[1]).of == records[0]
    cast_vote(cast.ada, codes[records[3].code], "include")
    cast_vote(cast.ben, codes[records[3].code], "exclude")
    assert merge(cast, records[2], records[3]).of == records[2], "a conflict"


def test_equal_decisions_need_no_check(cast, double, records) -> None:
    codes = rounds_of(double)
    for record in records[:2]:
        for member in (cast.ada, cast.ben):
            cast_vote(member, codes[record.code], "exclude")
    merge(cast, records[0], records[1])
    assert late.late_duplicates(cast.dora) == []


def test_the_list_of_late_duplicates_needs_few_queries(
    cast, double, records, django_assert_max_num_queries
) -> None:
    codes = rounds_of(double)
    for record in records[:4]:
        verdict = "include" if record == records[0] else "exclude"
        for member in (cast.ada, cast.ben):
            cast_vote(member, codes[record.code], verdict)
    for copy in records[1:4]:
        pair = pair_of(cast, records[0], copy)
        duplicates.decide_pair(
            actor=cast.lena, pair_code=pair.code, answer="same", now=NOW
        )
    with django_assert_max_num_queries(6):
        assert len(late.late_duplicates(cast.dora)) == 3


def test_conflicts_leave_with_the_duplicate_and_return_after_undo(
    cast, double, records
) -> None:
    codes = rounds_of(double)
    kept, copy = records[0], records[1]
    cast_vote(cast.ada, codes[copy.code], "include")
    cast_vote(cast.ben, codes[copy.code], "exclude")
    edge = merge(cast, kept, copy)
    assert conflicts.open_conflict_codes(cast.cleo) == []
    assert late.late_duplicates(cast.dora) == [], "a conflict is no final decision"
    duplicates.undo_merge(actor=cast.lena, merge_code=edge.code, now=NOW)
    assert conflicts.open_conflict_codes(cast.cleo) == [codes[copy.code]]


def test_a_reviewer_of_the_duplicate_can_use_the_same_vote(
    cast: Cast,
    double: Stage,
    records: Sequence[Record],
    client_of: Callable[[Member], Client],
) -> None:
    codes = rounds_of(double)
    kept, copy = records[0], records[1]
    cast_vote(cast.ada, codes[copy.code], "include")
    merge(cast, kept, copy)
    shown = screen_queries.find_item(cast.ada, double, codes[kept.code])
    assert shown is not None
    assert shown.on_duplicate is not None
    assert (shown.on_duplicate.verdict, shown.on_duplicate.record_code) == (
        "include",
        copy.code,
    )
    for_ben = screen_queries.find_item(cast.ben, double, codes[kept.code])
    assert for_ben is not None
    assert for_ben.on_duplicate is None
    review, stage = cast.review.code, double.code
    url = reverse("decisions:one", args=[review, stage, codes[kept.code]])
    assert "Use the same vote" in client_of(cast.ada).get(url).content.decode()
    assert "Use the same vote" not in client_of(cast.ben).get(url).content.decode()
    assert screen_queries.own_vote(cast.ada, codes[kept.code]) is None, "not copied"
    client_of(cast.ada).post(
        reverse("decisions:vote", args=[review, stage, codes[kept.code]]),
        {"repeat": "include ", "key": str(uuid.uuid4())},
    )
    own = screen_queries.own_vote(cast.ada, codes[kept.code])
    assert own is not None
    assert own.verdict == "include"


def test_a_withdrawn_vote_on_a_duplicate_is_not_shown(cast, double, records) -> None:
    from screening.decisions.services import votes

    codes = rounds_of(double)
    kept, copy = records[0], records[1]
    cast_vote(cast.ada, codes[copy.code], "include")
    votes.withdraw_vote(
        actor=cast.ada, round_code=codes[copy.code], key=uuid.uuid4(), now=NOW
    )
    merge(cast, kept, copy)
    shown = screen_queries.find_item(cast.ada, double, codes[kept.code])
    assert shown is not None
    assert shown.on_duplicate is None


def test_a_record_of_another_arm_found_again_counts_in_the_databases_arm(
    cast, double, records
) -> None:
    by_hand = factories.make_source(cast.lena, "Experts", "expert")
    other = factories.make_records(cast.lena, 1, by_hand)[0]
    retrieval.send_other_to_retrieval(
        actor=cast.lena, record_codes=[other.code], now=NOW
    )
    before = snapshot(cast)
    edge = merge(cast, records[0], other)
    assert not reports.active_reports(cast.review).exists()
    assert list(lists.box_rows(cast.review, "other_duplicates")) == [other]
    duplicates.undo_merge(actor=cast.lena, merge_code=edge.code, now=NOW)
    assert snapshot(cast) == before


def test_a_merge_is_refused_for_manual_decisions_only_and_never_for_votes(
    cast, double, records
) -> None:
    a, b, c = records[:3]
    duplicates.decide_pair(
        actor=cast.ada, pair_code=pair_of(cast, b, c).code, answer="different", now=NOW
    )
    merge(cast, a, b)
    with pytest.raises(Refused, match="different"):
        duplicates.decide_pair(
            actor=cast.ben, pair_code=pair_of(cast, a, c).code, answer="same", now=NOW
        )


def test_the_page_of_late_duplicates_is_for_leads(
    cast: Cast,
    double: Stage,
    records: Sequence[Record],
    client_of: Callable[[Member], Client],
) -> None:
    codes = rounds_of(double)
    for member in (cast.ada, cast.ben):
        cast_vote(member, codes[records[0].code], "include")
        cast_vote(member, codes[records[1].code], "exclude")
    merge(cast, records[0], records[1])
    url = reverse("decisions:late", args=[cast.review.code])
    page = client_of(cast.dora).get(url).content.decode()
    assert records[1].title in page
    assert client_of(cast.ada).get(url).status_code == 403
    overview = reverse("review:overview", args=[cast.review.code])
    assert url in client_of(cast.dora).get(overview).content.decode()
    assert url not in client_of(cast.ben).get(overview).content.decode()


def test_an_included_duplicate_leaves_with_report_and_study_and_returns(
    cast, double, full, records
) -> None:
    yes = ("include",) * 4
    state = {"title": yes, "adjudicated": None, "retrieved": True, "full": yes}
    play(cast, double, full, list(records[:2]), state)
    before = snapshot(cast)
    assert len(before["new_studies"]) == len(before["new_reports"]) == 2
    edge = merge(cast, records[0], records[1])
    during = snapshot(cast)
    assert len(during["new_studies"]) == len(during["new_reports"]) == 1
    assert late.late_duplicates(cast.dora) == [], "both were included"
    duplicates.undo_merge(actor=cast.lena, merge_code=edge.code, now=NOW)
    assert snapshot(cast) == before


def test_a_vote_from_a_page_opened_before_the_merge_is_stored_and_shown(
    cast, double, records
) -> None:
    codes = rounds_of(double)
    kept, copy = records[0], records[1]
    merge(cast, kept, copy)
    cast_vote(cast.ada, codes[copy.code], "exclude")
    shown = screen_queries.find_item(cast.ada, double, codes[kept.code])
    assert shown is not None
    assert shown.on_duplicate is not None
    assert shown.on_duplicate.verdict == "exclude"
    assert shown.own is None


def test_the_status_of_a_record_is_shown_when_the_decision_is_final(
    cast, double, records
) -> None:
    codes = rounds_of(double)
    record = records[0]
    cast_vote(cast.ada, codes[record.code], "exclude")
    assert late.decided_statuses(cast.lena, [record.pk]) == {}
    cast_vote(cast.ben, codes[record.code], "exclude")
    told = late.decided_statuses(cast.lena, [record.pk])[record.pk]
    assert told == "excluded at Title and abstract (2 January 2026)"
    assert late.decided_statuses(cast.eve, [record.pk]) == {}
