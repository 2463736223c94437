from __future__ import annotations

import json
from math import nan
from pathlib import Path

import numpy as np
import pytest

from screening.citations.deduplication import features, trees

MODEL = {
    "version": "test",
    "features": ["a", "b"],
    "same_from": 0.9,
    "ask_from": 0.1,
    "calibration": {"slope": 1.0, "intercept": 0.0},
    "base_points": 0.0,
    "trees": [
        {
            "feature": ["a", None, "b", None, None],
            "threshold": [1.0, None, 2.0, None, None],
            "yes": [1, None, 3, None, None],
            "no": [2, None, 4, None, None],
            "missing": ["no", None, "yes", None, None],
            "points": [None, -2.0, None, 1.0, 3.0],
        }
    ],
}


@pytest.mark.parametrize(
    ("row", "points"),
    [((1, 9), -2), ((1.5, 2), 1), ((1.5, 2.1), 3), ((nan, nan), 1), ((nan, 5), 3)],
)
def test_a_row_reaches_the_leaf_of_its_answers(
    row: tuple[float, float], points: float
) -> None:
    (score,) = trees.parse_trees(MODEL).scores([row])
    assert score == pytest.approx(1 / (1 + np.exp(-points)), abs=1e-6)


def test_a_tree_with_an_unknown_feature_is_refused() -> None:
    with pytest.raises(KeyError):
        trees.parse_trees(MODEL | {"features": ["a"]})


def test_the_model_file_names_the_compared_features() -> None:
    assert trees.shipped_trees().features == tuple(features.NAMES)


def test_a_row_has_the_same_score_alone_and_among_others() -> None:
    rows = np.random.default_rng(1).random((2500, len(features.NAMES))) * 100
    together = trees.shipped_trees().scores(rows)
    assert [trees.shipped_trees().scores(rows[[at]])[0] for at in (0, 999, 2499)] == [
        together[at] for at in (0, 999, 2499)
    ]


def test_more_agreement_never_lowers_a_score() -> None:
    model = trees.shipped_trees()
    rows = np.random.default_rng(2).random((300, len(features.NAMES))) * 100
    for column, way in enumerate(features.NAMES.values()):
        if way:
            better = rows.copy()
            better[:, column] += way * 20
            assert (model.scores(better) >= model.scores(rows)).all()


def test_the_model_file_is_readable_and_contains_no_titles() -> None:
    path = Path(trees.__file__).with_name("duplicates_model.json")
    model = json.loads(path.read_text(encoding="utf-8"))
    asked = {name for tree in model["trees"] for name in tree["feature"] if name}
    assert asked <= set(features.NAMES)
