"""Finding duplicates: the demo's records, against exact titles as the floor."""

from __future__ import annotations

import time
from collections import defaultdict

from reviewapp.demo.exports import exports
from screening.records.rules.clustering import find_duplicates
from tests.bench.records import read_all


def main() -> None:
    """Print CPU seconds and errors for all records of the demo."""
    rows = read_all(exports())
    start = time.process_time()
    titles: dict[str, int] = defaultdict(int)
    for _, reference in rows:
        titles[reference.title.casefold()] += 1
    floor = time.process_time() - start
    start = time.process_time()
    result = find_duplicates([reference for _, reference in rows])
    spent = time.process_time() - start
    work = {reference.id: number for number, reference in rows}
    wrong = sum(work[merge.record] != work[merge.of] for merge in result.merges)
    works = len(set(work.values()))
    missed = len(rows) - len(result.merges) - works + wrong
    print(f"{len(rows):,} records of {works:,} works in {spent:.1f} CPU s")
    print(f"  wrong merges {wrong}, missed {missed}, asked {len(result.questions)}")
    print(f"  floor (exact titles): {len(titles):,} groups in {floor:.2f} CPU s")
