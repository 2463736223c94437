"""Import whose worker is killed: it continues without losses or repeats."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from reviewapp.core import jobs
from reviewapp.core.models import Job
from reviewapp.testing import database_url_of
from screening.imports.services import imports
from screening.records.models import Import, Record, Source
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW

ROOT = Path(__file__).resolve().parents[3]
RECORDS = 3000
# With small chunks and a worker that waits in the middle, the kill always falls between
# two chunks, even on a slow machine.
WORKER = """
import time, django
django.setup()
from django.core.files.storage import default_storage
default_storage._setup()
default_storage._wrapped.__dict__.update(_location={files!r}, location={files!r})
from reviewapp.core import jobs
from screening.imports.services import importing
importing.CHUNK, importing.BLOCK = 100, 50
advance = jobs.RunningJob.advance
def slowly(*args, **kwargs):
    advance(*args, **kwargs)
    if args[1] > 1000:
        time.sleep(600)
jobs.RunningJob.advance = slowly
jobs.run_claimed_job({pk})
"""


def ris() -> bytes:
    return "".join(
        f"TY  - JOUR\nTI  - Study {i} of \\N things\tand more\nAU  - Byron, A{i}.\n"
        f'KW  - a\\b\nKW  - c "d", {{e}}\nPY  - 2019\nER  - \n\n'
        for i in range(RECORDS)
    ).encode()


def confirmed(cast: Cast, source: Source) -> tuple[Import, Job]:
    batch = imports.upload_file(
        actor=cast.lena,
        source_code=source.code,
        file=io.BytesIO(ris()),
        file_name="a",
        now=NOW,
    )
    jobs.run_claimed_job(Job.objects.get(kind="records.read", key=batch.code).pk)
    job = imports.confirm_import(actor=cast.lena, import_code=batch.code, now=NOW)
    return batch, job


def rows(batch: Import) -> list[dict[str, Any]]:
    left_out = {"id", "code", "source_id", "batch_id", "added_at"}
    names = [f.attname for f in Record._meta.concrete_fields]
    kept = [name for name in names if name not in left_out]
    return list(Record.objects.filter(batch=batch).order_by("pk").values(*kept))


@pytest.mark.django_db(transaction=True)
def test_import_with_a_killed_worker_ends_like_an_undisturbed_one(
    cast: Cast,
) -> None:
    undisturbed, job = confirmed(cast, factories.make_source(cast.lena))
    jobs.run_claimed_job(job.pk)
    batch, job = confirmed(cast, factories.make_source(cast.lena, "Scopus"))
    name = str(connection.settings_dict["NAME"])
    files = str(default_storage.path(""))
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER.format(pk=job.pk, files=files)],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": database_url_of(os.environ["DATABASE_URL"], name),
            "DJANGO_SETTINGS_MODULE": "reviewapp.settings",
        },
    )
    stored = Record.objects.filter(batch=batch)
    deadline = time.monotonic() + 60
    while stored.count() < 1000:
        assert worker.poll() is None, "the worker ended before it was killed"
        assert time.monotonic() < deadline, "the worker stored nothing"
        time.sleep(0.02)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    left = stored.count()
    assert left == 1000
    assert not Record.objects.identified().filter(batch=batch).exists()

    long_ago = timezone.now() - jobs.STALE_AFTER - timedelta(minutes=1)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=long_ago)
    resumed = jobs.run_claimed_job(job.pk)
    assert resumed is not None
    assert resumed.state == "done"
    assert rows(batch) == rows(undisturbed)
    assert len(rows(batch)) == RECORDS
    assert Record.objects.values("code").distinct().count() == 2 * RECORDS
