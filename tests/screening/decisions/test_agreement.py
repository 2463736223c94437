"""Agreement measures, compared with published test vectors."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.decisions.models import Stage
from screening.decisions.queries import agreement as agreement_queries
from screening.decisions.rules import agreement

# irrCAC's vignette: three categories, 100 items.
VIGNETTE = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]


def close(value: float, digits: int = 3) -> object:
    return pytest.approx(value, abs=0.5 * 10**-digits)


def test_the_vignette_of_irrcac_is_reproduced() -> None:
    kappa = agreement.cohen(VIGNETTE)
    assert kappa is not None
    assert kappa.value == close(0.796409, 6)
    assert kappa.se == close(0.0589107, 6)
    # The vignette has 0.680 to 0.913, from the t distribution; ours is normal.
    assert kappa.low == close(0.681)
    assert kappa.high == close(0.912)
    assert agreement.scott(VIGNETTE) == close(0.796240, 6)
    ac1 = agreement.ac1(VIGNETTE)
    assert (ac1.value, ac1.se) == (close(0.849331, 6), close(0.0432175, 6))
    # The vignette has 0.764 to 0.935.
    assert ac1.interval == (close(0.765), close(0.934))
    brennan = agreement.brennan_prediger(VIGNETTE)
    assert (brennan.value, brennan.se) == (close(0.835, 3), close(0.0469335, 6))


@pytest.mark.parametrize(
    ("counts", "po", "kappa", "low", "high", "pabak", "ac1"),
    [
        ([[20, 5], [5, 170]], 0.95, 0.771, 0.635, 0.907, 0.90, 0.936),
        ([[8, 6], [6, 180]], 0.94, 0.539, 0.308, 0.770, 0.88, 0.931),
    ],
)
def test_two_by_two_tables(
    counts: list[list[int]],
    po: float,
    kappa: float,
    low: float,
    high: float,
    pabak: float,
    ac1: float,
) -> None:
    found = agreement.measure_agreement(counts)
    assert found is not None
    assert found.n == 200
    assert found.observed.value == close(po)
    assert found.kappa is not None
    assert found.kappa.value == close(kappa)
    assert found.kappa.low == pytest.approx(low, abs=1e-3)
    assert found.kappa.high == pytest.approx(high, abs=1e-3)
    assert found.pabak.value == close(pabak)
    assert found.ac1.value == close(ac1)


def test_the_interval_of_the_observed_agreement_is_wilsons() -> None:
    found = agreement.wilson(190, 200)
    assert (found.low, found.high) == (close(0.910), close(0.973))


def test_kappa_is_not_estimable_when_both_use_one_category() -> None:
    found = agreement.measure_agreement([[0, 0], [0, 40]])
    assert found is not None
    assert found.kappa is None
    assert found.scott is None
    assert found.observed.value == 1.0


@pytest.mark.parametrize(
    ("counts", "kappa"),
    [([[5, 0], [0, 5]], 1.0), ([[0, 0], [3, 7]], 0.0), ([[0, 3], [0, 7]], 0.0)],
)
def test_an_interval_of_zero_width_is_not_estimable(
    counts: list[list[int]], kappa: float
) -> None:
    found = agreement.cohen(counts)
    assert found is not None
    assert found.value == pytest.approx(kappa)
    assert found.interval is None


@given(st.integers(1, 10**6))
def test_perfect_agreement_has_no_interval_of_kappa_at_any_size(n: int) -> None:
    found = agreement.cohen([[n, 0], [0, 3 * n + 1]])
    assert found is not None
    assert found.interval is None
    assert agreement.brennan_prediger([[n, 0], [0, 3 * n + 1]]).interval is not None


def test_without_double_screening_there_is_no_agreement() -> None:
    assert agreement.measure_agreement([[0, 0], [0, 0]]) is None


def test_pairs_are_counted_by_row_and_column() -> None:
    pairs = [("include", "exclude"), ("exclude", "exclude"), ("exclude", "exclude")]
    assert agreement.count_pairs(pairs, ["include", "exclude"]) == [[0, 1], [0, 2]]
    with pytest.raises(ValueError, match="not a category"):
        agreement.count_pairs([("maybe", "include")], ["include", "exclude"])


tables = st.lists(
    st.lists(st.integers(0, 60), min_size=2, max_size=2), min_size=2, max_size=2
).filter(lambda t: sum(map(sum, t)) > 0)


@settings(deadline=None)
@given(tables)
def test_measures_stay_in_range_and_ignore_the_order_of_reviewers(
    counts: list[list[int]],
) -> None:
    found = agreement.measure_agreement(counts)
    turned = agreement.measure_agreement(
        [list(column) for column in zip(*counts, strict=True)]
    )
    assert found is not None
    assert turned is not None
    assert 0 <= found.observed.low <= found.observed.value <= found.observed.high <= 1
    assert found.pabak.value == pytest.approx(turned.pabak.value)
    assert found.ac1.value == pytest.approx(turned.ac1.value)
    assert (found.kappa is None) == (turned.kappa is None)
    if found.kappa and turned.kappa:
        assert -1 <= found.kappa.low <= found.kappa.value + 1e-12
        assert found.kappa.value == pytest.approx(turned.kappa.value)


@settings(deadline=None)
@given(tables)
def test_kappa_is_one_exactly_when_all_items_agree(counts: list[list[int]]) -> None:
    kappa = agreement.cohen(counts)
    if kappa is not None:
        assert (kappa.value > 1 - 1e-9) == (counts[0][1] + counts[1][0] == 0)


def test_the_order_of_reviewer_labels_is_that_of_no_other_list() -> None:
    """Formerly it was the order in which members joined, as in the table above it."""
    orders = set()
    for number in range(40):
        stage = Stage(code=f"stage{number}")
        order = agreement_queries._in_unrelated_order(stage, {11, 12, 13})
        assert order == agreement_queries._in_unrelated_order(stage, {13, 11, 12})
        orders.add(tuple(order))
    assert len(orders) == 6
