"""Rank records by how much they resemble the included ones.

The model is a linear support vector machine on TF-IDF weights of words and pairs of
words, with the settings of ASReview's default model ("ELAS u4") except that a term
must be in two records (a quarter of the features, the same quality) and the title
counts twice (docs/methods/ranking.md). It is fitted from scratch each time, so the same
votes give the same order, and it gives an order, not a probability.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import LinearSVC

from screening.prioritisation.rules.corpus import Corpus, Numbers

MODEL = "svm-tfidf-1"
# Sum of the weights of the included records, in sums of those of the excluded ones.
BALANCE = 9.8
REGULARISATION = 0.11
# Coarser than the default: the same loss on the labelled sets for 60 % of the time.
TOLERANCE = 0.1
SEED = 42

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Model:
    """The fitted weights of the terms; positive ones speak for inclusion."""

    coefficients: Floats

    def scores(self, corpus: Corpus) -> Floats:
        """Return one score per record; only their order has a meaning."""
        found: Floats = np.asarray(corpus.weights @ self.coefficients, dtype=np.float32)
        return found


@dataclass(frozen=True)
class Term:
    """A word or pair of words of a record, and how far it moved the record."""

    text: str
    effect: float


@dataclass(frozen=True)
class Votes:
    """The votes to learn from: rows of the corpus and whether each was included."""

    rows: Numbers
    is_included: NDArray[np.bool_]

    @classmethod
    def of(cls, included: Mapping[int, bool]) -> Votes:
        """Return the votes of ``{row: is it included}``, in the order of the rows."""
        rows = np.array(sorted(included), dtype=np.intp)
        return cls(rows, np.array([included[row] for row in rows], dtype=bool))

    @cached_property
    def teach(self) -> bool:
        """Return True if there is an included and an excluded record."""
        return bool(self.is_included.any() and not self.is_included.all())


def text_of(title: str, abstract: str) -> str:
    """Return the text of a record that the model reads: the title counts twice."""
    return f"{title} {title} {abstract}".strip()


def fit(corpus: Corpus, votes: Votes) -> Model | None:
    """Return the model of these votes; None without an included and an excluded one."""
    if not votes.teach:
        return None
    target = votes.is_included
    n_in, n_out = int(target.sum()), int((~target).sum())
    weights = np.where(target, 1.0, n_in / (BALANCE * n_out))
    weights *= len(target) / weights.sum()
    machine = LinearSVC(
        loss="squared_hinge",
        C=REGULARISATION,
        dual=True,
        tol=TOLERANCE,
        random_state=SEED,
    )
    machine.fit(corpus.weights[votes.rows], target, sample_weight=weights)
    return Model(machine.coef_[0].astype(np.float32))


def order_by_score(scores: Floats | None, keys: NDArray[Any]) -> Numbers:
    """Return all rows, best score first, ties (and no scores) by the random ``keys``."""
    if scores is None:
        return np.argsort(keys, kind="stable")
    return np.lexsort((keys, -scores))


def explain(
    corpus: Corpus, model: Model, row: int, *, most: int = 8, against: int = 3
) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """Return the terms that moved a record up and down most, strongest first."""
    start, end = corpus.weights.indptr[row : row + 2]
    columns = corpus.weights.indices[start:end]
    effects = corpus.weights.data[start:end] * model.coefficients[columns]
    order = np.argsort(-effects, kind="stable")
    named = [Term(corpus.term(columns[n]), float(effects[n])) for n in order]
    up = tuple(term for term in named[:most] if term.effect > 0)
    down = tuple(term for term in named[::-1][:against] if term.effect < 0)
    return up, down
