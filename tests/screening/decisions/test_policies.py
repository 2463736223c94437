"""Screening assignments, and those of former members."""

from __future__ import annotations

import threading
import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

import pytest
from django.db import connection

from reviewapp.core.models import Member, Role
from reviewapp.core.refusals import NotAllowed, Refused
from reviewapp.core.services import team
from screening.decisions.models import Decision, Policy, SampleDraw, Stage
from screening.decisions.models.rounds import Assignment, Vote
from screening.decisions.queries import conflicts, queue
from screening.decisions.rules import drawing, sampling
from screening.decisions.services import assignments, policies, rounds, votes
from screening.records.models import Record
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


def load() -> Counter[str]:
    return Counter(
        Assignment.objects.filter(vacated_at=None).values_list(
            "member__name", flat=True
        )
    )


def test_the_sample_is_the_same_for_every_draw_and_does_not_change(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (50, [cast.ben]))
    assert load() == {"Ada": 6, "Ben": 3}
    drawn = set(
        Assignment.objects.filter(member=cast.ben).values_list(
            "round__record__code", flat=True
        )
    )
    [sample] = SampleDraw.objects.filter(wave__stage=stage, rule=2)
    assert sample.digest == drawing.digest_of(sample.wave.key, drawn)
    rounds.open_rounds(stage=stage, actor=cast.dora, now=LATER)
    assert load() == {"Ada": 6, "Ben": 3}
    assert SampleDraw.objects.count() == 2
    assert Policy.objects.get(stage=stage).seed == 7


def test_a_missing_seed_is_drawn_and_stored(cast: Cast, title_stage: Stage) -> None:
    lines = [(Decimal(100), [cast.ada])]
    one = policies.set_policy(
        actor=cast.dora, stage_code=title_stage.code, mode="fixed", lines=lines, now=NOW
    )
    two = policies.set_policy(
        actor=cast.dora, stage_code=title_stage.code, mode="fixed", lines=lines, now=NOW
    )
    assert one.seed == two.seed
    assert 1 <= one.seed <= policies.LARGEST_SEED
    assert (one.version, two.version) == (1, 2)


@pytest.mark.parametrize(
    ("share", "sentence"), [(0, "above 0"), (101, "at most 100"), (-5, "above 0")]
)
def test_shares_lie_between_nothing_and_everything(
    cast: Cast, title_stage: Stage, share: int, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        set_policy(title_stage, cast.dora, (share, [cast.ada]))


def test_only_members_who_can_screen_are_assigned(
    cast: Cast, title_stage: Stage
) -> None:
    for member in (cast.olaf, cast.lena, cast.rex, cast.eve):
        with pytest.raises(Refused, match="can't screen"):
            set_policy(title_stage, cast.dora, (100, [member]))
    with pytest.raises(Refused, match="at least one member"):
        set_policy(title_stage, cast.dora, (100, []))
    with pytest.raises(NotAllowed):
        set_policy(title_stage, cast.cleo, (100, [cast.ada]))


def test_no_member_is_assigned_a_record_twice(cast: Cast, title_stage: Stage) -> None:
    with pytest.raises(Refused, match="twice"):
        set_policy(title_stage, cast.dora, (100, [cast.ada]), (20, [cast.ada]))


def test_a_lead_who_screens_is_blinded_like_a_reviewer(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.dora]), (100, [cast.ada]))
    cast_vote(cast.ada, next(iter(rounds_of(stage).values())), "include")
    from screening.decisions.queries import votes as vote_queries

    code = next(iter(rounds_of(stage).values()))
    assert vote_queries.visible_votes(cast.dora, code) == ()


def test_a_second_reviewer_can_be_added_after_the_start(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]))
    codes = list(rounds_of(stage).values())
    cast_vote(cast.ada, codes[0], "include")
    cast_vote(cast.ada, codes[1], "unsure")
    set_policy(stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    # Only adjudicators may know that Ada is unsure, so that record is assigned too.
    assert load() == {"Ada": 6, "Ben": 6}
    cast_vote(cast.ben, codes[0], "include")
    assert Decision.objects.get().how == "agreement"


def test_after_the_start_no_assignment_is_removed(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (50, [cast.ben]))
    set_policy(stage, cast.dora, (100, [cast.ada]))
    assert load() == {"Ada": 6, "Ben": 3}
    with pytest.raises(Refused, match="can't switch"):
        set_policy(stage, cast.dora, (100, [cast.ada, cast.ben]), mode="pool")


def test_removing_a_member_removes_open_assignments_and_keeps_votes(
    cast: Cast, double: Stage
) -> None:
    codes = list(rounds_of(double).values())
    cast_vote(cast.ben, codes[0], "include")
    team.remove_member(actor=cast.dora, member=cast.ben, now=LATER)
    assert load() == {"Ada": 6, "Ben": 1}
    assert Vote.objects.unblinded(reason="test").count() == 1
    cast_vote(cast.ada, codes[0], "include")
    assert Decision.objects.get().how == "agreement"
    cast_vote(cast.ada, codes[1], "include")
    assert Decision.objects.count() == 1


def test_rounds_that_are_complete_after_a_removal_are_decided(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    stage = start(
        title_stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]), (100, [cast.cleo])
    )
    code = next(iter(rounds_of(stage).values()))
    cast_vote(cast.ada, code, "exclude")
    cast_vote(cast.ben, code, "exclude")
    assert not Decision.objects.exists()
    team.change_role(actor=cast.dora, member=cast.cleo, role=Role.OBSERVER, now=LATER)
    assert Decision.objects.get().how == "agreement"


