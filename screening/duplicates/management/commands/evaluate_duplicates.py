"""``evaluate_duplicates GOLD.csv``: the matcher's errors on a labelled table."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import os
import resource
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.citations.deduplication.clustering import UndecidedPair, find_duplicates
from screening.citations.deduplication.quality import (
    ErrorCounts,
    clusters_after_answers,
    pair_level,
    predicted_clusters,
    record_level,
)
from screening.citations.deduplication.reference import Reference
from screening.duplicates.management.commands.find_duplicates import read_references

PUBLISHED = (
    "Published, record level, on other sets: BibDedupe 0.11 sens 0.994 spec 1.000",
    "(Wagner 2024); ASySD 0.95-0.99 / > 0.99 (Hair 2023); SRA Deduplicator recall 0.976",
    "(Forbes 2024); Ovid 0.957/1.000, Covidence 0.942/0.998, Rayyan 0.976/0.951, EndNote",
    "X9 0.744/0.803, Zotero 0.711/0.981 (McKeown & Mir 2021); Deduklick 0.995 (its vendor).",
)
_HEAD = (
    f"{'':<26}{'TP':>9}{'FP':>6}{'FN':>6}{'TN':>14}"
    "  sensitivity specificity precision       F1"
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Clusters found, what was left to people, and the cost (CPU seconds, bytes)."""

    guess: dict[str, str]
    questions: Sequence[UndecidedPair] | None = None
    seconds: float | None = None
    peak: int | None = None


class Command(BaseCommand):
    """Compare what was found with what is true."""

    help = (
        "Measure the errors of deduplication on a labelled CSV file. Needs no database."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "gold",
            metavar="GOLD.csv",
            help="csv or csv.gz: record_id, gold_cluster_id, title and other fields",
        )
        parser.add_argument(
            "--predictions",
            metavar="OUT.csv",
            help="score this table (record_id,cluster_id) instead of running",
        )
        parser.add_argument(
            "--bibdedupe",
            action="store_true",
            help="run BibDedupe on the same table too (requirements/bench.txt)",
        )
        parser.add_argument(
            "--errors",
            type=int,
            default=0,
            metavar="N",
            help="list N pairs of each kind of error",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["gold"])
        gold = read_column(path, "gold_cluster_id")
        if options["predictions"]:
            guess = read_column(Path(options["predictions"]), "cluster_id")
            run = _Run(_complete(guess, gold))
            name = "predictions"
        else:
            run, name = _ours(path, list(gold)), "reviewapp"
        self._print(name, gold, run)
        if options["bibdedupe"]:
            self._print("BibDedupe 0.11.0", gold, _bibdedupe(path, gold))
        for line in PUBLISHED:
            self.stdout.write(line)
        for kind, a, b in disagreements(gold, run.guess, options["errors"]):
            self.stdout.write(f"{kind} {a} {b}")

    def _print(self, name: str, gold: dict[str, str], run: _Run) -> None:
        self.stdout.write(_HEAD)
        self._line(f"{name}, records", record_level(gold, run.guess))
        self._line(f"{name}, pairs", pair_level(gold, run.guess))
        if run.questions is not None:
            after = record_level(
                gold, clusters_after_answers(gold, run.guess, run.questions)
            )
            self._line("after right answers", after)
            share = 1000 * len(run.questions) / len(gold)
            true = sum(gold[str(q.a)] == gold[str(q.b)] for q in run.questions)
            self.stdout.write(
                f"possible duplicates: {len(run.questions)} pairs ({share:.1f} per 1,000 "
                f"records), {true} of them duplicates"
            )
        if run.seconds is not None and run.peak is not None:
            self.stdout.write(
                f"cost: {run.seconds:.1f} CPU seconds, peak memory {run.peak / 1e9:.2f} GB"
            )
        self.stdout.write("")

    def _line(self, name: str, c: ErrorCounts) -> None:
        self.stdout.write(
            f"{name:<26}{c.tp:>9}{c.fp:>6}{c.fn:>6}{c.tn:>14}  {c.sensitivity:>11.5f} "
            f"{c.specificity:>11.5f} {c.precision:>9.5f} {c.f1:>8.5f}"
        )


