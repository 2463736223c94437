"""The consensus rule: when a round is decided."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from screening.decisions.rules.consensus import (
    About,
    Agreed,
    Ballot,
    Disagreement,
    Incomplete,
    SingleVote,
    consensus_of,
)

YES: Ballot = ("include", None)
NO: Ballot = ("exclude", None)


def test_two_equal_votes_decide() -> None:
    assert consensus_of([YES, YES]) == Agreed("include", None)
    assert consensus_of([NO, NO, NO]) == Agreed("exclude", None)


def test_a_difference_needs_an_adjudicator() -> None:
    assert consensus_of([YES, NO]) == Disagreement(About.VERDICT)


def test_unsure_needs_an_adjudicator_even_alone() -> None:
    unsure: Ballot = ("unsure", None)
    assert consensus_of([unsure]) == Disagreement(About.UNSURE)
    assert consensus_of([unsure, unsure]) == Disagreement(About.UNSURE)
    assert consensus_of([YES, unsure]) == Disagreement(About.UNSURE)


def test_a_single_vote_decides_nothing_yet() -> None:
    assert consensus_of([YES]) == SingleVote("include", None)
    assert consensus_of([("exclude", 3)], needs_reason=True) == SingleVote("exclude", 3)


def test_open_assignments_keep_the_round_open_for_all_votes() -> None:
    assert consensus_of([YES, (None, None)]) == Incomplete(1)
    assert consensus_of([YES, NO, ("withdrawn", None)]) == Incomplete(1)
    assert consensus_of([]) == Incomplete(0)


def test_different_reasons_differ_only_where_the_stage_asks_for_one() -> None:
    two: list[Ballot] = [("exclude", 1), ("exclude", 2)]
    assert consensus_of(two, needs_reason=True) == Disagreement(About.REASON)
    assert consensus_of(two) == Agreed("exclude", None)
    same: list[Ballot] = [("exclude", 2), ("exclude", 2)]
    assert consensus_of(same, needs_reason=True) == Agreed("exclude", 2)
    assert consensus_of(same) == Agreed("exclude", 2)


ballots = st.lists(
    st.tuples(
        st.sampled_from([None, "include", "exclude", "unsure", "withdrawn"]),
        st.sampled_from([None, 1, 2]),
    ),
    max_size=5,
)


@settings(deadline=None)
@given(ballots, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_the_ballots_never_matters(
    some: list[Ballot], needs_reason: bool, shuffle: random.Random
) -> None:
    mixed = list(some)
    shuffle.shuffle(mixed)
    assert consensus_of(some, needs_reason=needs_reason) == consensus_of(
        mixed, needs_reason=needs_reason
    )


@settings(deadline=None)
@given(ballots, st.booleans())
def test_agreement_means_that_all_votes_are_equal(
    some: list[Ballot], needs_reason: bool
) -> None:
    result = consensus_of(some, needs_reason=needs_reason)
    if isinstance(result, Agreed | SingleVote):
        assert {verdict for verdict, _ in some} == {result.verdict}
        assert (len(some) == 1) == isinstance(result, SingleVote)
    if isinstance(result, Incomplete):
        assert result.assignments == sum(v in (None, "withdrawn") for v, _ in some)
