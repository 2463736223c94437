"""Numbers of records and duplicates from stored counts, without reading the records.

Imports keep the number of their records (``Import.kept``); records that were added
manually are few and have an index; triggers count duplicates (``DuplicateTally``).
``recounted`` reads the records themselves; `manage.py check_integrity` and tests
compare both.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Sum, Value

from reviewapp.core.lib.load_once import load_once
from reviewapp.core.models import Review
from screening.records.models import (
    Duplicate,
    DuplicateTally,
    Import,
    Record,
    Source,
)

_COUNTS = Q(batch=None) | Q(batch__state=Import.State.COMMITTED)


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """The records of a source or an import that count, and the duplicates in them."""

    records: int
    duplicates: int

    @property
    def unique(self) -> int:
        """Return the records that are not duplicates."""
        return self.records - self.duplicates

    def __add__(self, other: SourceCounts) -> SourceCounts:
        """Return the sums."""
        return SourceCounts(
            self.records + other.records, self.duplicates + other.duplicates
        )


NONE = SourceCounts(0, 0)


@dataclass(frozen=True, slots=True)
class CountedImport:
    """An import, or the records that were added manually (``batch`` is ""), by code."""

    source_id: int
    batch_id: int | None
    source: str
    batch: str
    arm: str


CountsByImport = dict[tuple[int, int | None], SourceCounts]


def counts_by_import(review_id: int) -> CountsByImport:
    """Return the counts by primary key of source and import; three queries."""
    return {
        (one.source_id, one.batch_id): counts
        for one, counts in counted_imports(review_id).items()
    }


@load_once
def counted_imports(review_id: int) -> dict[CountedImport, SourceCounts]:
    """Return the counts of all imports and manual records; three queries.

    An import without records is left out.
    """
    records: Counter[CountedImport] = Counter()
    keys: dict[tuple[int, int | None], CountedImport] = {}
    imports = Import.objects.filter(review=review_id, state=Import.State.COMMITTED)
    manual = Record.objects.filter(source__review=review_id, batch=None).order_by()
    for source, batch, code, kind, name, n in [
        *imports.values_list(
            "source", "pk", "source__code", "source__kind", "code", "kept"
        ),
        *manual.values_list("source", "batch", "source__code", "source__kind").annotate(
            name=Value(""), n=Count("pk")
        ),
    ]:
        arm = Source(kind=kind).arm.value
        keys[source, batch] = one = CountedImport(source, batch, code, name, arm)
        records[one] += n
    duplicates = (
        DuplicateTally.objects.filter(_COUNTS, review=review_id)
        .order_by()
        .values_list("source", "batch")
        .annotate(sum=Sum("n"))
    )
    found = {(source, batch): n for source, batch, n in duplicates}
    return {
        one: SourceCounts(n, found.get(key, 0))
        for key, one in keys.items()
        if (n := records[one])
    }


def counts_by_source(review_id: int) -> dict[int, SourceCounts]:
    """Return the counts by source (primary key)."""
    found: dict[int, SourceCounts] = {}
    for (source, _batch), counts in counts_by_import(review_id).items():
        found[source] = found.get(source, NONE) + counts
    return found


def all_counts(review_id: int) -> SourceCounts:
    """Return the counts of the whole review."""
    return sum(counts_by_import(review_id).values(), NONE)


def recounted(review: Review) -> CountsByImport:
    """Return the same counts from the records themselves, which takes long."""
    repeats = Exists(Duplicate.objects.filter(record=OuterRef("pk"), undone_at=None))
    rows = (
        Record.objects.identified()
        .filter(review=review)
        .order_by()
        .values_list("source", "batch")
        .annotate(rows=Count("pk"), repeated=Count("pk", filter=Q(repeats)))
    )
    return {
        (source, batch): SourceCounts(n, repeated)
        for source, batch, n, repeated in rows.values_list(
            "source", "batch", "rows", "repeated"
        )
    }


def integrity(review: Review) -> list[str]:
    """Compare the stored counts with a recount (hook ``integrity:check``)."""
    stored, found = counts_by_import(review.pk), recounted(review)
    names = dict(Source.objects.filter(review=review).values_list("pk", "name"))
    return [
        f"records and duplicates of {names[key[0]]}, import {key[1]}: stored "
        f"{stored.get(key, NONE)}, list {found.get(key, NONE)}"
        for key in sorted(stored.keys() | found.keys(), key=str)
        if stored.get(key, NONE) != found.get(key, NONE)
    ]
