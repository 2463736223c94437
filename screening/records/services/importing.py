"""The job ``records.import``: the records of a confirmed file, in chunks.

Each chunk is one transaction, so the stored positions are always 0 … n-1 and a job
that was killed goes on at n. The records count once the import is ``committed``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, cast

from django.db import connection, transaction

from reviewapp.core import events
from reviewapp.core.codes import new_code
from reviewapp.core.jobs import Running
from reviewapp.core.models import Job, Review
from screening.records.formats.citation import Citation
from screening.records.formats.reading import Reading, read
from screening.records.models import Import, Record
from screening.records.services import duplicates, quarantine
from screening.records.services.imports import IMPORT_JOB
from screening.records.services.reading import options_of

CHUNK = 2000
LAST_YEAR = 32_767
COLUMNS = (
    "code", "review_id", "source_id", "arm", "batch_id", "position", "line",
    "archive_path", "raw",
    "title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid",
    "accession", "abstract", "keywords", "type", "url", "language", "issn", "notes",
    "prior", "added_at", "added_by_id",
)  # fmt: skip


def run(*, batch: Import, running: Running, now: datetime) -> dict[str, Any]:
    """Store the file's records, then let them count and look for duplicates.

    Safe to run twice and after a kill at any point.
    """
    if batch.state != Import.State.COMMITTING:
        return {"state": batch.state}
    stored = Record.objects.filter(batch=batch).count()
    with batch.file.open("rb") as stream:
        reading = read(
            cast(BinaryIO, stream), name=batch.file_name, options=options_of(batch)
        )
        for chunk in _chunks(islice(enumerate(reading), stored, None)):
            with transaction.atomic():
                running.advance(chunk[-1][0] + 1, batch.kept)
                _copy(batch, running.job, chunk)
    return _commit(batch, running, reading, now)


def _chunks(
    numbered: Iterable[tuple[int, Citation]],
) -> Iterator[list[tuple[int, Citation]]]:
    numbered = iter(numbered)
    while chunk := list(islice(numbered, CHUNK)):
        yield chunk


def _copy(batch: Import, job: Job, chunk: Sequence[tuple[int, Citation]]) -> None:
    """Append records by COPY: five times as quick as INSERT at this width."""
    table = Record._meta.db_table
    sql = f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for position, citation in chunk:
            copy.write_row(_row(batch, job, position, citation))


def _row(batch: Import, job: Job, position: int, c: Citation) -> tuple[Any, ...]:
    year = c.year if c.year and 0 < c.year <= LAST_YEAR else None
    return (
        new_code(), batch.review_id, batch.source_id, batch.source.arm.value, batch.pk,
        position, c.line, c.member, c.raw,
        c.title, list(c.authors), year, c.journal, c.volume, c.issue, c.pages, c.doi,
        c.pmid, c.accession, c.abstract, list(c.keywords), c.type, c.url, c.language,
        c.issn, c.notes, _prior(c),
        # When the person confirmed: one moment for the whole file (see rank).
        job.created_at, job.created_by_id,
    )  # fmt: skip


def _prior(c: Citation) -> str:
    """What another tool decided, as JSON; see ``Record.prior``."""
    if not (c.prior_decisions or c.prior_labels or c.prior_reasons):
        return "{}"
    return json.dumps(
        {
            "decisions": c.prior_decisions,
            "labels": c.prior_labels,
            "reasons": c.prior_reasons,
        }
    )


@transaction.atomic
def _commit(
    batch: Import, running: Running, reading: Reading, now: datetime
) -> dict[str, Any]:
    # One import of a review ends at a time, so that the last one is known.
    review = Review.objects.select_for_update(no_key=True).get(pk=batch.review_id)
    running.advance(reading.kept, reading.kept)
    Import.objects.filter(pk=batch.pk).update(
        state=Import.State.COMMITTED,
        committed_at=now,
        found=reading.found,
        kept=reading.kept,
        skipped=reading.skipped_count,
    )
    quarantine.keep(batch, reading.skipped)
    events.record(
        review=review,
        actor=running.job.created_by,
        kind="import:committed",
        now=now,
        subject=batch.code,
        file_name=batch.file_name,
        source=batch.source.code,
        records=reading.kept,
    )
    if not _others_under_way(running.job):
        duplicates.request(actor=running.job.created_by, now=now)
    return {"records": reading.kept}


def _others_under_way(job: Job) -> bool:
    """Whether another import is still running: the last one asks for duplicates."""
    return (
        Job.objects.filter(
            review=job.review_id,
            kind=IMPORT_JOB,
            state__in=[Job.State.QUEUED, Job.State.RUNNING],
        )
        .exclude(pk=job.pk)
        .exists()
    )
