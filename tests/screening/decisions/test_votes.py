"""Blinded voting: what is stored, decided and refused."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import pytest
from pytest_django import DjangoAssertNumQueries

from reviewapp.core.blinding import Audience
from reviewapp.core.models import Event, Member, Role
from reviewapp.core.refusals import Missing, NotAllowed, Refused
from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Assignment, Round, Vote
from screening.decisions.queries import conflicts, queue, screen
from screening.decisions.queries import votes as vote_queries
from screening.decisions.services import bulk_votes, decisions, votes
from screening.records.models import Record
from screening.reports.models import Report
from tests import factories
from tests.conftest import Cast
from tests.screening.decisions.conftest import (
    LATER,
    NOW,
    cast_vote,
    rounds_of,
    set_policy,
    start,
)


def the_round(code: str) -> Round:
    return Round.objects.unblinded(reason="test").get(code=code)


def all_votes() -> list[tuple[str, int, str]]:
    rows = Vote.objects.unblinded(reason="test").order_by("pk")
    return [(vote.author.name, vote.version, vote.verdict) for vote in rows]


def first(stage: Stage) -> str:
    return next(iter(rounds_of(stage).values()))


def test_two_equal_votes_decide_the_round_and_stay_hidden(
    cast: Cast, double: Stage
) -> None:
    code = first(double)
    cast_vote(cast.ada, code, "exclude")
    assert the_round(code).sealed_at is None
    assert not Decision.objects.exists()
    cast_vote(cast.ben, code, "exclude")
    decision = Decision.objects.get()
    assert (decision.verdict, decision.how) == ("exclude", "agreement")
    assert the_round(code).sealed_at == LATER
    assert the_round(code).audience == Audience.AUTHOR
    assert [v.author for v in vote_queries.visible_votes(cast.dora, code)] == []


@pytest.mark.parametrize(
    ("first_says", "second_says"),
    [("include", "exclude"), ("unsure", "exclude"), ("unsure", "unsure")],
)
def test_disagreement_and_unsure_reach_the_adjudicators_only(
    cast: Cast, double: Stage, first_says: str, second_says: str
) -> None:
    code = first(double)
    cast_vote(cast.ada, code, first_says, note="because")
    cast_vote(cast.ben, code, second_says)
    assert not Decision.objects.exists()
    assert the_round(code).audience == Audience.ADJUDICATORS
    seen = vote_queries.visible_votes(cast.cleo, code)
    assert {v.verdict for v in seen} == {first_says, second_says}
    assert [v.verdict for v in vote_queries.visible_votes(cast.ben, code)] == [
        second_says
    ]
    assert vote_queries.visible_votes(cast.olaf, code) == ()


def test_a_single_vote_decides_nothing_and_can_change(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]))
    code = first(stage)
    cast_vote(cast.ada, code, "include")
    cast_vote(cast.ada, code, "exclude")
    assert all_votes() == [("Ada", 1, "include"), ("Ada", 2, "exclude")]
    assert not Decision.objects.exists()
    assert the_round(code).sealed_at is None


def test_a_single_unsure_goes_to_the_adjudicators(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]))
    cast_vote(cast.ada, first(stage), "unsure")
    assert the_round(first(stage)).audience == Audience.ADJUDICATORS


def test_the_same_request_twice_is_one_vote_even_after_the_decision(
    cast: Cast, double: Stage
) -> None:
    code, key = first(double), uuid.uuid4()
    cast_vote(cast.ada, code, "include", key=key)
    cast_vote(cast.ada, code, "include", key=key)
    cast_vote(cast.ben, code, "include")
    assert cast_vote(cast.ada, code, "include", key=key).round_code == code
    assert len(all_votes()) == 2
    assert Event.objects.filter(kind="vote:cast").count() == 2


def test_a_key_used_in_another_round_is_refused(cast: Cast, double: Stage) -> None:
    one, two, *_ = rounds_of(double).values()
    key = uuid.uuid4()
    cast_vote(cast.ada, one, "include", key=key)
    with pytest.raises(Refused, match="already sent for another record"):
        cast_vote(cast.ada, two, "include", key=key)
    with pytest.raises(Refused, match="already sent for another record"):
        votes.withdraw_vote(actor=cast.ada, round_code=two, key=key, now=LATER)


def test_undo_reopens_the_assignment_and_keeps_the_versions(
    cast: Cast, double: Stage
) -> None:
    code = first(double)
    cast_vote(cast.ada, code, "include")
    votes.withdraw_vote(actor=cast.ada, round_code=code, key=uuid.uuid4(), now=LATER)
    assert [v for _, _, v in all_votes()] == ["include", "withdrawn"]
    cast_vote(cast.ben, code, "include")
    assert not Decision.objects.exists()
    place = queue.next_place(cast.ada, double)
    assert place is not None
    assert place.round_code == code


def test_after_a_decision_nothing_changes_any_more(cast: Cast, double: Stage) -> None:
    code = first(double)
    cast_vote(cast.ada, code, "include")
    cast_vote(cast.ben, code, "include")
    for again in (
        lambda: cast_vote(cast.ada, code, "exclude"),
        lambda: withdraw(cast.ada, code),
    ):
        with pytest.raises(Refused, match="decision is final"):
            again()
    assert len(all_votes()) == 2


def withdraw(actor: Member, code: str) -> None:
    votes.withdraw_vote(actor=actor, round_code=code, key=uuid.uuid4(), now=LATER)


def late_votes() -> list[tuple[str, str]]:
    rows = Vote.objects.unblinded(reason="test").filter(is_late=True).order_by("pk")
    return [(vote.author.name, vote.verdict) for vote in rows]


def test_a_change_in_a_conflict_is_saved_and_has_no_effect(
    cast: Cast, double: Stage
) -> None:
    """Toggling one's vote must not show how the other one voted."""
    code = first(double)
    cast_vote(cast.ada, code, "include")
    cast_vote(cast.ben, code, "exclude")
    assert cast_vote(cast.ada, code, "exclude").verdict == "exclude"
    withdraw(cast.ada, code)
    place = queue.next_place(cast.ada, double)
    assert place is not None
    assert place.round_code == code
    cast_vote(cast.ada, code, "exclude", note="third thought")
    cast_vote(cast.ben, code, "exclude")
    assert late_votes() == [
        ("Ada", "exclude"),
        ("Ada", "withdrawn"),
        ("Ada", "exclude"),
        ("Ben", "exclude"),
    ]
    assert not Decision.objects.exists()
    mine = screen.own_vote(cast.ada, code)
    assert mine is not None
    assert (mine.verdict, mine.note) == ("exclude", "third thought")
    shown = {v.verdict: v.later for v in vote_queries.visible_votes(cast.cleo, code)}
    assert shown == {
        "include": ("Exclude", "Withdrawn", "Exclude"),
        "exclude": ("Exclude",),
    }


