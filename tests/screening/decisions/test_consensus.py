"""When a round settles."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from screening.decisions.rules.consensus import (
    About,
    Ballot,
    Disagreement,
    Open,
    Settled,
    Single,
    outcome,
)

YES: Ballot = ("include", None)
NO: Ballot = ("exclude", None)


def test_two_who_agree_settle() -> None:
    assert outcome([YES, YES]) == Settled("include", None)
    assert outcome([NO, NO, NO]) == Settled("exclude", None)


def test_a_difference_needs_an_adjudicator() -> None:
    assert outcome([YES, NO]) == Disagreement(About.VERDICT)


def test_unsure_needs_an_adjudicator_even_alone() -> None:
    unsure: Ballot = ("unsure", None)
    assert outcome([unsure]) == Disagreement(About.UNSURE)
    assert outcome([unsure, unsure]) == Disagreement(About.UNSURE)
    assert outcome([YES, unsure]) == Disagreement(About.UNSURE)


def test_one_reader_settles_nothing_yet() -> None:
    assert outcome([YES]) == Single("include", None)
    assert outcome([("exclude", 3)], needs_reason=True) == Single("exclude", 3)


def test_open_seats_keep_the_round_open_whatever_the_others_say() -> None:
    assert outcome([YES, (None, None)]) == Open(1)
    assert outcome([YES, NO, ("withdrawn", None)]) == Open(1)
    assert outcome([]) == Open(0)


def test_different_reasons_differ_only_where_the_stage_asks_for_one() -> None:
    two: list[Ballot] = [("exclude", 1), ("exclude", 2)]
    assert outcome(two, needs_reason=True) == Disagreement(About.REASON)
    assert outcome(two) == Settled("exclude", None)
    same: list[Ballot] = [("exclude", 2), ("exclude", 2)]
    assert outcome(same, needs_reason=True) == Settled("exclude", 2)
    assert outcome(same) == Settled("exclude", 2)


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
    assert outcome(some, needs_reason=needs_reason) == outcome(
        mixed, needs_reason=needs_reason
    )


@settings(deadline=None)
@given(ballots, st.booleans())
def test_settled_means_that_everybody_said_it(
    some: list[Ballot], needs_reason: bool
) -> None:
    result = outcome(some, needs_reason=needs_reason)
    if isinstance(result, Settled | Single):
        assert {verdict for verdict, _ in some} == {result.verdict}
        assert (len(some) == 1) == isinstance(result, Single)
    if isinstance(result, Open):
        assert result.seats == sum(v in (None, "withdrawn") for v, _ in some)
