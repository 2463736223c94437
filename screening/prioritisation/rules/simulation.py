"""Replay of a screening with a known truth, as one reviewer would do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from screening.prioritisation.rules.corpus import Corpus, Numbers
from screening.prioritisation.rules.ranking import Votes, fit, order_by_score

# The model is fitted anew after so many votes, here and in the program; more often at
# the beginning, when each vote changes much and a fit takes milliseconds.
BATCH = 10
EARLY = ((10, 1), (50, 5))


def votes_until_fit(n_votes: int, batch: int = BATCH) -> int:
    """Return after how many more votes the model is fitted anew."""
    return next((min(step, batch) for below, step in EARLY if n_votes < below), batch)


@dataclass(frozen=True)
class Prior:
    """How a screening starts: this many included and excluded records are known."""

    included: int = 1
    excluded: int = 1


@dataclass(frozen=True)
class Replay:
    """The rows of the corpus in the order of screening, and how often it was fitted.

    ``known``: the rows that were known at the start. ``screened``: all others.
    """

    known: Numbers
    screened: Numbers
    fits: int


def draw_known(truth: Sequence[bool], prior: Prior, seed: int) -> Numbers:
    """Return the rows that are known at the start, drawn with the seed.

    Raises ``ValueError`` if the set has fewer.
    """
    generator = np.random.default_rng(seed)
    labels = np.asarray(truth, dtype=bool)
    rows = []
    for wanted, pool in (
        (prior.included, np.flatnonzero(labels)),
        (prior.excluded, np.flatnonzero(~labels)),
    ):
        if wanted > len(pool):
            raise ValueError(f"{wanted} known records are wanted; {len(pool)} exist.")
        rows.append(generator.choice(pool, wanted, replace=False))
    return np.concatenate(rows).astype(np.intp)


def replay(
    corpus: Corpus,
    truth: Sequence[bool],
    *,
    known: Numbers,
    seed: int,
    batch: int = BATCH,
) -> Replay:
    """Return the order in which the program would show the records.

    The best records are screened until the model is fitted anew. After the last included record the rest follow in the last order, because no measure depends
    on their order.
    """
    labels = np.asarray(truth, dtype=bool)
    keys = np.random.default_rng(seed).permutation(corpus.size)
    is_screened = np.zeros(corpus.size, dtype=bool)
    is_screened[known] = True
    screened: list[Numbers] = []
    left = int(labels.sum() - labels[known].sum())
    fits = 0
    while not is_screened.all():
        rows = np.flatnonzero(is_screened)
        model = fit(corpus, Votes(rows, labels[rows]))
        fits += model is not None
        order = order_by_score(model.scores(corpus) if model else None, keys)
        order = order[~is_screened[order]]
        n_votes = int(is_screened.sum()) - len(known)
        now = order[: votes_until_fit(n_votes, batch)] if left else order
        left -= int(labels[now].sum())
        is_screened[now] = True
        screened.append(now)
    return Replay(known, np.concatenate(screened or [known[:0]]), fits)
