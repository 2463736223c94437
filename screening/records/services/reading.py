"""The job ``records.read``: look through an uploaded file, keep counts and a preview.

No record is made: that happens when a person confirms (``importing``).
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, BinaryIO, cast

from django.db import transaction

from reviewapp.core import events
from reviewapp.core.jobs import Running
from screening.records.formats.citation import Citation
from screening.records.formats.reading import Options, Reading, read
from screening.records.formats.report import Refused as Unreadable
from screening.records.models import Import

PREVIEW_RECORDS = 20
ADVANCE_EVERY = 1000
RAW_LETTERS = 2000
KILO = 1000
# Shown in the preview; the raw text and the place in the file are not.
PREVIEW_FIELDS = (
    "title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid",
    "abstract", "type",
)  # fmt: skip


def run(*, batch: Import, running: Running, now: datetime) -> dict[str, Any]:
    """Read the whole file of ``batch``; its state becomes ``read`` or ``refused``.

    A file that can't be read leaves nothing but its original and the sentence why.
    Doing it twice changes nothing.
    """
    if batch.state != Import.State.UPLOADED:
        return {"state": batch.state}
    try:
        with batch.file.open("rb") as stream:
            reading = read(
                cast(BinaryIO, stream), name=batch.file_name, options=options_of(batch)
            )
            preview = _read_through(reading, stream, batch, running)
    except Unreadable as refusal:
        return _refuse(batch, running, refusal, now)
    return _keep(batch, running, reading, preview, now)


def options_of(batch: Import) -> Options:
    """The corrections a person made to how this file is read."""
    kept = batch.options
    return Options(
        encoding=kept.get("encoding", ""),
        platform=kept.get("platform", ""),
        columns=tuple((header, field) for header, field in kept.get("columns", ())),
    )


def _read_through(
    reading: Reading, stream: Any, batch: Import, running: Running
) -> list[dict[str, Any]]:
    preview: list[dict[str, Any]] = []
    for number, citation in enumerate(reading):
        if number < PREVIEW_RECORDS:
            preview.append(preview_of(citation))
        if number % ADVANCE_EVERY == 0:
            note = f"{number:,} records so far; kilobytes read"
            running.advance(stream.tell() // KILO, batch.size // KILO, note)
    return preview


def preview_of(citation: Citation) -> dict[str, Any]:
    """What the preview shows of a record, as JSON values."""
    return {name: getattr(citation, name) for name in PREVIEW_FIELDS}


def report_of(reading: Reading) -> dict[str, Any]:
    """Warnings, skipped pieces and text outside the records, as JSON values."""
    return {
        "warning_counts": reading.warning_counts,
        "warnings": [asdict(notice) for notice in reading.warnings],
        "skipped": [
            {"line": s.line, "reason": s.reason, "raw": s.raw[:RAW_LETTERS]}
            for s in reading.skipped
        ],
        "outside": [asdict(piece) for piece in reading.outside[:100]],
    }


@transaction.atomic
def _keep(
    batch: Import,
    running: Running,
    reading: Reading,
    preview: list[dict[str, Any]],
    now: datetime,
) -> dict[str, Any]:
    running.advance(batch.size, batch.size)
    Import.objects.filter(pk=batch.pk, state=Import.State.UPLOADED).update(
        state=Import.State.READ,
        found=reading.found,
        kept=reading.kept,
        skipped=reading.skipped_count,
        format=reading.format[:40],
        platform=reading.platform[:80],
        encoding=reading.encoding[:40],
        report=report_of(reading) | {"preview": preview},
    )
    counts = {"found": reading.found, "kept": reading.kept}
    _record(batch, "import:read", now, **counts)
    return counts


@transaction.atomic
def _refuse(
    batch: Import, running: Running, refusal: Unreadable, now: datetime
) -> dict[str, Any]:
    running.advance(batch.size, batch.size)
    Import.objects.filter(pk=batch.pk, state=Import.State.UPLOADED).update(
        state=Import.State.REFUSED,
        refusal=refusal.sentence,
        report={"refusal_kind": refusal.kind},
    )
    _record(batch, "import:refused", now, why=refusal.sentence)
    return {"refused": refusal.sentence}


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
