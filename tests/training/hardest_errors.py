"""Hardest deduplication errors of each labelled set, with the findings of a reader.

    python -m tests.training.hardest_errors [--data FOLDER] [--to FILE]

Every set is judged by trees that never saw it. This script writes the tables of
docs/methods/duplicate-errors.md. error_notes.csv has the cause of each error and whether
the label is right, written by people who read the two records. A pair without a note is
marked, so that an old page is not taken for a new one.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from screening.citations.deduplication import trees
from screening.citations.deduplication.cleaning import Cleaned
from screening.citations.deduplication.clustering import DuplicateResult, match_new
from screening.citations.deduplication.matching import Matcher
from screening.citations.deduplication.quality import (
    clusters_after_answers,
    predicted_clusters,
)
from screening.citations.deduplication.reference import Reference
from screening.duplicates.management.commands.find_duplicates import read_references
from tests.acceptance.real_files import DUPLICATES, needed
from tests.training.labelled import NAMES, LabelledSet, read_set
from tests.training.train_duplicates import ROOT, calibrate, fit

MOST = 30
"""Errors listed per set."""
SHORT = 64
"""Letters of a title that are shown, because the sets belong to others."""
NOTES = Path(__file__).parent / "error_notes.csv"
PAGE = ROOT / "docs/methods/duplicate-errors.md"
KINDS = {
    "merged": "merged, labelled different",
    "missed": "kept separate without asking, labelled same",
    "asked, same": "asked, labelled same",
    "asked, different": "asked, labelled different",
}
"""Each kind of error in words, the most serious first."""


Sides = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Error:
    """A pair that was not decided as it is labelled.

    ``margin`` is the distance of the score from the label, 0 to 1. ``sides`` are all
    records of both clusters.
    """

    kind: str
    a: str
    b: str
    score: float
    margin: float
    why: str
    sides: Sides


def errors(labelled: LabelledSet, model: dict[str, Any]) -> list[Error]:
    """Return the errors of one model on a set: most serious kind first, then hardest."""
    parsed = trees.parse_trees(model)
    found = match_new(labelled.records, (), trees=parsed)
    gold = {str(k): v for k, v in labelled.gold.items()}
    records = {str(record.id): record for record in labelled.records}
    matcher = Matcher(trees=parsed)
    guess = predicted_clusters(list(gold), found)
    members: dict[str, set[str]] = {}
    for record, cluster in guess.items():
        members.setdefault(cluster, set()).add(record)
    whole = {record: frozenset(members[guess[record]]) for record in guess}
    made = [
        _error(kind, records[a], records[b], matcher, (whole[a], whole[b]))
        for kind, a, b in _pairs(gold, guess, found, records, matcher)
    ]
    order = list(KINDS)
    # The two kinds of question are ranked together.
    return sorted(made, key=lambda e: (min(order.index(e.kind), 2), -e.margin, e.a))


def _error(kind: str, a: Cleaned, b: Cleaned, matcher: Matcher, sides: Sides) -> Error:
    judged = matcher.judge(a, b)
    is_same = kind in {"missed", "asked, same"}
    margin = 1 - judged.score if is_same else judged.score
    against = judged.reasons_against[:2] or ("there is little evidence for a match",)
    why = against if judged.answer != "same" else judged.reasons_for[:2]
    reasons = "; ".join(why)
    return Error(kind, str(a.id), str(b.id), judged.score, margin, reasons, sides)


def _pairs(
    gold: dict[str, str],
    guess: dict[str, str],
    found: DuplicateResult,
    records: dict[str, Cleaned],
    matcher: Matcher,
) -> Iterator[tuple[str, str, str]]:
    for one, other in _split(guess, gold, records, matcher):
        yield "merged", one, other
    for question in found.questions:
        a, b = str(question.a), str(question.b)
        yield "asked, same" if gold[a] == gold[b] else "asked, different", a, b
    after = clusters_after_answers(gold, guess, found.questions)
    for one, other in _split(gold, after, records, matcher):
        yield "missed", one, other


def _split(
    together: dict[str, str],
    truth: dict[str, str],
    records: dict[str, Cleaned],
    matcher: Matcher,
) -> Iterator[tuple[str, str]]:
    """Yield for each further part of a group its likeliest pair with an earlier part."""
    groups: dict[str, dict[str, list[str]]] = {}
    for record, group in together.items():
        groups.setdefault(group, {}).setdefault(truth[record], []).append(record)
    for parts in groups.values():
        before: list[str] = []
        for part in parts.values():
            pairs = [(a, b) for a in before for b in part]
            if pairs:
                yield max(pairs, key=lambda pair: _score(pair, records, matcher))
            before += part


def _score(
    pair: tuple[str, str], records: dict[str, Cleaned], matcher: Matcher
) -> float:
    return matcher.judge(records[pair[0]], records[pair[1]]).score


def read_notes() -> list[dict[str, str]]:
    """Return the pairs that were read: a, b, note (cause of the error), label."""
    with NOTES.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def noted(error: Error, notes: list[dict[str, str]]) -> dict[str, str]:
    """Return the note on the pair, or on another pair between the same clusters."""
    one, other = error.sides
    for row in notes:
        if {row["a"], row["b"]} == {error.a, error.b}:
            return row
    for row in notes:
        a, b = row["a"], row["b"]
        if (a in one and b in other) or (b in one and a in other):
            return row
    return {"note": "**not read yet**", "label": "?"}


def section(
    labelled: LabelledSet, found: list[Error], references: dict[str, Reference]
) -> Iterator[str]:
    """Yield the lines of one set."""
    notes = read_notes()
    count = {kind: sum(e.kind == kind for e in found) for kind in KINDS}
    said = ", ".join(f"{n} {KINDS[kind]}" for kind, n in count.items() if n)
    yield f"\n## {labelled.name}\n"
    share = "All are listed" if len(found) <= MOST else f"The {MOST} hardest are listed"
    yield f"{len(labelled.records)} records; {said}. {share}.\n"
    yield "| records | titles | answer | score | reasons shown | finding | label |"
    yield "|---|---|---|---|---|---|---|"
    for error in found[:MOST]:
        a, b = references[error.a], references[error.b]
        read = noted(error, notes)
        numbers = f"{_number(error.a)} {_number(error.b)}"
        yield (
            f"| {numbers} | {_titles(a, b)} | {error.kind} | {error.score:.2f} "
            f"| {error.why} | {read['note']} | {read['label']} |"
        )


def _number(record: str) -> str:
    return record.rpartition("-")[2].lstrip("0")


def _titles(a: Reference, b: Reference) -> str:
    one, other = _short(a), _short(b)
    return one if one == other else f"{one} / {other}"


def _short(reference: Reference) -> str:
    title = " ".join(reference.title.replace("|", " ").replace("<", "&lt;").split())
    title = title.capitalize() if title.isupper() else title
    return title if len(title) <= SHORT else title[: SHORT - 1].rstrip() + "…"


def main(arguments: list[str]) -> None:
    """Train without each set in turn, judge it, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DUPLICATES)
    parser.add_argument("--to", type=Path, default=PAGE)
    options = parser.parse_args(arguments)
    needed(options.data)
    sets = [read_set(options.data, name) for name in NAMES]
    unseen = {s.name: fit([t for t in sets if t is not s]) for s in sets}
    calibration = calibrate(unseen, sets)
    models = {
        name: model | {"calibration": calibration} for name, model in unseen.items()
    }
    write(options.to, sets, models, options.data)


def write(
    to: Path, sets: list[LabelledSet], models: dict[str, dict[str, Any]], data: Path
) -> None:
    """Write the sections of the sets. The text above the first "## " is kept."""
    head = to.read_text(encoding="utf-8").split("\n## ", 1)[0].rstrip() + "\n"
    lines: list[str] = []
    for labelled in sets:
        path = data / f"{labelled.name}.csv.gz"
        references = {str(r.id): r for r in read_references(path)}
        lines += section(labelled, errors(labelled, models[labelled.name]), references)
    to.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