def read_column(path: Path, wanted: str) -> dict[str, str]:
    """record_id to the wanted column, in the order of the file.

    Raises:
        CommandError: with a sentence, when the table cannot be used.
    """
    found: dict[str, str] = {}
    try:
        with path.open("rb") as raw, _unpacked(raw) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
            csv.field_size_limit(1 << 27)
            for row in csv.DictReader(text):
                if not row.get("record_id") or not row.get(wanted):
                    raise CommandError(
                        f"{path}: every row needs a record_id and a {wanted}."
                    )
                if row["record_id"] in found:
                    raise CommandError(f"{path}: {row['record_id']} occurs twice.")
                found[row["record_id"]] = row[wanted]
    except (OSError, UnicodeDecodeError, csv.Error, EOFError) as error:
        raise CommandError(f"{path} can't be read: {error}.") from None
    if not found:
        raise CommandError(f"{path} has no rows.")
    return found


def _unpacked(raw: Any) -> Any:
    packed = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    return gzip.GzipFile(fileobj=raw) if packed else contextlib.nullcontext(raw)


def _complete(guess: dict[str, str], gold: dict[str, str]) -> dict[str, str]:
    if unknown := [record for record in guess if record not in gold]:
        raise CommandError(
            f"{len(unknown)} predicted records are not in the gold table, "
            f"e.g. {unknown[0]}."
        )
    if missing := [record for record in gold if record not in guess]:
        raise CommandError(
            f"{len(missing)} records of the gold table have no prediction, "
            f"e.g. {missing[0]}."
        )
    return guess


def _measured(work: Callable[[], Any]) -> tuple[Any, float, int]:
    """The result, CPU seconds (children too) and the peak memory so far in bytes."""
    start = os.times()
    result = work()
    end = os.times()
    seconds = sum(end[:4]) - sum(start[:4])
    kib = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return result, seconds, kib * 1024


def _ours(path: Path, records: list[str]) -> _Run:
    result, seconds, peak = _measured(lambda: find_duplicates(read_references(path)))
    return _Run(predicted_clusters(records, result), result.questions, seconds, peak)


def _bibdedupe(path: Path, gold: dict[str, str]) -> _Run:
    """BibDedupe's clusters of the same table, on one processor."""
    try:
        import pandas  # type: ignore[import-untyped]
        from bib_dedupe.bib_dedupe import (
            block,
            cluster,
            match,
            prep,
        )
    except ImportError:
        raise CommandError(
            "BibDedupe is not installed; it comes with requirements/bench.txt."
        ) from None

    def work() -> list[list[str]]:
        frame = pandas.DataFrame([_bib_row(r) for r in read_references(path)])
        found = match(block(prep(frame, verbosity_level=0, cpu=1), cpu=1), cpu=1)
        return list(cluster(found))

    clusters, seconds, peak = _measured(work)
    guess = {record: record for record in gold}
    for members in clusters:
        guess |= dict.fromkeys(map(str, members), str(members[0]))
    return _Run(guess, None, seconds, peak)


def _bib_row(r: Reference) -> dict[str, str]:
    return {
        "ID": str(r.id), "ENTRYTYPE": "article", "title": r.title,
        "author": str(r.authors), "year": str(r.year or ""), "journal": r.journal,
        "volume": r.volume, "number": r.issue, "pages": r.pages, "doi": r.doi,
        "abstract": r.abstract,
    }  # fmt: skip


def disagreements(
    gold: dict[str, str], guess: dict[str, str], limit: int
) -> Iterator[tuple[str, str, str]]:
    """Up to ``limit`` pairs wrongly joined (FP) and wrongly kept apart (FN)."""
    for kind, together, truth in (("FP", guess, gold), ("FN", gold, guess)):
        first: dict[tuple[str, str], str] = {}
        heads: dict[str, str] = {}
        left = limit
        for record in gold:
            head = heads.setdefault(together[record], record)
            part = (together[record], truth[record])
            if truth[head] != truth[record] and part not in first and left > 0:
                yield kind, head, record
                left -= 1
            first.setdefault(part, record)