def test_removed_assignments_are_reassigned_once(cast: Cast, double: Stage) -> None:
    codes = list(rounds_of(double).values())
    cast_vote(cast.ben, codes[0], "include")
    team.remove_member(actor=cast.dora, member=cast.ben, now=LATER)
    moved = assignments.reassign(
        actor=cast.dora,
        stage_code=double.code,
        former_code=cast.ben.code,
        to_code=cast.cleo.code,
        now=LATER,
    )
    assert moved.n == 5
    assert load() == {"Ada": 6, "Ben": 1, "Cleo": 5}
    with pytest.raises(Refused, match="nothing that can be reassigned"):
        assignments.reassign(
            actor=cast.dora,
            stage_code=double.code,
            former_code=cast.ben.code,
            to_code=cast.cleo.code,
            now=LATER,
        )
    with pytest.raises(Refused, match="can't screen"):
        assignments.reassign(
            actor=cast.dora,
            stage_code=double.code,
            former_code=cast.ben.code,
            to_code=cast.olaf.code,
            now=LATER,
        )


def test_later_assignments_do_not_reassign_removed_ones(
    cast: Cast, title_stage: Stage
) -> None:
    factories.make_records(cast.lena, 10)
    both = [cast.ben, cast.cleo]
    stage = start(title_stage, cast.dora, (100, [cast.ada]), (60, both))
    assert load() == {"Ada": 10, "Ben": 3, "Cleo": 3}
    team.remove_member(actor=cast.dora, member=cast.ben, now=LATER)
    from screening.decisions.services import rounds

    rounds.open_rounds(stage=stage, actor=cast.dora, now=LATER)
    assert load() == {"Ada": 10, "Cleo": 3}


# ── Open pools ───────────────────────────────────────────────────────────────


@pytest.fixture
def pool(cast: Cast, title_stage: Stage, records: Sequence[Record]) -> Stage:
    team_of = [cast.ada, cast.ben, cast.cleo]
    return start(title_stage, cast.dora, (100, team_of), mode="pool", pool_size=2)


def test_in_a_pool_a_vote_makes_the_assignment(cast: Cast, pool: Stage) -> None:
    assert Assignment.objects.count() == 0
    code = next(iter(rounds_of(pool).values()))
    cast_vote(cast.ada, code, "include")
    assert load() == {"Ada": 1}
    cast_vote(cast.cleo, code, "include")
    assert Decision.objects.get().how == "agreement"
    with pytest.raises(Refused):
        cast_vote(cast.ben, code, "include")
    assert queue.own_progress(cast.ben, pool).pending == 5
    assert queue.own_progress(cast.ada, pool).total == 6


def test_in_a_pool_an_undone_vote_removes_the_assignment(
    cast: Cast, pool: Stage
) -> None:
    code = next(iter(rounds_of(pool).values()))
    cast_vote(cast.ada, code, "include")
    votes.withdraw_vote(actor=cast.ada, round_code=code, key=uuid.uuid4(), now=LATER)
    cast_vote(cast.ben, code, "exclude")
    cast_vote(cast.cleo, code, "exclude")
    assert Decision.objects.get().verdict == "exclude"


def test_in_a_pool_one_can_vote_again_after_undoing(cast: Cast, pool: Stage) -> None:
    code = next(iter(rounds_of(pool).values()))
    cast_vote(cast.ada, code, "include")
    votes.withdraw_vote(actor=cast.ada, round_code=code, key=uuid.uuid4(), now=LATER)
    cast_vote(cast.ada, code, "exclude")
    cast_vote(cast.ben, code, "exclude")
    assert Decision.objects.get().verdict == "exclude"


def test_only_the_members_of_a_pool_vote_in_it(cast: Cast, pool: Stage) -> None:
    code = next(iter(rounds_of(pool).values()))
    with pytest.raises(Refused, match="not assigned to you"):
        cast_vote(cast.dora, code, "include")
    assert queue.next_place(cast.dora, pool) is None


def test_members_of_a_pool_screen_it_completely(cast: Cast, pool: Stage) -> None:
    assert vote_all(pool, cast.ada) == 6
    assert vote_all(pool, cast.ben) + vote_all(pool, cast.cleo) == 6
    assert Decision.objects.count() == 6


