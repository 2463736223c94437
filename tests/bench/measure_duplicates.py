"""Database part of the benchmark ``duplicates``: one run, then 1 000 more records."""

from __future__ import annotations

import os
import resource
import time
from itertools import islice
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from reviewapp.core import jobs
from reviewapp.demo.exports import all_exports
from screening.duplicates.services import duplicates
from screening.records.models import Duplicate, Record
from tests import factories
from tests.bench.duplicates import multiplied
from tests.bench.records import read_all
from tests.conftest import Cast

STORED = int(os.environ.get("BENCH_RECORDS", "80000"))
NEW = 1000
BATCH = 5000


@pytest.mark.django_db(transaction=True)
def test_the_cost_of_later_records(cast: Cast) -> None:
    references = (r for _, r in multiplied(read_all(all_exports()), STORED + NEW))
    source = factories.make_source(cast.lena)

    def store(number: int) -> None:
        left = number
        while left:
            rows = [
                Record(
                    review=cast.review, source=source, arm=source.arm, title=r.title,
                    authors=list(r.authors), year=r.year, journal=r.journal,
                    volume=r.volume, issue=r.issue, pages=r.pages, doi=r.doi,
                    pmid=r.pmid, abstract=r.abstract, added_at=timezone.now(),
                    added_by=cast.lena,
                )
                for r in islice(references, min(left, BATCH))
            ]  # fmt: skip
            Record.objects.bulk_create(rows)
            left -= len(rows)

    store(STORED)
    print()
    search(cast, f"first search, {STORED:,} records")
    store(NEW)
    spent = search(cast, f"{NEW:,} new into {STORED:,}")
    search(cast, "again, nothing new")
    assert Duplicate.objects.count() > STORED // 10
    assert spent > 0


def search(cast: Cast, label: str) -> float:
    """Run deduplication as a worker does, and return the CPU seconds of its process."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT pg_backend_pid()")
        server = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    job = duplicates.request_run(actor=cast.lena, now=timezone.now())
    ours, theirs = time.process_time(), _cpu_seconds(server)
    done = jobs.run_claimed_job(job.pk)
    ours, theirs = time.process_time() - ours, _cpu_seconds(server) - theirs
    assert done is not None
    assert done.state == "done", done.error
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    counts = {name: done.result[name] for name in ("new", "merges", "questions")}
    print(
        f"{label:34}CPU: ours {ours:.2f} s, PostgreSQL {theirs:.2f} s, "
        f"peak {peak:.2f} GB {counts}",
        flush=True,
    )
    return ours


def _cpu_seconds(stat: Path) -> float:
    if not stat.exists():  # another machine's server
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
