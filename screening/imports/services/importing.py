"""The job ``records.import``: store the records of a confirmed file in chunks.

Each chunk is one transaction, so the stored positions are always 0 … n-1 and a killed
job continues at n. The records count once the import is ``committed``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, cast

from django.db import connection, transaction

from reviewapp.core import events
from reviewapp.core.codes import new_codes
from reviewapp.core.jobs import RunningJob
from reviewapp.core.models import Job, Review
from screening.citations.citation import Citation
from screening.citations.reading.file_reading import FileReading, read_file
from screening.duplicates.services import duplicates
from screening.imports.services import copied_rows, skipped_entries
from screening.imports.services.imports import IMPORT_JOB
from screening.imports.services.reading import import_options
from screening.records.models import Import, Record
from screening.records.services import titles

# Records per transaction. It sets how much a kill loses and how often the database
# waits for the disk.
CHUNK = 5000
# Records per message. The database stores one block while the next is read; larger
# blocks no longer fit into the processor's cache.
BLOCK = 50
# With fewer new records, the planner's statistics are good enough until autovacuum.
ANALYZE_FROM = 1000
LAST_YEAR = 32_767
COLUMNS = (
    "code", "review_id", "source_id", "arm", "batch_id", "position", "line",
    "archive_path", "raw",
    "title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid",
    "accession", "abstract", "keywords", "type", "url", "language", "issn", "notes",
    "prior", "notices", "added_at", "added_by_id",
)  # fmt: skip


def run_import(*, batch: Import, running: RunningJob, now: datetime) -> dict[str, Any]:
    """Store the file's records, then commit the import and request a deduplication run.

    Safe to run twice and after a kill at any point.
    """
    if batch.state != Import.State.COMMITTING:
        return {"state": batch.state}
    stored = Record.objects.filter(batch=batch).count()
    with batch.file.open("rb") as stream:
        reading = read_file(
            cast(BinaryIO, stream), name=batch.file_name, options=import_options(batch)
        )
        numbered = islice(enumerate(reading), stored, None)
        while True:
            with transaction.atomic():
                chunk = islice(numbered, CHUNK)
                if not _copy(batch, running.job, chunk):
                    break
                running.advance(reading.kept, batch.kept)
    if reading.kept - stored >= ANALYZE_FROM:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {Record._meta.db_table}")
    return _commit(batch, running, reading, now)


def _copy(batch: Import, job: Job, chunk: Iterator[tuple[int, Citation]]) -> int:
    """Append records by COPY as they are read, and return how many there were.

    COPY is several times as fast as INSERT: the database stores and indexes one block
    while the next is read.
    """
    table = Record._meta.db_table
    sql = f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN {copied_rows.OPTIONS}"
    done = 0
    row = _row_maker(batch, job)
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        while block := list(islice(chunk, BLOCK)):
            codes = new_codes(len(block))
            rows = list(map(row, codes, block))
            copy.write(copied_rows.copy_block(rows, COLUMNS.index("year")))
            done += len(block)
    return done


def _row_maker(
    batch: Import, job: Job
) -> Callable[[str, tuple[int, Citation]], tuple[str, ...]]:
    """Return a function that makes a record's row, in the order of COLUMNS."""
    of_all = (str(batch.review_id), str(batch.source_id), batch.source.arm.value)
    # The time of confirmation is the same for the whole file (see keep_order.keep_order).
    added = (job.created_at.isoformat(), str(job.created_by_id))
    in_batch, array = str(batch.pk), copied_rows.array_literal

    def row(code: str, numbered: tuple[int, Citation]) -> tuple[str, ...]:
        position, c = numbered
        year = str(c.year) if c.year and 0 < c.year <= LAST_YEAR else copied_rows.NULL
        return (
            code, *of_all, in_batch, str(position), str(c.line), c.member, c.raw,
            c.title, array(c.authors), year, c.journal, c.volume, c.issue, c.pages,
            c.doi, c.pmid, c.accession, c.abstract, array(c.keywords), c.type, c.url,
            c.language, c.issn, c.notes, _prior(c),
            json.dumps(c.notices) if c.notices else "[]", *added,
        )  # fmt: skip

    return row


def _prior(c: Citation) -> str:
    """Return another tool's decisions as JSON; see ``Record.prior``."""
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
    batch: Import, running: RunningJob, reading: FileReading, now: datetime
) -> dict[str, Any]:
    # Only one import of a review ends at a time, so that the last one is known.
    review = Review.objects.select_for_update(no_key=True).get(pk=batch.review_id)
    running.advance(reading.kept, reading.kept)
    Import.objects.filter(pk=batch.pk).update(
        state=Import.State.COMMITTED,
        committed_at=now,
        found=reading.found,
        kept=reading.kept,
        skipped=reading.skipped_count,
    )
    skipped_entries.store_entries(batch, reading.skipped)
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
    titles.request_title_index(actor=running.job.created_by, batch=batch, now=now)
    if not _others_under_way(running.job):
        duplicates.request_run(actor=running.job.created_by, now=now)
    return {"records": reading.kept}


def _others_under_way(job: Job) -> bool:
    """Return True if another import runs; only the last requests deduplication."""
    return (
        Job.objects.filter(
            review=job.review_id,
            kind=IMPORT_JOB,
            state__in=[Job.State.QUEUED, Job.State.RUNNING],
        )
        .exclude(pk=job.pk)
        .exists()
    )
