"""Benchmarks of deduplication: demo records, up to a million, and BibDedupe.

Names for ``./dev bench``: duplicates (13 178, 80 000 and 100 000 records in memory, and
1 000 new ones into 80 000 in the database), duplicates-million, duplicates-bibdedupe (a
labelled set, both programs in one run; the largest with BENCH_SET=srsr).
"""

from __future__ import annotations

import os
import random
import re
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import django
from django.core.management import call_command

from reviewapp.demo.exports import all_exports
from screening.citations.deduplication.clustering import (
    DuplicateResult,
    find_duplicates,
)
from screening.citations.deduplication.reference import Reference
from tests.acceptance.real_files import DUPLICATES, needed
from tests.bench.records import read_all

_WORD = re.compile(r"[^\W\d_]{4,}")
QUIET = 0.19
"""CPU seconds of ``pace`` while little else runs."""
TURN_PMIDS = 1_000_000
"""PubMed numbers of one turn: more than it has works."""
HERE = Path(__file__).resolve().parent


def main() -> None:
    """Print CPU seconds, memory and errors for the demo and for 100 000 records."""
    rows = read_all(all_exports())
    start = time.process_time()
    titles: dict[str, int] = defaultdict(int)
    for _, reference in rows:
        titles[reference.title.casefold()] += 1
    floor = time.process_time() - start
    measure(rows, 13_178)
    measure(rows, len(rows))
    print(f"  floor (exact titles): {len(titles):,} groups in {floor:.2f} CPU s")
    measure(rows, 80_000)
    measure(rows, 100_000)
    added()


def million() -> None:
    """Print CPU seconds, memory and errors for 1 000 000 records (BENCH_RECORDS)."""
    size = int(os.environ.get("BENCH_RECORDS", "1000000"))
    measure(read_all(all_exports()), size)


def bibdedupe() -> None:
    """Run both programs on a labelled set."""
    name = os.environ.get("BENCH_SET", "neuroimaging")
    path = needed(DUPLICATES / f"{name}.csv.gz")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviewapp.settings")
    django.setup()
    call_command("evaluate_duplicates", str(path), bibdedupe=True)


def measure(rows: list[tuple[int, Reference]], size: int) -> None:
    """Deduplicate ``size`` records made of ``rows`` and count the errors."""
    works = len({work for work, _ in rows})
    making = 0.0

    def references() -> Iterator[Reference]:
        nonlocal making
        begun = time.process_time()
        for _, reference in multiplied(rows, size):
            making += time.process_time() - begun
            yield reference
            begun = time.process_time()

    start = time.process_time()
    result = find_duplicates(references())
    spent = time.process_time() - start - making
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    wrong, missed = errors(rows, size, result, works)
    print(
        f"{size:,} records in {spent:.1f} CPU s, peak memory so far {peak:.2f} GB "
        f"({pace():.1f} times the usual second)",
        flush=True,
    )
    print(f"  wrong merges {wrong}, missed {missed}, asked {len(result.questions)}")


def pace() -> float:
    """Return the time of a fixed task, relative to its time on an idle machine."""
    start = time.process_time()
    held: dict[int, str] = {}
    for number in range(1_000_000):
        held[number % 1000] = f"{number}x"
    return (time.process_time() - start) / QUIET


def errors(
    rows: list[tuple[int, Reference]], size: int, result: DuplicateResult, works: int
) -> tuple[int, int]:
    """Return the number of merges of two works, and of duplicates that were not merged."""

    def work_of(identity: int) -> int:
        return identity // len(rows) * works + rows[identity % len(rows)][0]

    wrong = sum(work_of(int(m.record)) != work_of(int(m.of)) for m in result.merges)
    distinct = len({work_of(identity) for identity in range(size)})
    return wrong, size - len(result.merges) - distinct + wrong


def multiplied(
    rows: list[tuple[int, Reference]], size: int
) -> Iterator[tuple[int, Reference]]:
    """Yield the records repeatedly, each time about other subjects.

    Duplicates of a work differ as they did in the exports: in every round, all words of
    titles, abstracts and names are replaced by one table, and numbers are shifted.
    """
    words = {w.lower() for _, r in rows for w in _WORD.findall(r.title)}
    names = {w.lower() for _, r in rows for a in r.authors for w in _WORD.findall(a)}
    made = 0
    turn = 0
    while made < size:
        wording, naming = _table(words, turn), _table(names, turn)
        for work, reference in rows[: size - made]:
            yield work, _varied(reference, turn, len(rows), wording, naming)
            made += 1
        turn += 1


def _table(words: set[str], turn: int) -> dict[str, str]:
    """Return another word of the same length for each; the same words in the first
    round.
    """
    if not turn:
        return {}
    chance = random.Random(turn)
    table: dict[str, str] = {}
    lengths: dict[int, list[str]] = defaultdict(list)
    for word in sorted(words):
        lengths[len(word)].append(word)
    for same in lengths.values():
        table |= zip(same, chance.sample(same, len(same)), strict=True)
    return table


def _varied(
    r: Reference, turn: int, size: int, wording: dict[str, str], naming: dict[str, str]
) -> Reference:
    if not turn:
        return r
    return replace(
        r,
        id=int(r.id) + turn * size,
        title=_exchanged(r.title, wording),
        abstract=_exchanged(r.abstract[:900], wording),
        authors=tuple(_exchanged(author, naming) for author in r.authors),
        volume=re.sub(r"\d+", lambda m: str(int(m[0]) + turn), r.volume, count=1),
        pages=re.sub(r"^\D{0,2}\d+", lambda m: f"{m[0]}{turn}", r.pages),
        doi=r.doi and f"{r.doi}.{turn}",
        # At most eight digits, as in PubMed: longer numbers would be cut and become
        # equal.
        pmid=r.pmid and str(int(r.pmid) % TURN_PMIDS + turn * TURN_PMIDS),
    )


def _exchanged(text: str, table: dict[str, str]) -> str:
    def other(match: re.Match[str]) -> str:
        word = match[0]
        found = table.get(word.lower(), word)
        if word.isupper():
            return found.upper()
        return found.capitalize() if word[0].isupper() else found

    return _WORD.sub(other, text)


def added() -> None:
    """Run deduplication and add 1 000 records, in a temporary database."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "--no-header"]
    quiet = ["-p", "no:cacheprovider", "-p", "no:randomly", "-W", "ignore"]
    subprocess.run(
        [*command, *quiet, str(HERE / "measure_duplicates.py")],
        cwd=HERE.parents[1],
        check=True,
    )
