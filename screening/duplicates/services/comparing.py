"""Stored comparisons of deduplication runs, as flat arrays.

A later run reads only new records. For each record 230 bytes of blocking keys are
stored (deduplication/blocking_keys.py). A run takes the records that have none, finds
possible matches with the keys of all records, reads only those, and stores the new keys
and the likely pairs step by step. A run that was killed continues where it stopped.
Comparisons made with other rules or settings are deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core.jobs import RunningJob
from reviewapp.core.models import Review
from screening.citations.deduplication.blocking import pairs_of
from screening.citations.deduplication.blocking_keys import (
    COLUMNS,
    PLACE,
    Marks,
    blocking_keys_of,
    key_table,
    rules_version,
)
from screening.citations.deduplication.cleaning import Cleaned, clean_reference
from screening.citations.deduplication.clustering import likely_pairs
from screening.citations.deduplication.gc_pause import gc_paused
from screening.citations.deduplication.match_policy import MatchPolicy
from screening.citations.deduplication.matching import Matcher
from screening.citations.deduplication.packed_references import PackedReferences
from screening.citations.deduplication.reference import Reference
from screening.duplicates.models import ComparedRecords
from screening.records.models import Record
from screening.records.queries.corrections import corrected_values

STEP = 20_000
"""Number of records compared in one transaction."""
CHUNK = 2000
PAIR = np.dtype([("a", "<i8"), ("b", "<i8"), ("score", "<f8")])
Keys = npt.NDArray[np.int64]
_FIELDS = (
    "pk", "title", "authors", "year", "journal", "volume", "issue", "pages", "doi",
    "pmid", "issn", "abstract", "arm",
)  # fmt: skip


@dataclass(slots=True)
class ComparedSet:
    """All compared records of a review in rows, and their likely pairs.

    ``counted`` are the records whose import is not undone, ``fresh`` those of this run;
    ``since`` is when the current rules and settings came into use.
    """

    pks: Keys
    marks: Marks
    pairs: npt.NDArray[Any]
    since: datetime
    counted: Keys
    fresh: Keys
    cleaned: _AtHand

    def contents(self, pks: Keys) -> Keys:
        """Return a number per record; records with equal content have equal numbers."""
        order = np.argsort(self.pks)
        rows = order[np.searchsorted(self.pks, pks, sorter=order)]
        said: Keys = self.marks[rows, PLACE["content"]]
        return said


class _AtHand:
    """Cleaned records by primary key, each read at most once per run."""

    def __init__(self) -> None:
        self._shelf = PackedReferences()
        self._places: dict[int, int] = {}

    def put(self, record: Cleaned) -> None:
        """Keep a record until the run ends."""
        self._places[int(record.id)] = len(self._shelf)
        self._shelf.append(record)

    def read(self, pks: Iterable[int]) -> None:
        """Read the records that are not kept yet, in one query."""
        for row in _rows([pk for pk in pks if pk not in self._places]):
            self.put(clean_reference(_reference(row)))

    def __getitem__(self, pk: int) -> Cleaned:
        if pk not in self._places:
            self.read([pk])
        return self._shelf[self._places[pk]]


class RecordRows:
    """The records of some rows, by position."""

    def __init__(self, pks: Keys | Sequence[int], cleaned: _AtHand) -> None:
        self._pks = pks
        self._cleaned = cleaned

    def __len__(self) -> int:
        return len(self._pks)

    def __getitem__(self, place: int, /) -> Cleaned:
        return self._cleaned[int(self._pks[place])]


def compare_records(
    *, running: RunningJob, policy: MatchPolicy, now: datetime
) -> ComparedSet:
    """Compare the records that no run has compared, and return all comparisons.

    A run over everything starts anew, whatever was compared before.
    """
    review = running.job.review
    version = " ".join((rules_version(), *asdict(policy).values()))
    since = _begun_anew(running, version, now)
    stored = list(ComparedRecords.objects.filter(review=review).order_by("pk"))
    known = np.concatenate([_keys(row.records) for row in stored] or [_keys(b"")])
    counted = _counted(review)
    fresh = np.setdiff1d(counted, known)
    marks = np.zeros((len(known) + len(fresh), len(COLUMNS)), dtype=np.int64)
    if stored:
        np.concatenate(
            [key_table(row.marks) for row in stored], out=marks[: len(known)]
        )
    found = ComparedSet(
        np.concatenate((known, fresh)),
        marks,
        np.concatenate([np.frombuffer(row.pairs, PAIR) for row in stored] or [_NONE]),
        since,
        counted,
        fresh,
        _AtHand(),
    )
    for start in range(len(known), len(found.pks), STEP):
        end = min(start + STEP, len(found.pks))
        row = _step(found, start, end, Matcher(policy))
        row.review, row.job, row.version, row.since = (
            review,
            running.job,
            version,
            since,
        )
        with transaction.atomic():
            running.advance(end - len(known), len(fresh), _("Records compared"))
            row.save(force_insert=True)
    return found


_NONE = np.zeros(0, dtype=PAIR)


def _keys(stored: bytes | memoryview) -> Keys:
    return np.frombuffer(stored, dtype="<i8")


@transaction.atomic
def _begun_anew(running: RunningJob, version: str, now: datetime) -> datetime:
    """Delete outdated comparisons; return when the current version came into use."""
    rows = ComparedRecords.objects.filter(review=running.job.review)
    rows.exclude(version=version).delete()
    since = rows.order_by("pk").values_list("since", flat=True).first() or now
    if running.params.get("everything"):
        rows.exclude(job=running.job).delete()
    return since


def _counted(review: Review) -> Keys:
    pks = Record.objects.identified().filter(review=review)
    return np.fromiter(
        pks.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=CHUNK),
        dtype=np.int64,
    )


@gc_paused()
def _step(
    found: ComparedSet, start: int, end: int, matcher: Matcher
) -> ComparedRecords:
    """Store keys for these rows and compare them with all rows up to them."""
    rows = bytearray()
    for row in _rows(found.pks[start:end].tolist()):
        record = clean_reference(_reference(row))
        rows += blocking_keys_of(record)
        found.cleaned.put(record)
    found.marks[start:end] = key_table(rows)
    pairs = pairs_of(found.marks[:end], new_from=start)
    found.cleaned.read(found.pks[np.unique(pairs)].tolist())
    likely = likely_pairs(RecordRows(found.pks, found.cleaned), pairs, matcher, None)
    new = np.zeros(len(likely.scores), dtype=PAIR)
    ends = found.pks[likely.left], found.pks[likely.right]
    new["a"], new["b"] = np.minimum(*ends), np.maximum(*ends)
    new["score"] = likely.scores
    found.pairs = np.concatenate((found.pairs, new))
    return ComparedRecords(
        records=found.pks[start:end].tobytes(),
        marks=bytes(rows),
        pairs=new.tobytes(),
    )


def _rows(pks: Sequence[int]) -> Iterator[Sequence[Any]]:
    """Yield the records in the order of their primary keys."""
    for start in range(0, len(pks), CHUNK):
        chunk = pks[start : start + CHUNK]
        corrected = corrected_values(chunk)
        some = Record.objects.filter(pk__in=chunk)
        for row in some.order_by("pk").values_list(*_FIELDS):
            values = corrected.get(row[0])
            yield _corrected(row, values) if values else row


def _corrected(row: Sequence[Any], values: dict[str, Any]) -> Sequence[Any]:
    """Return a row with the values that members corrected."""
    return [values.get(name, value) for name, value in zip(_FIELDS, row, strict=True)]


def _reference(row: Sequence[Any]) -> Reference:
    pk, title, authors, year, journal, volume, issue, pages = row[:8]
    doi, pmid, issn, abstract, arm = row[8:]
    return Reference(
        id=pk, title=title, authors=tuple(authors), year=year, journal=journal,
        volume=volume, issue=issue, pages=pages, doi=doi, pmid=pmid, issn=issn,
        isbn=issn, abstract=abstract, arm=arm,
    )  # fmt: skip
