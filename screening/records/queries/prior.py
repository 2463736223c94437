"""Decisions that another screening tool wrote into an imported file.

They are colleagues' judgements: pages show counts, never a record's own decisions;
only the service that takes them over as votes reads those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from screening.records.models import Duplicate, Import, Record

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class PriorCounts:
    """Of a file: records with decisions, who said which word how often, and the rest."""

    records: int
    words: tuple[tuple[str, str, int], ...]
    labels: tuple[tuple[str, int], ...]
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PriorLine:
    """The decisions about one record; ``record`` is the one kept of its cluster."""

    record: int
    decisions: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]


def counts(batch: Import) -> PriorCounts | None:
    """What the reading of the file counted; None when it holds nothing of the kind."""
    found = batch.report.get("prior")
    if not found:
        return None
    return PriorCounts(
        records=found["records"],
        words=tuple((who, word, n) for who, word, n in found["words"]),
        labels=tuple((label, n) for label, n in found["labels"]),
        reasons=tuple((reason, n) for reason, n in found["reasons"]),
    )


def lines(batch: Import) -> Iterator[PriorLine]:
    """The decisions of an import's records, in file order, a chunk at a time."""
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
    kept = kept_of([pk for pk, _ in chunk])
    for pk, prior in chunk:
        yield PriorLine(
            record=kept[pk],
            decisions=tuple(
                (str(who), str(word)) for who, word in prior.get("decisions", ())
            ),
            reasons=tuple(str(reason) for reason in prior.get("reasons", ())),
        )


def kept_of(pks: Sequence[int]) -> dict[int, int]:
    """For each record the kept one of its cluster (itself when it repeats none)."""
    found = {pk: pk for pk in pks}
    waiting = set(pks)
    while waiting:
        edges = dict(
            Duplicate.objects.filter(record__in=waiting, undone_at=None).values_list(
                "record", "of"
            )
        )
        found = {pk: edges.get(at, at) for pk, at in found.items()}
        waiting = set(edges.values())
    return found
