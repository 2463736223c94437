"""What a member leaves stays offered; closing names what it leaves; single votes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.test import Client

from reviewapp.core.blinding import Audience
from reviewapp.core.models import Member, Role
from reviewapp.core.refusals import NotAllowed, Refused
from reviewapp.core.services import team
from screening.decisions.models import Decision, Stage
from screening.decisions.models.rounds import Assignment, Round
from screening.decisions.queries import closing as closing_queries
from screening.decisions.queries import freed_places, queue
from screening.decisions.queries import stages as stage_queries
from screening.decisions.services import assignments, closing, finalising, stages
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


def freed(stage: Stage) -> dict[str, int]:
    return {one.name: one.places for one in freed_places.freed_places(stage)}


def line_of_ben(cast: Cast, stage: Stage) -> int | None:
    """Return how many assignments the line of Ben says that he has."""
    policy = stage_queries.stage_detail(cast.olaf, stage).policy
    assert policy is not None
    return policy.lines[1].assigned


def hand_over(cast: Cast, stage: Stage, former: Member, to: Member) -> int:
    """Reassign what a member left and return how many places moved."""
    moved = assignments.reassign(
        actor=cast.dora,
        stage_code=stage.code,
        former_code=former.code,
        to_code=to.code,
        now=DAY,
    )
    return moved.n


def leave_and_return(cast: Cast, how: str) -> None:
    """Let Ben leave the review, or its screening, and come back."""
    if how == "role":
        team.change_role(
            actor=cast.dora, member=cast.ben, role=Role.OBSERVER, now=LATER
        )
        team.change_role(actor=cast.dora, member=cast.ben, role=Role.REVIEWER, now=DAY)
    else:
        team.remove_member(actor=cast.dora, member=cast.ben, now=LATER)
        team.invite_member(
            actor=cast.dora, email=cast.ben.user.email, role=Role.REVIEWER, now=DAY
        )
        Member.objects.filter(pk=cast.ben.pk).update(removed_at=None)
    cast.ben.refresh_from_db()


@pytest.mark.parametrize("how", ["removed", "role"])
def test_what_a_member_left_stays_offered_when_they_come_back(
    cast: Cast, double: Stage, how: str
) -> None:
    cast_vote(cast.ben, next(iter(rounds_of(double).values())), "include")
    leave_and_return(cast, how)
    assert freed(double) == {"Ben": 5}
    assert queue.own_progress(cast.ben, double).total == 1
    assert line_of_ben(cast, double) == 1
    assert hand_over(cast, double, cast.ben, cast.ben) == 5
    assert freed(double) == {}
    assert queue.own_progress(cast.ben, double).total == 6
    assert vote_all(double, cast.ben) == 5


def test_another_member_takes_over_what_a_returned_member_left(
    cast: Cast, double: Stage
) -> None:
    leave_and_return(cast, "role")
    assert line_of_ben(cast, double) == 0
    assert hand_over(cast, double, cast.ben, cast.cleo) == 6
    assert freed(double) == {}
    with pytest.raises(Refused, match="nothing that can be reassigned"):
        hand_over(cast, double, cast.ben, cast.ben)


def test_a_place_is_listed_once_when_two_members_left_it(
    cast: Cast, double: Stage
) -> None:
    team.remove_member(actor=cast.dora, member=cast.ben, now=LATER)
    hand_over(cast, double, cast.ben, cast.cleo)
    team.change_role(actor=cast.dora, member=cast.cleo, role=Role.OBSERVER, now=DAY)
    assert freed(double) == {"Cleo": 6}


def test_who_left_their_own_place_does_not_take_another_in_the_same_round(
    cast: Cast, double: Stage
) -> None:
    for member in (cast.ada, cast.ben):
        team.change_role(actor=cast.dora, member=member, role=Role.OBSERVER, now=LATER)
        team.change_role(actor=cast.dora, member=member, role=Role.REVIEWER, now=LATER)
    with pytest.raises(Refused, match="nothing that can be reassigned"):
        hand_over(cast, double, cast.ada, cast.ben)
    assert freed(double) == {"Ada": 6, "Ben": 6}
    assert hand_over(cast, double, cast.ada, cast.cleo) == 6
    assert hand_over(cast, double, cast.ben, cast.ada) == 6
    assert freed(double) == {}


def test_who_leaves_while_a_record_is_a_duplicate_leaves_no_hidden_place(
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
    vote_all(double, cast.ada)
    vote_all(double, cast.ben)
    for reader in (cast.ada, cast.ben):
        stages.mark_finished(actor=reader, stage_code=double.code, now=LATER)
    closing.close_wave(actor=cast.dora, stage_code=double.code, now=LATER)
    team.remove_member(actor=cast.dora, member=cast.ben, now=LATER)
    from screening.duplicates.services import merge_undo

    merge_undo.undo_cluster(actor=cast.lena, record_code=records[0].code, now=DAY)
    assert freed(double) == {"Ben": 1}


# ── Closing ──────────────────────────────────────────────────────────────────


def test_closing_names_records_that_lose_a_reviewer(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    vote_all(double, cast.ada)
    stages.mark_finished(actor=cast.ada, stage_code=double.code, now=LATER)
    team.remove_member(actor=cast.dora, member=cast.ben, now=LATER)
    view = closing_queries.closing_view(cast.dora, double)
    assert view.is_possible
    assert (view.lost_reviewers, view.single) == (6, 6)
    here = f"/r/{cast.review.code}/stages/{double.code}/close/"
    client = client_of(cast.dora)
    page = client.get(here).content.decode()
    assert "6 records lose a reviewer" in page
    hand_over(cast, double, cast.ben, cast.cleo)
    answer = client.post(here, {"summary": view.summary})
    assert answer.status_code == 409
    assert "Something has changed" in answer.content.decode()
    assert not Decision.objects.exists()


def test_closing_names_what_stands_against_it(
    cast: Cast, double: Stage, client_of: ClientOf
) -> None:
    code = next(iter(rounds_of(double).values()))
    cast_vote(cast.ada, code, "include")
    cast_vote(cast.ben, code, "exclude")
    team.remove_member(actor=cast.dora, member=cast.ada, now=LATER)
    team.change_role(actor=cast.dora, member=cast.ben, role=Role.OBSERVER, now=LATER)
    hand_over(cast, double, cast.ben, cast.cleo)
    view = closing_queries.closing_view(cast.dora, double)
    assert not view.is_possible
    assert view.conflicts == 1
    assert view.unfinished == ("Cleo",)
    team.change_role(actor=cast.dora, member=cast.cleo, role=Role.OBSERVER, now=LATER)
    assert closing_queries.closing_view(cast.dora, double).unassigned == 5
    page = client_of(cast.dora).get(
        f"/r/{cast.review.code}/stages/{double.code}/close/"
    )
    assert "5 records are assigned to no one" in page.content.decode()


def test_closing_full_text_names_reports_that_await_retrieval(
    cast: Cast, title_stage: Stage, full_stage: Stage, records: Sequence[Record]
) -> None:
    title = start(title_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    vote_all(title, cast.ada, "include")
    vote_all(title, cast.ben, "include")
    first = Report.objects.order_by("pk")[0]
    retrieval.mark_retrieved(actor=cast.lena, report_code=first.code, now=NOW)
    full = start(full_stage, cast.dora, (100, [cast.ada]))
    view = closing_queries.closing_view(cast.dora, full)
    assert view.awaiting_retrieval == 5


def test_the_closing_page_of_a_closed_stage_offers_nothing(
    cast: Cast, title_stage: Stage, client_of: ClientOf
) -> None:
    page = client_of(cast.dora).get(
        f"/r/{cast.review.code}/stages/{title_stage.code}/close/"
    )
    assert "no open wave" in page.content.decode()


# ── Finalising single-screened votes ─────────────────────────────────────────


@pytest.fixture
def sampled(cast: Cast, title_stage: Stage) -> Stage:
    """Ada screens ten records, Ben a random half of them."""
    factories.make_records(cast.lena, 10)
    return start(title_stage, cast.dora, (100, [cast.ada]), (50, [cast.ben]))


def finalise(cast: Cast, stage: Stage) -> int:
    return finalising.finalise_singles(
        actor=cast.dora, stage_code=stage.code, now=LATER
    )


def test_single_votes_become_final_while_the_wave_is_open(
    cast: Cast, sampled: Stage
) -> None:
    vote_all(sampled, cast.ada, "include")
    assert closing_queries.single_reviewer_rounds(cast.dora, sampled) == 5
    assert finalise(cast, sampled) == 5
    assert set(Decision.objects.values_list("how", flat=True)) == {"single"}
    assert Report.objects.count() == 5
    assert queue.own_progress(cast.ben, sampled).pending == 5
    audiences = Round.objects.unblinded(reason="test").values_list(
        "audience", flat=True
    )
    assert set(audiences) == {Audience.AUTHOR}
    assert finalise(cast, sampled) == 0
    vote_all(sampled, cast.ben, "include")
    assert Decision.objects.filter(how="agreement").count() == 5


def test_finalised_votes_are_not_screened_again(cast: Cast, sampled: Stage) -> None:
    vote_all(sampled, cast.ada, "exclude")
    finalise(cast, sampled)
    set_policy(sampled, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    assert Assignment.objects.filter(member=cast.ben).count() == 5
    code = Decision.objects.order_by("pk").values_list("round__code", flat=True).first()
    with pytest.raises(Refused):
        cast_vote(cast.ada, str(code), "include")


def test_a_place_that_is_free_keeps_its_record_open(cast: Cast, sampled: Stage) -> None:
    vote_all(sampled, cast.ada, "include")
    team.remove_member(actor=cast.dora, member=cast.ben, now=LATER)
    assert closing_queries.single_reviewer_rounds(cast.dora, sampled) == 5
    assert finalise(cast, sampled) == 5
    assert freed(sampled) == {"Ben": 5}
    assert hand_over(cast, sampled, cast.ben, cast.cleo) == 5


def test_only_single_votes_that_were_cast_become_final(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]))
    codes = list(rounds_of(stage).values())
    cast_vote(cast.ada, codes[0], "exclude")
    cast_vote(cast.ada, codes[1], "unsure")
    assert closing_queries.single_reviewer_rounds(cast.dora, stage) == 6
    assert finalise(cast, stage) == 1
    assert queue.own_progress(cast.ada, stage).pending == 4


def test_single_votes_in_a_pool_of_one_become_final(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(
        title_stage, cast.dora, (100, [cast.ada, cast.ben]), mode="pool", pool_size=1
    )
    cast_vote(cast.ada, next(iter(rounds_of(stage).values())), "include")
    assert closing_queries.single_reviewer_rounds(cast.dora, stage) == 6
    assert finalise(cast, stage) == 1


def test_only_leads_finalise_and_only_while_a_wave_is_open(
    cast: Cast, sampled: Stage
) -> None:
    for member in (cast.ada, cast.cleo, cast.lena, cast.olaf):
        with pytest.raises(NotAllowed):
            finalising.finalise_singles(
                actor=member, stage_code=sampled.code, now=LATER
            )
    vote_all(sampled, cast.ada)
    vote_all(sampled, cast.ben)
    for reader in (cast.ada, cast.ben):
        stages.mark_finished(actor=reader, stage_code=sampled.code, now=LATER)
    closing.close_wave(actor=cast.dora, stage_code=sampled.code, now=LATER)
    with pytest.raises(Refused, match="not open"):
        finalise(cast, sampled)


def test_the_page_says_what_finalising_means(
    cast: Cast, sampled: Stage, client_of: ClientOf
) -> None:
    here = f"/r/{cast.review.code}/stages/{sampled.code}/"
    client = client_of(cast.dora)
    assert "Finalise single-screened votes" in client.get(here).content.decode()
    before = client.get(f"{here}finalise/").content.decode()
    assert "5 records wait for the vote of one reviewer only" in before
    assert "No second reviewer can screen these records blinded" in before
    vote_all(sampled, cast.ada, "include")
    shown = client.get(f"{here}finalise/").content.decode()
    assert "5 records wait" in shown
    client.post(f"{here}finalise/")
    after = client.get(here).content.decode()
    assert "5 single-screened votes at Title and abstract are final" in after