def in_turn(pool: Stage, members: Sequence[Member]) -> Counter[tuple[int, ...]]:
    """Let the members vote in turn until nothing is left; return the pairs."""
    readers: dict[str, list[int]] = defaultdict(list)
    busy = list(members)
    while busy:
        for member in list(busy):
            place = queue.next_place(member, pool)
            if place is None:
                busy.remove(member)
                continue
            cast_vote(member, place.round_code, "exclude")
            readers[place.round_code].append(members.index(member))
    return Counter(tuple(sorted(pair)) for pair in readers.values())


def test_equally_fast_members_of_a_pool_get_even_votes_and_pairs(
    cast: Cast, title_stage: Stage
) -> None:
    """Also if records come in later, and whatever the order of the members."""
    source = factories.make_source(cast.lena)
    factories.make_records(cast.lena, 9, source)
    team = [cast.ada, cast.ben, cast.cleo]
    pool = start(title_stage, cast.dora, (100, team), mode="pool", pool_size=2)
    factories.make_records(cast.lena, 9, source)
    set_policy(pool, cast.dora, (100, team), mode="pool", pool_size=2)
    pairs = in_turn(pool, [cast.cleo, cast.ada, cast.ben])
    assert pairs == {(0, 1): 6, (0, 2): 6, (1, 2): 6}


def test_a_pool_is_completed_when_one_member_stops_early(
    cast: Cast, title_stage: Stage
) -> None:
    factories.make_records(cast.lena, 6)
    team = [cast.ada, cast.ben, cast.cleo]
    pool = start(title_stage, cast.dora, (100, team), mode="pool", pool_size=2)
    place = queue.next_place(cast.cleo, pool)
    assert place is not None
    cast_vote(cast.cleo, place.round_code, "exclude")
    in_turn(pool, [cast.ada, cast.ben])
    assert Decision.objects.count() == 6


@pytest.mark.parametrize(
    ("members", "places"), [(3, 2), (4, 2), (5, 3), (2, 2), (6, 1)]
)
def test_each_pair_is_in_equally_many_groups_of_a_pool(
    members: int, places: int
) -> None:
    groups = sampling.pool_groups(range(members), places)
    pairs = Counter(pair for group in groups for pair in combinations(group, 2))
    singles = Counter(one for group in groups for one in group)
    assert len(set(pairs.values())) <= 1
    assert len(set(singles.values())) == 1
    assert len(singles) == members


def test_a_very_large_pool_has_few_groups() -> None:
    groups = sampling.pool_groups(range(30), 8)
    assert len(groups) == 30
    assert set(Counter(one for group in groups for one in group).values()) == {8}


def test_a_pool_needs_as_many_members_as_votes(cast: Cast, pool: Stage) -> None:
    two = [cast.ada, cast.ben]
    with pytest.raises(Refused, match="between 1"):
        set_policy(pool, cast.dora, (100, two), mode="pool", pool_size=3)


def test_a_pool_that_lost_its_members_goes_on_with_fewer_votes(
    cast: Cast, title_stage: Stage, records: Sequence[Record]
) -> None:
    """Three votes on each record, and then one of the three leaves."""
    team_of = [cast.ada, cast.ben, cast.cleo]
    stage = start(title_stage, cast.dora, (100, team_of), mode="pool", pool_size=3)
    agreed, differing, single, *_ = rounds_of(stage).values()
    cast_vote(cast.ada, agreed, "include")
    cast_vote(cast.ben, agreed, "include")
    cast_vote(cast.ada, differing, "include")
    cast_vote(cast.ben, differing, "exclude")
    cast_vote(cast.ada, single, "include")
    team.remove_member(actor=cast.dora, member=cast.cleo, now=LATER)
    assert not Decision.objects.exists()
    two = [cast.ada, cast.ben]
    set_policy(stage, cast.dora, (100, two), mode="pool", pool_size=2)
    assert list(Decision.objects.values_list("round__code", flat=True)) == [agreed]
    assert conflicts.count_conflicts(cast.dora) == 1
    vote_all(stage, cast.ada, "include")
    vote_all(stage, cast.ben, "include")
    assert Decision.objects.count() == 5


# ── Concurrent votes ─────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_votes_make_one_decision(cast: Cast) -> None:
    from screening.decisions.services import stages

    factories.make_records(cast.lena, 1)
    stage = stages.create_default_stages(review=cast.review, actor=cast.dora, now=NOW)[
        0
    ]
    start(stage, cast.dora, (100, [cast.ada]), (100, [cast.ben]))
    (code,) = rounds_of(stage).values()
    gate = threading.Barrier(2)
    failed: list[BaseException] = []

    def vote(member: object) -> None:
        try:
            gate.wait(timeout=10)
            cast_vote(member, code, "exclude")  # type: ignore[arg-type]
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=vote, args=(m,)) for m in (cast.ada, cast.ben)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert failed == []
    assert Decision.objects.count() == 1