def test_a_single_reviewer_who_was_unsure_can_change_until_the_decision(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]))
    code = first(stage)
    cast_vote(cast.ada, code, "unsure")
    assert conflicts.count_conflicts(cast.cleo) == 1
    cast_vote(cast.ada, code, "include")
    assert late_votes() == []
    assert conflicts.count_conflicts(cast.cleo) == 0
    cast_vote(cast.ada, code, "unsure")
    assert conflicts.count_conflicts(cast.cleo) == 1
    assert the_round(code).sealed_at is None
    decisions.resolve_conflict(
        actor=cast.cleo, round_code=code, verdict="include", now=LATER
    )
    with pytest.raises(Refused, match="decision is final"):
        cast_vote(cast.ada, code, "include")


def test_who_can_read_the_votes_does_not_vote(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    """An admin with a later assignment in a conflict has nothing to do there."""
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    code = first(stage)
    cast_vote(cast.ada, code, "include")
    cast_vote(cast.ben, code, "exclude")
    lines = ((100, [cast.ada]), (100, [cast.ben]), (100, [cast.cleo]))
    set_policy(stage, cast.dora, *lines)
    assert Assignment.objects.filter(member=cast.cleo).count() == 6
    with pytest.raises(Refused, match="can see the votes"):
        cast_vote(cast.cleo, code, "include")
    place = queue.next_place(cast.cleo, stage)
    assert place is not None
    assert place.round_code != code
    assert queue.own_progress(cast.cleo, stage).pending == 5


def test_a_decision_withdraws_open_assignments(cast: Cast, double: Stage) -> None:
    code = first(double)
    cast_vote(cast.ada, code, "include")
    cast_vote(cast.ben, code, "exclude")
    rex = factories.make_member(cast.review, "Rita", Role.REVIEWER)
    set_policy(double, cast.dora, (100, [cast.ada]), (100, [cast.ben]), (100, [rex]))
    assert queue.own_progress(rex, double).total == 6
    decisions.resolve_conflict(
        actor=cast.cleo, round_code=code, verdict="include", now=LATER
    )
    assert queue.own_progress(rex, double).total == 5
    with pytest.raises(Refused, match="decision is final"):
        cast_vote(rex, code, "include")


def test_a_later_reviewer_of_a_conflict_is_shown_to_the_adjudicators(
    cast: Cast, double: Stage
) -> None:
    code = first(double)
    cast_vote(cast.ada, code, "include")
    cast_vote(cast.ben, code, "exclude")
    rita = factories.make_member(cast.review, "Rita", Role.REVIEWER)
    set_policy(double, cast.dora, (100, [cast.ada]), (100, [cast.ben]), (100, [rita]))
    cast_vote(rita, code, "exclude")
    assert late_votes() == []
    assert len(vote_queries.visible_votes(cast.cleo, code)) == 3
    assert len(vote_queries.visible_votes(rita, code)) == 1
    assert not Decision.objects.exists()


@pytest.mark.parametrize("state", ["untouched", "one vote", "conflict", "agreed"])
def test_a_round_without_an_assignment_gets_one_answer_whatever_its_state(
    cast: Cast, double: Stage, state: str
) -> None:
    code = first(double)
    said = {"one vote": ["include"], "conflict": ["include", "exclude"]}
    for author, verdict in zip(
        (cast.ada, cast.ben), said.get(state, ["include"] * 2), strict=False
    ):
        if state != "untouched":
            cast_vote(author, code, verdict)
    rita = factories.make_member(cast.review, "Rita", Role.REVIEWER)
    answers = set()
    for attempt in (
        lambda: cast_vote(rita, code, "include"),
        lambda: cast_vote(rita, code, "nonsense"),
        lambda: withdraw(rita, code),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        answers.add(refusal.value.sentence)
    assert answers == {"This is not assigned to you."}


def test_undo_without_a_vote_is_refused(cast: Cast, double: Stage) -> None:
    with pytest.raises(Refused, match="no vote"):
        votes.withdraw_vote(
            actor=cast.ada, round_code=first(double), key=uuid.uuid4(), now=LATER
        )


def test_members_without_an_assignment_cannot_vote(cast: Cast, double: Stage) -> None:
    with pytest.raises(Refused, match="not assigned"):
        cast_vote(cast.cleo, first(double), "include")
    for member in (cast.olaf, cast.lena, cast.rex):
        with pytest.raises(NotAllowed):
            cast_vote(member, first(double), "include")
    with pytest.raises(Missing):
        cast_vote(cast.eve, first(double), "include")


def test_before_the_start_there_is_nothing_to_vote(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    assert rounds_of(title_stage) == {}
    assert screen.next_item(cast.ada, title_stage) is None


def test_full_text_needs_a_reason_of_its_own_stage(
    cast: Cast, double: Stage, full_stage: Stage
) -> None:
    code = first(double)
    for member in (cast.ada, cast.ben):
        cast_vote(member, code, "include")
    report = Report.objects.get()
    from screening.reports.services import retrieval

    retrieval.mark_retrieved(actor=cast.ada, report_code=report.code, now=LATER)
    start(full_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    (text_round,) = rounds_of(full_stage).values()
    one, two = full_stage.reasons.order_by("position")[:2]
    with pytest.raises(Refused, match="need a reason"):
        cast_vote(cast.ada, text_round, "exclude")
    with pytest.raises(Refused, match="no such reason"):
        cast_vote(cast.ada, list(rounds_of(double).values())[1], "exclude", one)
    cast_vote(cast.ada, text_round, "exclude", one)
    cast_vote(cast.ben, text_round, "exclude", two)
    assert not Decision.objects.filter(stage=full_stage).exists()
    assert the_round(text_round).audience == Audience.ADJUDICATORS


def test_included_records_go_to_retrieval(cast: Cast, double: Stage) -> None:
    one, two, *_ = rounds_of(double).values()
    for member in (cast.ada, cast.ben):
        cast_vote(member, one, "include")
        cast_vote(member, two, "exclude")
    assert Report.objects.get().record.code == next(iter(rounds_of(double)))


def test_the_event_of_a_vote_is_private(cast: Cast, double: Stage) -> None:
    cast_vote(cast.ada, first(double), "include", note="canary")
    event = Event.objects.get(kind="vote:cast")
    assert event.private_to == cast.ada
    assert "include" not in str(event.data)
    assert "canary" not in str(event.data)
    for other in (cast.ben, cast.cleo, cast.dora):
        assert not Event.objects.visible_to(other).filter(kind="vote:cast").exists()


def test_the_event_of_a_decision_names_no_one(cast: Cast, double: Stage) -> None:
    for member in (cast.ada, cast.ben):
        cast_vote(member, first(double), "exclude")
    assert Event.objects.get(kind="rounds:settled").actor is None


def test_a_vote_takes_at_most_eight_queries(
    cast: Cast, double: Stage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    one, two, *_ = rounds_of(double).values()
    # The savepoint of the test's transaction adds two queries.
    with django_assert_max_num_queries(4 + 2):
        cast_vote(cast.ada, one, "exclude")
    with django_assert_max_num_queries(8 + 2):
        cast_vote(cast.ben, one, "exclude")
    cast_vote(cast.ada, two, "include")
    with django_assert_max_num_queries(8 + 2):
        cast_vote(cast.ben, two, "exclude")


def test_the_next_record_takes_seven_queries(
    cast: Cast, double: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    from reviewapp.core.services import protocol

    protocol.save_protocol(
        actor=cast.dora,
        question="?",
        population="",
        concept="",
        context="",
        registration="",
        include=["a", "b"],
        exclude=["c"],
        now=NOW,
    )
    cast_vote(cast.ada, first(double), "exclude")
    with django_assert_num_queries(7):
        found = screen.next_item(cast.ada, double)
    assert found is not None
    assert found.protocol is not None
    assert found.protocol.include == ("a", "b")
    assert (found.progress.done, found.progress.total) == (1, 6)
    assert found.paper.record.abstract.startswith("Abstract of record")


def test_all_members_screen_in_the_same_random_order(cast: Cast, double: Stage) -> None:
    order = []
    while place := queue.next_place(cast.ada, double):
        order.append(place.round_code)
        cast_vote(cast.ada, place.round_code, "exclude")
    assert order == list(rounds_of(double).values())
    place = queue.next_place(cast.ben, double)
    assert place is not None
    assert place.round_code == order[0]


def test_the_queue_returns_to_skipped_records(cast: Cast, double: Stage) -> None:
    codes = list(rounds_of(double).values())
    for code in codes[3:]:
        cast_vote(cast.ada, code, "exclude")
    place = queue.next_place(cast.ada, double)
    assert place is not None
    assert place.round_code == codes[0]


def test_a_duplicate_leaves_the_queue_and_keeps_its_votes(
    cast: Cast, double: Stage, records: Sequence[Record]
) -> None:
    from screening.records.models import Duplicate

    record, of = records[0], records[1]
    cast_vote(cast.ben, rounds_of(double)[record.code], "include")
    Duplicate.objects.create(
        review=cast.review,
        record=record,
        of=of,
        how="person",
        created_at=NOW,
        created_by=cast.lena,
    )
    assert queue.own_progress(cast.ada, double).total == 5
    assert queue.own_progress(cast.ben, double).done == 0
    seen = set()
    while place := queue.next_place(cast.ada, double):
        seen.add(place.record_code)
        cast_vote(cast.ada, place.round_code, "exclude")
    assert record.code not in seen
    assert ("Ben", 1, "include") in all_votes()


def test_votes_of_others_change_nothing_that_a_reviewer_sees(
    cast: Cast, double: Stage
) -> None:
    code = first(double)
    before = screen.next_item(cast.ada, double)
    cast_vote(cast.ben, code, "include", note="canary")
    assert screen.next_item(cast.ada, double) == before
    assert screen.find_item(cast.ada, double, code) == before
    mine, _ = screen.own_vote_page(cast.ada, double)
    assert mine == []


def test_my_votes_do_not_show_that_a_round_is_in_conflict(
    cast: Cast, double: Stage
) -> None:
    one, two, three, *_ = rounds_of(double).values()
    for code in (one, two, three):
        cast_vote(cast.ada, code, "include")
    cast_vote(cast.ben, two, "exclude")
    cast_vote(cast.ben, three, "include")
    lines, after = screen.own_vote_page(cast.ada, double)
    assert after == ""
    assert [(line.round_code, line.is_final) for line in lines] == [
        (three, True),
        (two, False),
        (one, False),
    ]


def test_many_votes_at_once_follow_the_same_rules(cast: Cast, double: Stage) -> None:
    codes = list(rounds_of(double).values())
    new = [bulk_votes.NewVote(code, "exclude") for code in codes]
    assert (
        bulk_votes.cast_many(
            actor=cast.ada, stage_code=double.code, votes=new, now=LATER
        )
        == 6
    )
    assert (
        bulk_votes.cast_many(
            actor=cast.ada, stage_code=double.code, votes=new, now=LATER
        )
        == 0
    )
    other = [bulk_votes.NewVote(code, "exclude") for code in codes[:5]]
    other.append(bulk_votes.NewVote(codes[5], "unsure", note="?"))
    assert (
        bulk_votes.cast_many(
            actor=cast.ben, stage_code=double.code, votes=other, now=LATER
        )
        == 6
    )
    assert Decision.objects.filter(verdict="exclude", how="agreement").count() == 5
    assert the_round(codes[5]).audience == Audience.ADJUDICATORS
    with pytest.raises(Refused, match="not assigned"):
        bulk_votes.cast_many(
            actor=cast.cleo, stage_code=double.code, votes=new, now=LATER
        )


def test_many_votes_at_once_from_another_review_are_refused(
    cast: Cast, double: Stage
) -> None:
    new = [bulk_votes.NewVote(first(double), "exclude")]
    with pytest.raises(Missing):
        bulk_votes.cast_many(
            actor=cast.eve, stage_code=double.code, votes=new, now=LATER
        )


def test_records_of_other_methods_are_not_screened_at_record_stages(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    other = factories.make_source(cast.lena, "Experts", "expert")
    factories.make_records(cast.lena, 2, other)
    start(title_stage, cast.dora, (100, [cast.ada]))
    assert len(rounds_of(title_stage)) == 6
    assert Assignment.objects.count() == 6
