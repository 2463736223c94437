"""Earlier decisions: what another screening tool wrote into an imported file.

They are colleagues' decisions. Pages show counts, never the decisions on a record; only
the service that imports them as votes reads those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from screening.records.models import Import, Record
from screening.records.queries import clusters

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class PriorCounts:
    """Counts of a file's earlier decisions: by name, label and reason."""

    records: int
    words: tuple[tuple[str, str, int], ...]
    labels: tuple[tuple[str, int], ...]
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PriorLine:
    """The decisions on one record; ``record`` is the kept record of its cluster."""

    record: int
    decisions: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]


def prior_counts(batch: Import) -> PriorCounts | None:
    """Return the stored counts, or None if the file has no earlier decisions."""
    found = batch.report.get("prior")
    if not found:
        return None
    return PriorCounts(
        records=found["records"],
        words=tuple((who, word, n) for who, word, n in found["words"]),
        labels=tuple((label, n) for label, n in found["labels"]),
        reasons=tuple((reason, n) for reason, n in found["reasons"]),
    )


def prior_lines(batch: Import) -> Iterator[PriorLine]:
    """Yield the decisions of an import's records in file order, read in chunks."""
    rows = (
        Record.objects.filter(batch=batch)
        .exclude(prior={})
        .order_by("position")
        .values_list("pk", "prior")
    )
    chunk: list[tuple[int, dict[str, list[list[str]]]]] = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from _lines(chunk)
            chunk = []
    yield from _lines(chunk)


def _lines(
    chunk: Sequence[tuple[int, dict[str, list[list[str]]]]],
) -> Iterator[PriorLine]:
    kept = clusters.kept_of([pk for pk, _ in chunk])
    for pk, prior in chunk:
        yield PriorLine(
            record=kept[pk],
            decisions=tuple(
                (str(who), str(word)) for who, word in prior.get("decisions", ())
            ),
            reasons=tuple(str(reason) for reason in prior.get("reasons", ())),
        )
