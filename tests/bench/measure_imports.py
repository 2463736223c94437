"""Database part of the benchmark `imports`: time of 100 000 records, memory of a
million.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from reviewapp.core import jobs
from reviewapp.core.models import Job
from screening.citations.reading.file_reading import read_file
from screening.imports.services import imports
from screening.records.models import Record
from tests import factories
from tests.acceptance.real_files import IMPORTS
from tests.bench import corpus
from tests.conftest import Cast

RECORDS = int(os.environ.get("BENCH_RECORDS", "100000"))
MILLION = int(os.environ.get("BENCH_RECORDS", "1000000"))
MEGABYTES = 500


def timed(label: str, work: Callable[[], object], records: int = RECORDS) -> float:
    """Return the wall seconds, and print CPU seconds of this process and the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    ours, theirs = time.process_time(), _cpu_seconds(server)
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    ours, theirs = time.process_time() - ours, _cpu_seconds(server) - theirs
    print(
        f"{label:34}{records / seconds:10,.0f} records/s {seconds:8.1f} s   "
        f"CPU: ours {ours:.1f} s, PostgreSQL {theirs:.1f} s",
        flush=True,
    )
    return seconds


def _cpu_seconds(stat: Path) -> float:
    if not stat.exists():  # another machine's server
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.django_db(transaction=True)
def test_import_rate(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "many.ris"
    records = [r for name in SOURCES for r in corpus.ris_records(IMPORTS / name)]
    with path.open("wb") as out:
        corpus.write(records, RECORDS, out)
    print(f"\n{RECORDS:,} records, {path.stat().st_size / 1e6:,.0f} MB")
    with path.open("rb") as stream:
        timed(
            "floor: reading alone", lambda: sum(1 for _ in read_file(stream, name="x"))
        )
    source = factories.make_source(cast.lena)
    with path.open("rb") as stream:
        batch = imports.upload_file(
            actor=cast.lena,
            source_code=source.code,
            file=stream,
            file_name="m.ris",
            now=NOW,
        )
    timed("first reading (the dry run)", lambda: run("records.read", batch.code))
    batch.refresh_from_db()
    imports.confirm_import(actor=cast.lena, import_code=batch.code, now=NOW)
    whole = timed("import", lambda: run("records.import", batch.code))
    assert Record.objects.identified().count() == RECORDS
    timed("titles made searchable, after it", lambda: run("records.titles", batch.code))
    floor = timed("floor: COPY of the rows alone", copied_again)
    print(f"import / COPY alone: {whole / floor:.2f}")


@pytest.mark.django_db(transaction=True)
def test_a_million_records_in_constant_memory(
    cast: Cast, tmp_path: Path, settings: Any
) -> None:
    """Measure the worker's process, with Django, the test and everything in it."""
    settings.UPLOAD_MAX_BYTES = 10 << 30
    path = tmp_path / "million.ris"
    records = [r for name in SOURCES for r in corpus.ris_records(IMPORTS / name)]
    with path.open("wb") as out:
        corpus.write(records, MILLION, out)
    print(f"\n{MILLION:,} records, {path.stat().st_size / 1e6:,.0f} MB")
    print(f"before: {peak():,.0f} MB", flush=True)
    source = factories.make_source(cast.lena)
    with path.open("rb") as stream:
        batch = imports.upload_file(
            actor=cast.lena,
            source_code=source.code,
            file=stream,
            file_name="m.ris",
            now=NOW,
        )
    path.unlink()
    timed("the dry run", lambda: run("records.read", batch.code), MILLION)
    print(f"most memory: {peak():,.0f} MB", flush=True)
    batch.refresh_from_db()
    imports.confirm_import(actor=cast.lena, import_code=batch.code, now=NOW)
    timed("import", lambda: run("records.import", batch.code), MILLION)
    print(f"most memory: {peak():,.0f} MB", flush=True)
    assert Record.objects.identified().count() == MILLION
    timed("titles", lambda: run("records.titles", batch.code), MILLION)
    assert peak() < MEGABYTES


def peak() -> float:
    """Return the peak memory of this process in MB."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1000


NOW = timezone.now()
# Together 2 kB per record, as in the file of a whole search.
SOURCES = ("zotero.ris", "endnote-export.ris", "ovid-cabi.ris")


def run(kind: str, key: str) -> None:
    job = jobs.run_claimed_job(Job.objects.get(kind=kind, key=key).pk)
    assert job is not None
    assert job.state == "done", job.error


def copied_again() -> None:
    """Copy the same rows from memory into a table with the same indexes."""
    table = Record._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE again (LIKE {table} INCLUDING ALL)")
        with cursor.copy(f"COPY {table} TO STDOUT") as out:
            rows = iter(list(out))
        with cursor.copy("COPY again FROM STDIN") as into:
            for piece in blocks(rows):
                into.write(piece)


def blocks(rows: Iterator[bytes]) -> Iterator[bytes]:
    while some := list(islice(rows, 200)):
        yield b"".join(map(bytes, some))
