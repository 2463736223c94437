"""Evidence for stopping: the hypergeometric test, and bounds from random samples.

Source of the test: Callaghan and Müller-Hansen, Statistical stopping criteria for
automated screening in systematic reviews. Systematic Reviews 2020, 9:273. Source of
the exact bounds: Clopper and Pearson, Biometrika 1934, 26:404.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Literal

import numpy as np
from scipy.stats import beta, hypergeom

TARGET = 0.95
CONFIDENCE = 0.95
# With fewer included records no rule reaches 95 % before nearly all are screened.
FEWEST_INCLUDED = 20

Conclusion = Literal["too_few", "go_on", "reached", "complete"]


@dataclass(frozen=True)
class Evidence:
    """What the screened records say about the recall of a target.

    ``p``: chance of seeing so few included records at the end if the recall were below
    ``target``; a small one is evidence that the target is reached.
    """

    n_records: int
    n_screened: int
    n_included: int
    target: float
    confidence: float
    p: float
    in_a_row: int
    conclusion: Conclusion


def p_below_target(is_included: Sequence[bool], n_records: int, target: float) -> float:
    """Return the p-value of "the recall is below ``target``".

    ``is_included``: the screened records in the order of screening. ``n_records``: all
    records of the ranking. Each end of the sequence is treated as a random sample of
    what was unscreened at its start; the p-value is the smallest over all of them. An
    end that starts with an excluded record has a larger p-value than the one that
    starts right after the included record before it, so only those are computed.
    Returns 1.0 if nothing was screened or included.
    """
    n_screened = len(is_included)
    if n_records < n_screened:
        raise ValueError("More records were screened than there are.")
    if not 0 < target <= 1:
        raise ValueError("A target is above 0 and at most 1.")
    found = np.flatnonzero(np.asarray(is_included, dtype=bool))
    n_included = len(found)
    if not n_included:
        return 1.0
    # Ends start at the first record and after each included one; none may be empty.
    starts = np.concatenate(([0], found + 1))
    before = np.arange(n_included + 1)
    starts, before = starts[starts < n_screened], before[starts < n_screened]
    # The fewest included records there would be in all if the target were missed.
    missed = floor(n_included / target + 1)
    p = hypergeom.cdf(
        n_included - before, n_records - starts, missed - before, n_screened - starts
    )
    # More included records than are left: that is impossible, so the target is reached.
    p = np.where(missed - before > n_records - starts, 0.0, p)
    return float(p.min())


def judge(
    is_included: Sequence[bool],
    n_records: int,
    *,
    target: float = TARGET,
    confidence: float = CONFIDENCE,
) -> Evidence:
    """Return the evidence for stopping after these records."""
    p = p_below_target(is_included, n_records, target)
    included = sum(is_included)
    conclusion: Conclusion
    if len(is_included) == n_records:
        conclusion = "complete"
    elif included < FEWEST_INCLUDED:
        conclusion = "too_few"
    else:
        conclusion = "reached" if p < 1 - confidence else "go_on"
    return Evidence(
        n_records=n_records,
        n_screened=len(is_included),
        n_included=included,
        target=target,
        confidence=confidence,
        p=p,
        in_a_row=trailing_exclusions(is_included),
        conclusion=conclusion,
    )


def trailing_exclusions(is_included: Sequence[bool]) -> int:
    """Return the number of excluded records since the last included one."""
    count = 0
    for included in reversed(is_included):
        if included:
            break
        count += 1
    return count


def first_stop(
    is_included: Sequence[bool],
    n_records: int,
    *,
    target: float = TARGET,
    confidence: float = CONFIDENCE,
    step: int = 1,
) -> int | None:
    """Return after how many records the test first says "reached"; None if it never does.

    ``step``: the test is made after every ``step`` records, as in a review.
    """
    included = np.cumsum(np.asarray(is_included, dtype=bool))
    for n in range(step, len(is_included) + 1, step):
        if included[n - 1] < FEWEST_INCLUDED or is_included[n - 1]:
            continue
        if p_below_target(is_included[:n], n_records, target) < 1 - confidence:
            return n
    return None


def recall_bound(
    n_found: int, n_relevant: int, confidence: float = CONFIDENCE
) -> float:
    """Return the exact one-sided lower bound of the recall from a random sample.

    ``n_relevant``: relevant records in the sample; ``n_found``: those that the ranked
    screening found too (Clopper and Pearson).
    """
    _check_share(n_found, n_relevant)
    if n_found == 0:
        return 0.0
    return float(beta.ppf(1 - confidence, n_found, n_relevant - n_found + 1))


def error_bound(n_wrong: int, n_checked: int, confidence: float = CONFIDENCE) -> float:
    """Return the exact one-sided upper bound of a share of errors (Clopper and Pearson)."""
    _check_share(n_wrong, n_checked)
    if n_wrong == n_checked:
        return 1.0
    return float(beta.ppf(confidence, n_wrong + 1, n_checked - n_wrong))


def _check_share(part: int, whole: int) -> None:
    if not 0 <= part <= whole:
        raise ValueError("A part is at least 0 and at most the whole.")
