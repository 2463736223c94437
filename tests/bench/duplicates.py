"""Finding duplicates: demo records, multiplied up to a million, and BibDedupe.

Names for ``./dev bench``: duplicates (13 178 works and 100 000 records),
duplicates-million, duplicates-bibdedupe (the labelled set srsr, both programs).
"""

from __future__ import annotations

import random
import re
import resource
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.core.management import call_command

from reviewapp.demo.exports import exports
from screening.records.rules.blocking import stored_keys
from screening.records.rules.cleaning import clean
from screening.records.rules.clustering import (
    DuplicateResult,
    find_duplicates,
    match_new,
)
from screening.records.rules.reference import Reference
from tests.bench.records import read_all

_WORD = re.compile(r"[^\W\d_]{4,}")
LABELLED = Path(__file__).resolve().parents[2] / "../shared/data/dedup/srsr.csv.gz"


def main() -> None:
    """Print CPU seconds, memory and errors for the demo and for 100 000 records."""
    rows = read_all(exports())
    start = time.process_time()
    titles: dict[str, int] = defaultdict(int)
    for _, reference in rows:
        titles[reference.title.casefold()] += 1
    floor = time.process_time() - start
    measure(rows, len(rows))
    print(f"  floor (exact titles): {len(titles):,} groups in {floor:.2f} CPU s")
    measure(rows, 100_000)
    added(rows)


def million() -> None:
    """Print CPU seconds, memory and errors for 1 000 000 records."""
    measure(read_all(exports()), 1_000_000)


def bibdedupe() -> None:
    """Both programs on the largest labelled set, in one run."""
    call_command("evaluate_duplicates", str(LABELLED), bibdedupe=True)


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
    print(f"{size:,} records in {spent:.1f} CPU s, peak memory {peak:.2f} GB")
    print(f"  wrong merges {wrong}, missed {missed}, asked {len(result.questions)}")


def errors(
    rows: list[tuple[int, Reference]], size: int, result: DuplicateResult, works: int
) -> tuple[int, int]:
    """Merges of two works, and duplicates that were not merged."""

    def work_of(identity: int) -> int:
        return identity // len(rows) * works + rows[identity % len(rows)][0]

    wrong = sum(work_of(int(m.record)) != work_of(int(m.of)) for m in result.merges)
    distinct = len({work_of(identity) for identity in range(size)})
    return wrong, size - len(result.merges) - distinct + wrong


def multiplied(
    rows: list[tuple[int, Reference]], size: int
) -> Iterator[tuple[int, Reference]]:
    """The records again and again, each time about other things.

    The copies of a work differ as they did in the exports: in every round all words of
    titles, abstracts and names are exchanged by one table, and numbers are moved.
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
    """Another word of the same length for each; the same words in the first turn."""
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
        pmid=r.pmid and f"{r.pmid}{turn:02}",
    )


def _exchanged(text: str, table: dict[str, str]) -> str:
    def other(match: re.Match[str]) -> str:
        word = match[0]
        found = table.get(word.lower(), word)
        if word.isupper():
            return found.upper()
        return found.capitalize() if word[0].isupper() else found

    return _WORD.sub(other, text)


def added(rows: list[tuple[int, Reference]]) -> None:
    """1 000 new records into 80 000, of which those are at hand that share a key."""
    stored = [clean(reference) for _, reference in multiplied(rows, 81_000)]
    old, new = stored[:80_000], stored[80_000:]
    keys: dict[int, list[int]] = defaultdict(list)
    for place, record in enumerate(old):
        for key in stored_keys(record):
            keys[key].append(place)
    start = time.process_time()
    met = {at for record in new for key in stored_keys(record) for at in keys[key]}
    match_new(new, [old[at] for at in sorted(met)])
    spent = time.process_time() - start
    print(f"1,000 new into 80,000 ({len(met):,} share a key) in {spent:.1f} CPU s")
