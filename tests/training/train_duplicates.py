"""Training of the deduplication trees, with a leave-one-set-out report.

    python -m tests.training.train_duplicates [--data FOLDER] [--to FILE]

It reads the labelled sets, fits boosted trees (scikit-learn, requirements/bench.txt)
and writes screening/citations/deduplication/duplicates_model.json, or the file of
``--to``. Every set is judged by trees that never saw it; thresholds and sizes were
chosen by that table alone. The same data give the same file on one machine, byte for
byte.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # sums in one order: the same file again

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from screening.citations.deduplication import features, trees
from tests.acceptance.real_files import DUPLICATES, needed
from tests.training.evaluation import LINE, report
from tests.training.labelled import NAMES, LabelledSet, read_set

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "screening/citations/deduplication/duplicates_model.json"
VERSION = "2026-12"
SAME_FROM, ASK_FROM = 0.7, 0.12
TREES, LEAVES, RATE, LEAST_IN_LEAF = 120, 15, 0.12, 20
# Fields that other exports lack. Each is removed from a share of the pairs of a copy.
LACKING = {
    ("doi", "doi_ratio"): 0.5,
    ("pmid",): 0.5,
    ("abstract",): 0.4,
    ("pages", "first_page_gap", "first_page", "page_count"): 0.25,
    ("volume", "volume_gap"): 0.2,
    ("issue",): 0.4,
    ("journal", "journal_ratio"): 0.12,
    ("serial_number",): 0.4,
    ("first_author", "authors_shared", "authors_count_ratio", "last_author"): 0.08,
}
FEATURES = list(features.NAMES)


def table(sets: list[LabelledSet]) -> tuple[Any, Any, Any]:
    """Return rows, labels and weights: unchanged, and again with fields removed.

    The weight of a set is the square root of its number of records, so that no set
    dominates.
    """
    rows = np.vstack([s.rows for s in sets])
    labels = np.concatenate([s.labels for s in sets])
    weights = np.concatenate(
        [np.full(len(s.labels), len(s.records) ** 0.5 / len(s.labels)) for s in sets]
    )
    weights *= len(weights) / weights.sum()
    poorer = rows.copy()
    random = np.random.default_rng(0)
    for columns, share in LACKING.items():
        hit = random.random(len(poorer)) < share
        for name in columns:
            poorer[hit, FEATURES.index(name)] = np.nan
    return (
        np.vstack((rows, poorer)),
        np.concatenate((labels, labels)),
        np.concatenate((weights, weights)),
    )


def fit(sets: list[LabelledSet]) -> dict[str, Any]:
    """Return the content of a model file that is not calibrated yet."""
    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=LEAVES, learning_rate=RATE,
        min_samples_leaf=LEAST_IN_LEAF, l2_regularization=1.0, early_stopping=False,
        monotonic_cst=list(features.NAMES.values()), random_state=0,
    )  # fmt: skip
    model.fit(*table(sets))
    return {
        "version": VERSION,
        "features": FEATURES,
        "same_from": SAME_FROM,
        "ask_from": ASK_FROM,
        "calibration": {"slope": 1.0, "intercept": 0.0},
        "base_points": round(float(model._baseline_prediction[0, 0]), 6),
        "trees": [_tree(stage[0].nodes) for stage in model._predictors],
    }


def _tree(nodes: Any) -> dict[str, list[Any]]:
    """Return one tree as columns. A row without a feature is a leaf."""
    columns: dict[str, list[Any]] = {
        name: [] for name in ("feature", "threshold", "yes", "no", "missing", "points")
    }
    for node in nodes:
        leaf = bool(node["is_leaf"])
        columns["feature"].append(None if leaf else FEATURES[node["feature_idx"]])
        columns["threshold"].append(
            None if leaf else round(float(node["num_threshold"]), 6)
        )
        columns["yes"].append(None if leaf else int(node["left"]))
        columns["no"].append(None if leaf else int(node["right"]))
        way = "yes" if node["missing_go_to_left"] else "no"
        columns["missing"].append(None if leaf else way)
        columns["points"].append(round(float(node["value"]), 6) if leaf else None)
    return columns


def margins(model: dict[str, Any], rows: Any) -> Any:
    """Return the sums of the points of all trees."""
    parsed = trees.parse_trees(model)
    return parsed.points_of(np.asarray(rows)) / trees.MILLIONTHS


def calibrate(models: dict[str, dict[str, Any]], sets: list[LabelledSet]) -> Any:
    """Return slope and intercept from the sums of models that had not seen the set."""
    sums = np.concatenate([margins(models[s.name], s.rows[s.is_open]) for s in sets])
    labels = np.concatenate([s.labels[s.is_open] for s in sets])
    weights = np.concatenate(
        [
            np.full(s.is_open.sum(), len(s.records) ** 0.5 / s.is_open.sum())
            for s in sets
        ]
    )
    found = LogisticRegression(C=1e6).fit(sums[:, None], labels, weights)
    return {
        "slope": round(float(found.coef_[0, 0]), 4),
        "intercept": round(float(found.intercept_[0]), 4),
    }


def written(model: dict[str, Any]) -> str:
    """Return the model as JSON with one tree per line."""
    head = {name: part for name, part in model.items() if name != "trees"}
    lines = ",\n".join(json.dumps(tree) for tree in model["trees"])
    return f'{json.dumps(head, indent=1)[:-2]},\n "trees": [\n{lines}\n]}}\n'


def main(arguments: list[str]) -> None:
    """Train, report, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DUPLICATES)
    parser.add_argument("--to", type=Path, default=MODEL)
    options = parser.parse_args(arguments)
    needed(options.data)
    sets = [read_set(options.data, name) for name in NAMES]
    unseen = {s.name: fit([t for t in sets if t is not s]) for s in sets}
    calibration = calibrate(unseen, sets)
    print(f"calibration {calibration}\n\nleave-one-set-out\n{LINE}")
    for model in unseen.values():
        model["calibration"] = calibration
    report(sets, unseen)
    final = fit(sets) | {"calibration": calibration}
    print(f"\nfinal trees, on the sets they were trained on\n{LINE}")
    report(sets, dict.fromkeys(NAMES, final))
    options.to.write_text(written(final), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
