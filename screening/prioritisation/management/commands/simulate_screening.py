"""`manage.py simulate_screening IN.csv [--json]`: replay a labelled set."""

from __future__ import annotations

import csv
import gzip
import json
import resource
import sys
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

COLUMNS = ("record_id", "title", "abstract", "label_included")
INCLUDED = {"1", "true", "yes", "include", "included"}
EXCLUDED = {"0", "false", "no", "exclude", "excluded"}


class Command(BaseCommand):
    help = (
        "Replays the screening of a labelled set as the program would rank it, and "
        "prints how soon the included records are found. Reads a CSV (also .csv.gz) "
        f"with the columns {', '.join(COLUMNS)}. Needs no database."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--seed", type=int, default=1, help="draws what is known")
        parser.add_argument(
            "--batch",
            type=_positive,
            default=10,
            help="votes between two fits of the model",
        )
        parser.add_argument(
            "--prior",
            type=_prior,
            default=(1, 1),
            metavar="IN,OUT",
            help="included and excluded records known at the start, for example 1,1",
        )
        parser.add_argument(
            "--label", default="label_included", help="the column with the truth"
        )
        parser.add_argument(
            "--target", type=_share, default=0.95, help="recall of the stopping rule"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        texts, truth = read(options["file"], options["label"])
        try:
            found = simulate(
                texts,
                truth,
                seed=options["seed"],
                batch=options["batch"],
                prior=options["prior"],
                target=options["target"],
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for name, value in found.items():
            self.stdout.write(f"{name}: {_shown(value)}")


def simulate(
    texts: list[str],
    truth: list[bool],
    *,
    seed: int,
    batch: int,
    prior: tuple[int, int],
    target: float,
) -> dict[str, Any]:
    """Return the measures of a replay as JSON values; ``cpu_s`` without the imports."""
    # They take over a second, and `--help` does not need them.
    from screening.prioritisation.rules import stopping
    from screening.prioritisation.rules.corpus import build_corpus
    from screening.prioritisation.rules.measures import measure
    from screening.prioritisation.rules.ranking import MODEL
    from screening.prioritisation.rules.simulation import Prior, draw_known, replay

    began = _cpu_seconds()
    known = draw_known(truth, Prior(*prior), seed)
    corpus = build_corpus(texts)
    vectorised = _cpu_seconds()
    done = replay(corpus, truth, known=known, seed=seed, batch=batch)
    ended = _cpu_seconds()
    order = [truth[row] for row in done.screened]
    measures = asdict(measure(order))
    recall_at = measures.pop("recall_at")
    return {
        "model": MODEL,
        "seed": seed,
        "batch": batch,
        "prior": list(prior),
        **measures,
        **{f"recall_at_{share}": recall for share, recall in recall_at.items()},
        "stopping": _stopping(
            stopping.first_stop(order, len(order), target=target), order, target
        ),
        "fits": done.fits,
        "cpu_s": round(ended - began, 3),
        "cpu_s_vectorise": round(vectorised - began, 3),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _stopping(after: int | None, order: list[bool], target: float) -> dict[str, Any]:
    """Return where the stopping rule would have stopped, and what it would have cost."""
    included = sum(order)
    read_ = len(order) if after is None else after
    return {
        "target": target,
        "after": after,
        "recall": sum(order[:read_]) / included if included else None,
        "work_saved": 1 - read_ / len(order) if order else None,
    }


def read(file: Path, label: str) -> tuple[list[str], list[bool]]:
    """Return the texts and the truth of a labelled set.

    Raises ``CommandError`` with the row if a label is neither 1 nor 0.
    """
    from screening.prioritisation.rules.ranking import text_of

    csv.field_size_limit(sys.maxsize)
    texts, truth = [], []
    try:
        with _open(file) as stream:
            rows = csv.DictReader(stream)
            wanted = ("title", "abstract", label)
            missing = [name for name in wanted if name not in (rows.fieldnames or ())]
            if missing:
                raise CommandError(f"{file}: no column {', '.join(missing)}.")
            for number, row in enumerate(rows, 2):
                value = (row[label] or "").strip().lower()
                if value not in INCLUDED | EXCLUDED:
                    raise CommandError(
                        f"{file}, row {number}: {label} is {value!r}, not 1 or 0."
                    )
                texts.append(text_of(row["title"] or "", row["abstract"] or ""))
                truth.append(value in INCLUDED)
    except (OSError, UnicodeDecodeError, csv.Error, EOFError) as error:
        raise CommandError(f"{file} can't be read: {error}") from error
    if not texts:
        raise CommandError(f"{file} has no records.")
    return texts, truth


def _open(file: Path) -> TextIO:
    if file.suffix == ".gz":
        return gzip.open(file, "rt", encoding="utf-8-sig", newline="")
    return file.open(encoding="utf-8-sig", newline="")


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"{text!r} is not a number of at least 1")
    return int(text)


def _prior(text: str) -> tuple[int, int]:
    parts = text.split(",")
    if len(parts) != 2 or not all(part.strip().isdecimal() for part in parts):
        raise ArgumentTypeError(f"{text!r} is not two numbers such as 1,1")
    return int(parts[0]), int(parts[1])


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = 0
    if not 0 < share <= 1:
        raise ArgumentTypeError(f"{text!r} is not above 0 and at most 1")
    return share


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(part)}" for key, part in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)
