"""Random assignment: exact, and divided evenly."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from screening.decisions.rules.drawing import draw
from screening.decisions.rules.sampling import (
    NewAssignment,
    SamplingLine,
    overfull_lines,
    reading_order,
    target_count,
)

ADA, BEN, CLEO = 1, 2, 3
HUNDRED = Decimal(100)


def codes(n: int) -> list[str]:
    return [f"record{i:05d}" for i in range(n)]


def fresh(lines: list[SamplingLine], subjects: list[str]) -> list[NewAssignment]:
    """Return the assignments of a first draw."""
    return draw(
        lines, key="ab" * 16, undecided=subjects, standing={}, windows={}
    ).assignments


def test_the_published_policy_draws_2636_of_13178() -> None:
    lines = [SamplingLine(1, HUNDRED, (ADA,)), SamplingLine(2, Decimal(20), (BEN,))]
    drawn = Counter(place.member for place in fresh(lines, codes(13178)))
    assert drawn == {ADA: 13178, BEN: 2636}


def test_a_share_is_rounded_half_up() -> None:
    assert target_count(Decimal(20), 13178) == 2636
    assert target_count(Decimal("50"), 5) == 3
    assert target_count(Decimal("0.01"), 10) == 0
    assert target_count(Decimal("33.33"), 3) == 1


def test_two_rules_with_the_same_members_never_assign_both_to_one_member() -> None:
    team = (ADA, BEN, CLEO)
    found = fresh(
        [SamplingLine(1, HUNDRED, team), SamplingLine(2, HUNDRED, team)], codes(300)
    )
    per_subject: dict[str, set[int]] = {}
    for place in found:
        per_subject.setdefault(place.subject, set()).add(place.member)
    assert {len(members) for members in per_subject.values()} == {2}
    load = Counter(place.member for place in found)
    assert max(load.values()) - min(load.values()) <= 2


def test_the_line_with_fewer_members_chooses_first() -> None:
    lines = [
        SamplingLine(1, HUNDRED, (ADA, BEN, CLEO)),
        SamplingLine(2, HUNDRED, (ADA,)),
    ]
    found = fresh(lines, codes(90))
    assert len(found) == 180
    assert {p.member for p in found if p.no == 1} == {BEN, CLEO}


def test_one_rule_with_all_members_divides_evenly() -> None:
    load = Counter(
        p.member
        for p in fresh([SamplingLine(1, HUNDRED, (ADA, BEN, CLEO))], codes(100))
    )
    assert sorted(load.values()) == [33, 33, 34]


def test_lines_that_cannot_be_filled_are_named() -> None:
    a = SamplingLine(1, HUNDRED, (ADA,))
    again = SamplingLine(2, Decimal(20), (ADA,))
    assert overfull_lines([a, again]) == (a, again)
    assert overfull_lines([a, SamplingLine(2, Decimal(20), (ADA, BEN))]) == ()


def test_another_seed_is_another_order_that_can_be_repeated_by_hand() -> None:
    # docs/policy.md describes this; it must not change between versions.
    assert reading_order(1, "a") != reading_order(2, "a")
    assert reading_order(4711, "record00001") == 1177843720
