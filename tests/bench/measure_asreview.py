"""Replay a labelled set with ASReview's default model; prints JSON.

python -m tests.bench.measure_asreview FILE.csv.gz SEED: the known records are those of
``manage.py simulate_screening --seed SEED``.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from asreview import ActiveLearningCycle
from asreview.metrics import loss
from asreview.models.models import get_ai_config
from asreview.simulation.simulate import Simulate

from screening.prioritisation.rules.measures import measure
from screening.prioritisation.rules.simulation import Prior, draw_known


def main(file: Path, seed: int) -> None:
    began = cpu_seconds()
    table = pd.read_csv(file).fillna({"title": "", "abstract": ""})
    truth = [bool(label) for label in table["label_included"]]
    known = draw_known(truth, Prior(1, 1), seed)
    cycle = ActiveLearningCycle.from_meta(get_ai_config("elas_u4")["value"])
    replay = Simulate(
        table[["title", "abstract"]],
        table["label_included"],
        [cycle],
        print_progress=False,
    )
    replay.label(known)
    replay.review()
    shown = [int(row) for row in replay._results["record_id"]][len(known) :]
    # It stops after the last included record; the others follow.
    rest = sorted(set(range(len(truth))) - {*shown, *map(int, known)})
    order = [truth[row] for row in [*shown, *rest]]
    found = asdict(measure(order)) | {
        "asreview_loss": loss([int(label) for label in order]),
        "cpu_s": cpu_seconds() - began,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(found))


def cpu_seconds() -> float:
    """Return the CPU seconds of this process until now, imports included."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
