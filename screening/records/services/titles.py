"""The job ``records.titles``: index the titles of imports for search, in chunks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from reviewapp.core import jobs
from reviewapp.core.jobs import RunningJob
from reviewapp.core.models import Member
from screening.records.models import Import, Record, SearchedTitle

TITLES_JOB = "records.titles"
CHUNK = 5000
_COPY = f"""
    INSERT INTO {SearchedTitle._meta.db_table} (record_id, title)
    SELECT id, title FROM {Record._meta.db_table}
    WHERE batch_id = %s AND position >= %s AND position < %s
    ON CONFLICT DO NOTHING
"""  # noqa: S608  (the tables' names come from their models)


def request_title_index(*, actor: Member, batch: Import, now: datetime) -> None:
    """Queue the job for an import; requesting it twice runs it once."""
    jobs.enqueue(actor=actor, kind=TITLES_JOB, key=batch.code, now=now)


def run_title_index(*, running: RunningJob, now: datetime) -> dict[str, Any]:
    """Index the titles of all imports that lack them, also after a failed job.

    Safe to run twice and after a kill.
    """
    waiting = Import.objects.filter(
        review=running.job.review, committed_at__isnull=False, titled_at=None
    ).defer("report")
    return {"titles": sum(_copy(batch, running, now) for batch in waiting)}


def _copy(batch: Import, running: RunningJob, now: datetime) -> int:
    for start in range(0, batch.kept, CHUNK):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_COPY, [batch.pk, start, start + CHUNK])
            done = min(start + CHUNK, batch.kept)
            running.advance(done, batch.kept, _("Titles indexed for search"))
    Import.objects.filter(pk=batch.pk, titled_at=None).update(titled_at=now)
    return batch.kept


def index_title(record: Record) -> None:
    """Index the title of a record that was added manually."""
    SearchedTitle.objects.create(record=record, title=record.title)
