"""The job ``records.read``: read an uploaded file and store counts and a preview.

No record is created: that happens after a member confirms (``importing``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, BinaryIO, cast

from django.db import transaction
from django.utils.translation import gettext as _

from reviewapp.core import events
from reviewapp.core.jobs import RunningJob
from screening.citations.citation import Citation
from screening.citations.reading.file_reading import (
    FileReading,
    ReadingOptions,
    read_file,
)
from screening.citations.reading.reading_report import (
    ReadingReport,
    ReadingWarning,
    UnreadableFile,
)
from screening.imports.services import import_warnings
from screening.records.models import Import

PREVIEW_RECORDS = 20
ADVANCE_EVERY = 1000
RAW_LETTERS = 2000
# Limits for the page; the file of notices has the rest.
LISTED = 1000
OUTSIDE_LISTED = 100
KILO = 1000
# The preview shows these fields, without raw text and position.
PREVIEW_FIELDS = (
    "title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid",
    "abstract", "type",
)  # fmt: skip


class PriorCounter:
    """Counts of another tool's decisions, by name and decision.

    Counts only, because a lead who screens may see the page.
    """

    def __init__(self) -> None:
        self.records = 0
        self._words: Counter[tuple[str, str]] = Counter()
        self._labels: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()

    def add(self, citation: Citation) -> None:
        """Count one record's decisions, labels and reasons."""
        if not (
            citation.prior_decisions or citation.prior_labels or citation.prior_reasons
        ):
            return
        self.records += 1
        # A hostile file can have a new name in every record, so only the first count.
        if len(self._words) < LISTED:
            self._words.update(citation.prior_decisions)
        if len(self._labels) < LISTED:
            self._labels.update(citation.prior_labels)
        if len(self._reasons) < LISTED:
            self._reasons.update(citation.prior_reasons)

    def counts(self) -> dict[str, Any]:
        """Return the counts as JSON values; {} if there are none."""
        if not self.records:
            return {}
        return {
            "records": self.records,
            "words": [[who, word, n] for (who, word), n in sorted(self._words.items())],
            "labels": self._labels.most_common(),
            "reasons": self._reasons.most_common(),
        }


def run_reading(*, batch: Import, running: RunningJob, now: datetime) -> dict[str, Any]:
    """Read the whole file of ``batch``; its state becomes ``read`` or ``refused``.

    A file that can't be read keeps its original, the reason and the notices up to
    there. Reading twice changes nothing.
    """
    if batch.state != Import.State.UPLOADED:
        return {"state": batch.state}
    prior = PriorCounter()
    with import_warnings.notices_writer() as sink:
        try:
            with batch.file.open("rb") as stream:
                reading = read_file(
                    cast(BinaryIO, stream),
                    name=batch.file_name,
                    options=import_options(batch),
                    report=ReadingReport(sink=sink),
                )
                preview = _read_through(reading, prior, stream, batch, running)
        except UnreadableFile as refusal:
            sink.keep(batch)
            return _refuse(batch, running, refusal, now)
        sink.keep(batch)
    report = first_notices(reading) | {"preview": preview, "prior": prior.counts()}
    return _keep(batch, running, reading, import_warnings.storable(report), now)


def import_options(batch: Import) -> ReadingOptions:
    """Return the import settings that a member chose for this file."""
    kept = batch.options
    return ReadingOptions(
        encoding=kept.get("encoding", ""),
        platform=kept.get("platform", ""),
        columns=tuple((header, field) for header, field in kept.get("columns", ())),
    )


def _read_through(
    reading: FileReading,
    prior: PriorCounter,
    stream: Any,
    batch: Import,
    running: RunningJob,
) -> list[dict[str, Any]]:
    preview: list[dict[str, Any]] = []
    for number, citation in enumerate(reading):
        prior.add(citation)
        if number < PREVIEW_RECORDS:
            preview.append(preview_values(citation))
        if number % ADVANCE_EVERY == 0:
            note = _("{n} records so far, kilobytes read").format(n=f"{number:,}")
            running.advance(stream.tell() // KILO, batch.size // KILO, note)
    return preview


def preview_values(citation: Citation) -> dict[str, Any]:
    """Return what the preview shows of a record, as JSON values."""
    return {name: getattr(citation, name) for name in PREVIEW_FIELDS}


def first_notices(reading: FileReading) -> dict[str, Any]:
    """Return the first notices of each kind as JSON values."""
    return {
        "warning_counts": reading.warning_counts,
        "warnings": [asdict(notice) for notice in _first(reading.warnings)],
        "skipped": [
            asdict(entry) | {"raw": entry.raw[:RAW_LETTERS]}
            for entry in reading.skipped[:LISTED]
        ],
        "outside": [asdict(entry) for entry in reading.outside[:OUTSIDE_LISTED]],
    }


def _first(warnings: Iterable[ReadingWarning]) -> Iterable[ReadingWarning]:
    seen: Counter[str] = Counter()
    for notice in warnings:
        seen[notice.kind] += 1
        if seen[notice.kind] <= LISTED:
            yield notice


@transaction.atomic
def _keep(
    batch: Import,
    running: RunningJob,
    reading: FileReading,
    report: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    running.advance(batch.size // KILO, batch.size // KILO)
    counts = {"found": reading.found, "kept": reading.kept}
    changed = _of_this_reading(batch).update(
        state=Import.State.READ,
        skipped=reading.skipped_count,
        format=reading.format[:40],
        platform=reading.platform[:80],
        encoding=reading.encoding[:40],
        report=report,
        notices=batch.notices.name,
        **counts,
    )
    if changed:
        _record(batch, "import:read", now, **counts)
    return counts


@transaction.atomic
def _refuse(
    batch: Import, running: RunningJob, refusal: UnreadableFile, now: datetime
) -> dict[str, Any]:
    running.advance(batch.size // KILO, batch.size // KILO)
    changed = _of_this_reading(batch).update(
        state=Import.State.REFUSED,
        refusal=refusal.sentence,
        report={"refusal_kind": refusal.kind},
        notices=batch.notices.name,
        found=0,
        kept=0,
        skipped=0,
    )
    if changed:
        _record(batch, "import:refused", now, why=refusal.sentence)
    return {"refused": refusal.sentence}


def _of_this_reading(batch: Import) -> Any:
    """Return the import as a query set, empty if its settings have changed."""
    return Import.objects.filter(
        pk=batch.pk, state=Import.State.UPLOADED, revision=batch.revision
    )


def _record(batch: Import, kind: str, now: datetime, **data: Any) -> None:
    events.record(
        review=batch.review,
        actor=batch.created_by,
        kind=kind,
        now=now,
        subject=batch.code,
        file_name=batch.file_name,
        **data,
    )
