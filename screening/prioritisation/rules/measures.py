"""Measures of a screening order, on a known truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np


@dataclass(frozen=True)
class Measures:
    """How good an order is. ``None``: it has no included or no excluded record.

    ``recall_at``: share of included records found in the first 10, 20 and 50 %.
    ``wss_95``: work saved over sampling at a recall of 95 % (Cohen et al. 2006,
    J Am Med Inform Assoc 13:206). ``to_95``, ``to_100``: records to read for 95 and
    100 % recall. ``loss``: 0 for a perfect order, 0.5 for a random one, as
    ``asreview.metrics.loss`` defines it.
    """

    n_records: int
    n_included: int
    recall_at: dict[int, float | None]
    wss_95: float | None
    to_95: int | None
    to_100: int | None
    loss: float | None


def measure(is_included: Sequence[bool]) -> Measures:
    """Return the measures of records in the order of screening."""
    order = np.asarray(is_included, dtype=bool)
    found = np.cumsum(order)
    n, included = len(order), int(order.sum())
    if not included:
        return Measures(n, 0, dict.fromkeys((10, 20, 50)), None, None, None, None)
    # The number of records after which this many included ones are found.
    to_95, to_100 = (
        int(np.searchsorted(found, wanted)) + 1
        for wanted in (ceil(0.95 * included), included)
    )
    return Measures(
        n_records=n,
        n_included=included,
        recall_at={
            share: float(found[max(0, ceil(n * share / 100) - 1)] / included)
            for share in (10, 20, 50)
        },
        wss_95=0.95 - to_95 / n,
        to_95=to_95,
        to_100=to_100,
        loss=None if included == n else _loss(found, included),
    )


def _loss(found: np.ndarray, included: int) -> float:
    n = len(found)
    best = included * (n - (included - 1) / 2)
    return float((best - found.sum()) / (included * (n - included)))
