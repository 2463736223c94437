"""Stopping evidence and measures, on worked examples and by brute force."""

from __future__ import annotations

from math import comb, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.prioritisation.rules import stopping
from screening.prioritisation.rules.measures import measure


def brute_force(order: list[bool], n_records: int, target: float) -> float:
    """Return the smallest p-value over every end of the sequence, by its definition."""
    included, smallest = sum(order), 1.0
    if not included:
        return 1.0
    for start in range(len(order)):
        before = sum(order[:start])
        relevant = floor(included / target + 1) - before
        size, drawn, k = n_records - start, len(order) - start, sum(order[start:])
        if relevant > size:
            return 0.0
        ways = sum(
            comb(relevant, i) * comb(size - relevant, drawn - i)
            for i in range(k + 1)
            if 0 <= drawn - i <= size - relevant
        )
        smallest = min(smallest, ways / comb(size, drawn))
    return smallest


@given(
    st.lists(st.booleans(), min_size=1, max_size=40),
    st.integers(0, 40),
    st.sampled_from([0.5, 0.8, 0.95, 1.0]),
)
def test_p_is_the_smallest_over_all_ends(
    order: list[bool], unseen: int, target: float
) -> None:
    n_records = len(order) + unseen
    found = stopping.p_below_target(order, n_records, target)
    assert found == pytest.approx(brute_force(order, n_records, target), abs=1e-9)


def test_values_of_the_authors_own_program() -> None:
    """Compare with buscarpy 0.0.2, ``calculate_h0`` (recomputed with it once)."""
    order = [n % 4 == 0 for n in range(100)] + [False] * 100
    for n_records, target, p in BUSCARPY:
        found = stopping.p_below_target(order, n_records, target)
        assert found == pytest.approx(p, rel=1e-6)


# Number of records, target, p.
BUSCARPY = [
    (210, 0.80, 3.107174336969188e-09),
    (210, 0.95, 0.007111251580278129),
    (300, 0.80, 0.006305183686197465),
    (300, 0.95, 0.241428083695069),
    (1000, 0.80, 0.42707939433574793),
    (1000, 0.95, 0.7847701551615336),
]


def test_below_twenty_included_records_nothing_is_certified() -> None:
    order = [True] * 19 + [False] * 900
    assert stopping.judge(order, 1000).conclusion == "too_few"
    assert stopping.judge([True, *order], 1001).conclusion == "reached"
    assert stopping.judge(order, len(order)).conclusion == "complete"
    assert stopping.judge([True] * 30 + [False] * 5, 1000).conclusion == "go_on"
    assert stopping.judge(order, 1000).in_a_row == 900


def test_the_first_stop_is_where_the_verdict_turns() -> None:
    order = [True] * 40 + [False] * 960
    after = stopping.first_stop(order, 1000)
    assert after is not None
    assert stopping.judge(order[:after], 1000).conclusion == "reached"
    assert stopping.judge(order[: after - 1], 1000).conclusion == "go_on"
    assert stopping.first_stop([True] * 5 + [False] * 95, 100) is None


@pytest.mark.parametrize(
    ("found", "relevant", "bound"), [(10, 10, 0.741), (20, 20, 0.861), (59, 59, 0.9505)]
)
def test_exact_bounds_of_a_random_sample(
    found: int, relevant: int, bound: float
) -> None:
    assert stopping.recall_bound(found, relevant) == pytest.approx(bound, abs=5e-4)
    assert stopping.error_bound(0, relevant) == pytest.approx(1 - bound, abs=5e-4)


def test_bounds_at_the_ends_and_beyond() -> None:
    assert stopping.recall_bound(0, 5) == 0.0
    assert stopping.recall_bound(0, 0) == 0.0
    assert stopping.error_bound(5, 5) == 1.0
    with pytest.raises(ValueError, match="at most the whole"):
        stopping.recall_bound(6, 5)
    with pytest.raises(ValueError, match="More records were screened"):
        stopping.p_below_target([True, False], 1, 0.95)


def test_measures_of_a_small_order() -> None:
    found = measure(
        [True, False, True, False, False, False, False, False, False, False]
    )
    assert (found.to_95, found.to_100) == (3, 3)
    assert found.wss_95 == pytest.approx(0.65)
    assert found.recall_at == {10: 0.5, 20: 0.5, 50: 1.0}
    # One excluded record stands before one of two included ones: 1 / (2 × 8).
    assert found.loss == pytest.approx(1 / 16)
    assert measure([False, False]).loss is None
    assert measure([True, True]).loss is None
    assert measure([]).n_records == 0
