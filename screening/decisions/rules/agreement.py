"""Agreement of two reviewers: observed and chance-corrected measures.

Formulas: Cohen 1960; its standard error Fleiss, Cohen & Everitt 1969; Scott 1955;
Brennan & Prediger 1981 (PABAK with two categories); Gwet's AC1 and its variance,
2008; the interval of the observed agreement Wilson 1927. Test vectors: tests/screening/
decisions/test_agreement.py (irrCAC's vignette and two 2×2 tables computed by hand).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt

PairCounts = Sequence[Sequence[int]]

Z95 = 1.959963984540054
# A smaller standard error is a rounding error of zero.
NO_ERROR = 1e-6


@dataclass(frozen=True, slots=True)
class Estimate:
    """A coefficient with its standard error and 95 % interval."""

    value: float
    se: float
    low: float
    high: float

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the 95 % interval, or None if it cannot be estimated.

        Without any variation in the table (all agree, or one reviewer used a single
        category) the standard error is zero, which says nothing about the precision.
        """
        if self.high - self.low < NO_ERROR:
            return None
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two reviewers on the ``n`` items that both have screened.

    ``kappa`` is None if it cannot be estimated (both used only one category).
    """

    n: int
    observed: Estimate
    kappa: Estimate | None
    scott: float | None
    pabak: Estimate
    ac1: Estimate


def count_pairs(
    pairs: Sequence[tuple[Hashable, Hashable]], order: Sequence[Hashable]
) -> list[list[int]]:
    """Return the counts of pairs: rows are the first reviewer's, columns the second's.

    Raises ValueError if a vote is not in ``order``.
    """
    place = {category: i for i, category in enumerate(order)}
    counts = [[0] * len(order) for _ in order]
    for first, second in pairs:
        if first not in place or second not in place:
            raise ValueError(f"{first!r} or {second!r} is not a category of {order!r}")
        counts[place[first]][place[second]] += 1
    return counts


def wilson(successes: int, n: int, z: float = Z95) -> Estimate:
    """Return a proportion with Wilson's score interval. Raises ValueError if n is 0."""
    if n <= 0:
        raise ValueError("a proportion needs at least one item")
    p = successes / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # Rounding can push a bound near 0 or 1 past the proportion itself.
    low, high = min(p, max(0.0, middle - half)), max(p, min(1.0, middle + half))
    return Estimate(p, sqrt(p * (1 - p) / n), low, high)


def cohen(counts: PairCounts) -> Estimate | None:
    """Return Cohen's kappa with the standard error of Fleiss, Cohen & Everitt.

    None if chance agreement is 1 (both reviewers used the same single category).
    """
    n, p, rows, columns = _proportions(counts)
    q = range(len(counts))
    po = sum(p[k][k] for k in q)
    pe = sum(rows[k] * columns[k] for k in q)
    if 1 - pe < 1e-12:
        return None
    kappa = (po - pe) / (1 - pe)
    a = sum(p[k][k] * (1 - (rows[k] + columns[k]) * (1 - kappa)) ** 2 for k in q)
    b = (1 - kappa) ** 2 * sum(
        p[k][m] * (columns[k] + rows[m]) ** 2 for k in q for m in q if k != m
    )
    c = (kappa - pe * (1 - kappa)) ** 2
    return _estimate(kappa, sqrt(max(0.0, (a + b - c) / n)) / (1 - pe))


def _estimate(value: float, se: float) -> Estimate:
    """Return a coefficient with its normal interval within -1 and 1."""
    half = Z95 * se if se >= NO_ERROR else 0.0
    return Estimate(value, se, max(-1.0, value - half), min(1.0, value + half))


def scott(counts: PairCounts) -> float | None:
    """Return Scott's pi (Fleiss' kappa of two), or None if chance agreement is 1."""
    _, p, rows, columns = _proportions(counts)
    q = range(len(counts))
    pe = sum(((rows[k] + columns[k]) / 2) ** 2 for k in q)
    if 1 - pe < 1e-12:
        return None
    return (sum(p[k][k] for k in q) - pe) / (1 - pe)


def brennan_prediger(counts: PairCounts) -> Estimate:
    """Return Brennan and Prediger's coefficient.

    With two categories it is PABAK, 2·Po − 1. It only rescales the observed agreement,
    so its interval is Wilson's, rescaled.
    """
    n = sum(map(sum, counts))
    q = len(counts)
    po = wilson(sum(counts[k][k] for k in range(q)), n)

    def rescaled(value: float) -> float:
        return (value - 1 / q) / (1 - 1 / q)

    return Estimate(
        rescaled(po.value), po.se / (1 - 1 / q), rescaled(po.low), rescaled(po.high)
    )


def ac1(counts: PairCounts) -> Estimate:
    """Return Gwet's AC1, which stays meaningful if nearly everything is excluded."""
    n, p, rows, columns = _proportions(counts)
    q = len(counts)
    po = sum(p[k][k] for k in range(q))
    shares = [(rows[k] + columns[k]) / 2 for k in range(q)]
    pe = sum(share * (1 - share) for share in shares) / (q - 1)
    value = (po - pe) / (1 - pe)
    a = sum(p[k][k] * (1 - shares[k]) for k in range(q)) / (q - 1) - po * pe
    b = sum(
        p[k][m] * (1 - (shares[k] + shares[m]) / 2) ** 2
        for k in range(q)
        for m in range(q)
    )
    b = b / (q - 1) ** 2 - pe * pe
    spread = po * (1 - po) - 4 * (1 - value) * a + 4 * (1 - value) ** 2 * b
    return _estimate(value, sqrt(max(0.0, spread / n)) / (1 - pe))


def measure_agreement(counts: PairCounts) -> Agreement | None:
    """Return all measures of a table of two or more categories; None if it is empty."""
    n = sum(map(sum, counts))
    if n == 0:
        return None
    return Agreement(
        n=n,
        observed=wilson(sum(counts[k][k] for k in range(len(counts))), n),
        kappa=cohen(counts),
        scott=scott(counts),
        pabak=brennan_prediger(counts),
        ac1=ac1(counts),
    )


def _proportions(
    counts: PairCounts,
) -> tuple[int, list[list[float]], list[float], list[float]]:
    n = sum(map(sum, counts))
    if n == 0 or len(counts) < 2:
        raise ValueError("agreement needs two categories and at least one item")
    p = [[cell / n for cell in row] for row in counts]
    rows = [sum(row) for row in p]
    columns = [sum(row[k] for row in p) for k in range(len(counts))]
    return n, p, rows, columns
