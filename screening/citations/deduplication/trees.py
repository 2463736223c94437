"""Boosted trees from a readable file, evaluated with arrays.

The file is written by tests/training/train_duplicates.py. A tree is a table of
questions that starts at row 0: "feature <= threshold" leads to the row ``yes``, else to
``no``. A missing number goes where ``missing`` says. A row without a feature has
points. The points of all trees are added, scaled by the calibration, and turned into a
probability by the logistic function.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float64]
Plan = tuple[list[tuple[int, float, bool, np.uint16]], npt.NDArray[np.int64]]
SLICE = 4096
"""Pairs evaluated at once: what is in use stays in the processor's cache."""
FEW = 100
"""Fewer pairs than this are led through the trees, more are asked all questions."""
MOST_LEAVES = 15
_FIRST_OPEN = np.array(
    [((~n & (n + 1)).bit_length() - 1) for n in range(1 << 16)], dtype=np.uint8
)
"""For each set of leaves that are ruled out (bits): the first that is not."""
MILLIONTHS = 1_000_000
"""Points are whole millionths, so that a sum is the same in any order."""


@dataclass(frozen=True, slots=True)
class Trees:
    """All trees in one table. A leaf leads to itself.

    From ``same_from`` two references are the same, from ``ask_from`` a person is asked.
    """

    version: str
    features: tuple[str, ...]
    same_from: float
    ask_from: float
    slope: float
    intercept: float
    base: int
    starts: npt.NDArray[np.int32]
    depth: int
    feature: npt.NDArray[np.int32]
    threshold: Rows
    yes: npt.NDArray[np.int32]
    no: npt.NDArray[np.int32]
    missing_yes: npt.NDArray[np.bool_]
    points: npt.NDArray[np.int64]
    plan: tuple[Plan, ...]

    def scores(self, rows: Sequence[Sequence[float]] | Rows) -> Rows:
        """Return the probability from 0 to 1 that each row's two references are one."""
        table = np.asarray(rows, dtype=np.float64)
        if not len(table):
            return np.zeros(0)
        parts = [
            self.points_of(table[start : start + SLICE])
            for start in range(0, len(table), SLICE)
        ]
        margin = np.concatenate(parts) / MILLIONTHS
        odds = np.clip(self.slope * margin + self.intercept, -30, 30)
        return np.asarray(np.round(1 / (1 + np.exp(-odds)), 6))

    def points_of(self, rows: Rows) -> npt.NDArray[np.int64]:
        """Return the sum of the points of all trees for each row, in millionths."""
        if len(rows) < FEW:
            return self._walked(rows)
        return self._masked(np.asfortranarray(rows))

    def _walked(self, rows: Rows) -> npt.NDArray[np.int64]:
        """Follow every tree from row to row. This is fast for few pairs."""
        at = np.broadcast_to(self.starts, (len(rows), len(self.starts)))
        across = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            value = rows[across, self.feature[at]]
            is_yes = value <= self.threshold[at]
            is_yes |= np.isnan(value) & self.missing_yes[at]
            at = np.where(is_yes, self.yes[at], self.no[at])
        total: npt.NDArray[np.int64] = self.points[at].sum(axis=1)
        return total + self.base

    def _masked(self, rows: Rows) -> npt.NDArray[np.int64]:
        """Ask each question for all pairs. This is fast for many pairs.

        A "no" rules out the leaves below "yes". The result is the first leaf that no
        answer rules out (QuickScorer, Lucchese et al. 2015, doi
        10.1145/2766462.2767733).
        """
        total = np.full(len(rows), self.base, dtype=np.int64)
        ruled_out = np.empty(len(rows), dtype=np.uint16)
        for questions, leaves in self.plan:
            ruled_out[:] = 0
            for column, threshold, missing_yes, below_yes in questions:
                value = rows[:, column]
                is_no = value > threshold if missing_yes else ~(value <= threshold)
                ruled_out |= is_no * below_yes
            total += leaves[_FIRST_OPEN[ruled_out]]
        return total


def _plan(tree: dict[str, list[Any]], places: dict[str, int]) -> Plan:
    """Return the questions of one tree with the leaves below "yes".

    Leaves are counted from the left.

    Raises:
        ValueError: the tree has more leaves than bits.
    """
    questions: list[tuple[int, float, bool, np.uint16]] = []
    leaves: list[int] = []

    def visit(row: int) -> int:
        name = tree["feature"][row]
        if name is None:
            leaves.append(round(tree["points"][row] * MILLIONTHS))
            return 1 << (len(leaves) - 1)
        below_yes = visit(tree["yes"][row])
        below_no = visit(tree["no"][row])
        is_yes = tree["missing"][row] == "yes"
        ruled = np.uint16(below_yes)
        questions.append((places[name], tree["threshold"][row], is_yes, ruled))
        return below_yes | below_no

    visit(0)
    if len(leaves) > MOST_LEAVES:
        raise ValueError(
            f"A tree has {len(leaves)} leaves; {MOST_LEAVES} are possible."
        )
    return questions, np.array(leaves + [0] * (17 - len(leaves)), dtype=np.int64)


def parse_trees(model: dict[str, Any]) -> Trees:
    """Return the trees of a model file.

    Raises:
        KeyError: a part is missing, or a tree uses a feature that is not listed.
    """
    places = {name: place for place, name in enumerate(model["features"])}
    columns: dict[str, list[Any]] = {
        name: [] for name in ("feature", "threshold", "yes", "no", "missing", "points")
    }
    starts = []
    for tree in model["trees"]:
        starts.append(len(columns["yes"]))
        _append(columns, tree, places)
    return Trees(
        version=model["version"],
        features=tuple(places),
        same_from=model["same_from"],
        ask_from=model["ask_from"],
        slope=model["calibration"]["slope"],
        intercept=model["calibration"]["intercept"],
        base=round(model["base_points"] * MILLIONTHS),
        starts=np.array(starts, dtype=np.int32),
        depth=max(map(_depth, model["trees"]), default=0),
        feature=np.array(columns["feature"], dtype=np.int32),
        threshold=np.array(columns["threshold"], dtype=np.float64),
        yes=np.array(columns["yes"], dtype=np.int32),
        no=np.array(columns["no"], dtype=np.int32),
        missing_yes=np.array(columns["missing"], dtype=np.bool_),
        points=np.array(columns["points"], dtype=np.int64),
        plan=tuple(_plan(tree, places) for tree in model["trees"]),
    )


def _append(
    columns: dict[str, list[Any]], tree: dict[str, list[Any]], places: dict[str, int]
) -> None:
    start = len(columns["yes"])
    for row, name in enumerate(tree["feature"]):
        is_leaf = name is None
        columns["feature"].append(0 if is_leaf else places[name])
        columns["threshold"].append(0.0 if is_leaf else tree["threshold"][row])
        columns["yes"].append(start + (row if is_leaf else tree["yes"][row]))
        columns["no"].append(start + (row if is_leaf else tree["no"][row]))
        columns["missing"].append(not is_leaf and tree["missing"][row] == "yes")
        points = round(tree["points"][row] * MILLIONTHS) if is_leaf else 0
        columns["points"].append(points)


def _depth(tree: dict[str, list[Any]], row: int = 0) -> int:
    if tree["feature"][row] is None:
        return 0
    return 1 + max(_depth(tree, tree["yes"][row]), _depth(tree, tree["no"][row]))


@cache
def shipped_trees() -> Trees:
    """Return the model of the program."""
    text = resources.files(__package__).joinpath("duplicates_model.json").read_text()
    return parse_trees(json.loads(text))
