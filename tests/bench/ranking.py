"""Benchmarks of the ranking, beside ASReview 3.0.8 in the same run.

Names for ``./dev bench``: ranking (every labelled set of the sample files, seed 1, both
programs, each in a process of its own and one after the other) and ranking-large (a
ranking of 13 178 and 100 000 records with 2 000 and 10 000 votes).
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from tests.acceptance.real_files import SCREENING, needed

SEED = os.environ.get("BENCH_SEED", "1")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
SIZES = ((13_178, 2_000), (100_000, 10_000))


def main() -> None:
    """Print a table of both programs for each set, and the means."""
    files = sorted(needed(SCREENING).glob("*.csv.gz"))
    row = "{:24} {:>13} {:>7} {:>7} {:>7} {:>7} {:>8} {:>8} {:>6}"
    print(
        row.format(
            "set", "N/included", "loss", "ASR", "WSS@95", "ASR", "CPU s", "ASR", "times"
        )
    )
    totals: list[list[float]] = []
    for file in files:
        ours, theirs = both(file)
        totals.append([ours["loss"], theirs["loss"], ours["cpu_s"], theirs["cpu_s"]])
        print(
            row.format(
                file.name.removesuffix(".csv.gz"),
                f"{ours['n_records']}/{ours['n_included']}",
                *(f"{part:.4f}" for part in (ours["loss"], theirs["loss"])),
                *(f"{part:.3f}" for part in (ours["wss_95"], theirs["wss_95"])),
                *(f"{part:.1f}" for part in (ours["cpu_s"], theirs["cpu_s"])),
                f"{theirs['cpu_s'] / ours['cpu_s']:.1f}",
            ),
            flush=True,
        )
    means = np.mean(totals, axis=0)
    print(
        f"mean loss {means[0]:.4f}, ASReview {means[1]:.4f}; CPU of all sets: ASReview "
        f"takes {means[3] / means[2]:.1f} times as much (without imports)"
    )


def both(file: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the measures of both programs; ``cpu_s`` without the imports of either."""
    simulate = ["manage.py", "simulate_screening", str(file), "--json", "--seed", SEED]
    measure = ["-m", "tests.bench.measure_asreview", str(file), SEED]
    return run([sys.executable, *simulate]), run([sys.executable, *measure])


def run(command: list[str]) -> dict[str, Any]:
    """Return the JSON that a command prints in its last line."""
    done = subprocess.run(
        command,
        check=True,
        capture_output=True,
        env={**os.environ, **ONE_THREAD, "SECRET_KEY": "only-for-measuring"},
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


# ── One step at the size of a large review ───────────────────────────────────
def large() -> None:
    """Print CPU seconds and memory of a ranking at two sizes, each in its own process."""
    for size in SIZES:
        step = [sys.executable, "-m", "tests.bench.ranking", *map(str, size)]
        subprocess.run(step, check=True, env={**os.environ, **ONE_THREAD})


def step(size: int, n_votes: int) -> None:
    """Print the parts of one ranking, and ASReview's at the smaller size."""
    from screening.prioritisation.rules.corpus import build_corpus
    from screening.prioritisation.rules.ranking import (
        Votes,
        fit,
        order_by_score,
        text_of,
    )

    records = spliced(size)
    truth = np.arange(size) % 20 == 0
    rows = np.sort(np.random.default_rng(1).choice(size, n_votes, replace=False))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    began = time.process_time()
    corpus = build_corpus([text_of(*record) for record in records])
    built = time.process_time()
    model = fit(corpus, Votes(rows, truth[rows]))
    assert model is not None
    order_by_score(model.scores(corpus), np.arange(size))
    ended = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{size:,} records, {n_votes:,} votes: read once {built - began:.1f} CPU s, "
        f"{len(corpus.codes):,} terms; fit and rank {ended - built:.3f} CPU s; peak "
        f"memory {peak:.2f} GB ({before:.2f} GB before)",
        flush=True,
    )
    if size < 50_000:
        theirs = asreview_step(records, truth, rows)
        print(
            f"  ASReview 3.0.8, the same step: {theirs:.3f} CPU s, "
            f"{theirs / (ended - built):.1f} times as much; it takes it for each "
            "vote, the program for ten"
        )


def spliced(size: int) -> list[tuple[str, str]]:
    """Return titles and abstracts, each from halves of two real records."""
    import pandas as pd

    files = sorted(needed(SCREENING).glob("*.csv.gz"))
    tables = [pd.read_csv(file, usecols=["title", "abstract"]) for file in files]
    table = pd.concat(tables).fillna("").astype(str)
    titles = [title.split() for title in table["title"]]
    abstracts = [abstract.split() for abstract in table["abstract"]]
    draw = random.Random(1)

    def half(texts: list[list[str]]) -> list[str]:
        words = texts[draw.randrange(len(texts))]
        cut = len(words) // 2
        return words[:cut] if draw.random() < 0.5 else words[cut:]

    return [
        (
            " ".join(half(titles) + half(titles)),
            " ".join(half(abstracts) + half(abstracts)),
        )
        for _ in range(size)
    ]


def asreview_step(
    records: list[tuple[str, str]], truth: np.ndarray, rows: np.ndarray
) -> float:
    """Return the CPU seconds in which ASReview fits and ranks, its features at hand."""
    import pandas as pd
    from asreview import ActiveLearningCycle
    from asreview.models.models import get_ai_config

    cycle = ActiveLearningCycle.from_meta(get_ai_config("elas_u4")["value"])
    features = cycle.transform(pd.DataFrame(records, columns=["title", "abstract"]))
    pool = np.setdiff1d(np.arange(len(records)), rows)
    began = time.process_time()
    cycle.fit(features[rows], truth[rows].astype(int))
    cycle.rank(features[pool])
    return time.process_time() - began


if __name__ == "__main__":
    step(int(sys.argv[1]), int(sys.argv[2]))
