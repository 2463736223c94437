"""Uploading, reading, confirming and importing files."""

from __future__ import annotations

import io
import time

import pytest
from django.test import override_settings
from django.utils import timezone

from reviewapp.core import jobs
from reviewapp.core.models import Event, Job
from reviewapp.core.refusals import NotAllowed, Refused
from screening.imports.services import importing, imports
from screening.records.models import Import, Record, Source
from tests import factories
from tests.conftest import Cast
from tests.factories import NOW
from tests.screening.citations.imports_expected import Samples


def ris(n: int, start: int = 0) -> bytes:
    """Return a RIS file of ``n`` different references."""
    return "".join(
        f"TY  - JOUR\nTI  - Invented study number {i} of things\nAU  - Byron, A.\n"
        f"PY  - 2019\nJO  - Journal {i}\nDO  - 10.5555/x.{i}\nER  - \n\n"
        for i in range(start, start + n)
    ).encode()


def run(kind: str, batch: Import) -> Job:
    """Run the job of ``batch`` as a worker would, and return the job."""
    job = jobs.run_claimed_job(Job.objects.get(kind=kind, key=batch.code).pk)
    assert job is not None
    return job


def uploaded(actor, source: Source, content: bytes, name: str = "a.ris") -> Import:
    return imports.upload_file(
        actor=actor,
        source_code=source.code,
        file=io.BytesIO(content),
        file_name=name,
        now=NOW,
    )


def imported(actor, source: Source, content: bytes, name: str = "a.ris") -> Import:
    batch = uploaded(actor, source, content, name)
    run("records.read", batch)
    imports.confirm_import(actor=actor, import_code=batch.code, now=NOW)
    run("records.import", batch)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def source(cast: Cast) -> Source:
    return factories.make_source(cast.lena)


def test_a_file_is_read_confirmed_and_imported(cast: Cast, source: Source) -> None:
    batch = uploaded(cast.lena, source, ris(5))
    run("records.read", batch)
    batch.refresh_from_db()
    assert (batch.state, batch.found, batch.kept, batch.skipped) == ("read", 5, 5, 0)
    assert batch.report["preview"][0]["title"] == "Invented study number 0 of things"
    assert Record.objects.count() == 0

    imports.confirm_import(actor=cast.lena, import_code=batch.code, now=NOW)
    run("records.import", batch)
    batch.refresh_from_db()
    assert batch.state == "committed"
    records = Record.objects.identified().order_by("position")
    assert [r.doi for r in records] == [f"10.5555/x.{i}" for i in range(5)]
    assert {r.arm for r in records} == {"databases"}
    assert records[3].raw.startswith("TY  - JOUR")
    assert records[3].authors == ["Byron, A."]


def test_the_original_is_kept_byte_for_byte(cast: Cast, source: Source) -> None:
    content = b"\xef\xbb\xbf" + ris(2).replace(b"\n", b"\r\n")
    batch = imported(cast.lena, source, content)
    with batch.file.open("rb") as stored:
        assert stored.read() == content


def test_records_of_an_unfinished_import_do_not_count(cast, source) -> None:
    batch = uploaded(cast.lena, source, ris(3))
    run("records.read", batch)
    imports.confirm_import(actor=cast.lena, import_code=batch.code, now=NOW)
    batch.refresh_from_db()
    factories.make_records(cast.lena, 1, source, batch=batch, position=0)
    assert Record.objects.count() == 1
    assert Record.objects.identified().count() == 0


def test_unreadable_file_is_refused_with_a_reason(
    cast, source, samples: Samples
) -> None:
    content = (samples.folder / "bad-login-page.ris").read_bytes()
    batch = uploaded(cast.lena, source, content, "medline.ris")
    job = run("records.read", batch)
    batch.refresh_from_db()
    assert job.state == "done"
    assert batch.state == "refused"
    assert "web page" in batch.refusal
    assert Record.objects.count() == 0
    with pytest.raises(Refused):
        imports.confirm_import(actor=cast.lena, import_code=batch.code, now=NOW)


def test_an_empty_file_is_refused(cast: Cast, source: Source) -> None:
    batch = uploaded(cast.lena, source, b"")
    run("records.read", batch)
    batch.refresh_from_db()
    assert batch.state == "refused"
    assert "empty" in batch.refusal


def test_the_same_file_twice_in_a_source_is_refused(cast, source) -> None:
    imported(cast.lena, source, ris(3))
    with pytest.raises(Refused, match="already"):
        uploaded(cast.dora, source, ris(3), "again.ris")
    assert Import.objects.count() == 1
    assert Record.objects.count() == 3


def test_discarded_file_can_be_uploaded_again(cast, source) -> None:
    batch = uploaded(cast.lena, source, ris(3))
    run("records.read", batch)
    imports.discard_import(actor=cast.lena, import_code=batch.code, now=NOW)
    again = imported(cast.lena, source, ris(3))
    assert again.state == "committed"
    with pytest.raises(Refused):
        imports.confirm_import(actor=cast.lena, import_code=batch.code, now=NOW)


def test_the_same_file_in_two_sources_is_two_imports(cast, source) -> None:
    other = factories.make_source(cast.lena, "Scopus")
    imported(cast.lena, source, ris(2))
    imported(cast.lena, other, ris(2))
    assert Record.objects.count() == 4


def test_a_reviewer_may_not_import(cast: Cast, source: Source) -> None:
    with pytest.raises(NotAllowed):
        uploaded(cast.ada, source, ris(1))


@override_settings(UPLOAD_MAX_BYTES=100)
def test_a_file_over_the_limit_is_refused_and_not_kept(cast, source) -> None:
    with pytest.raises(Refused, match="larger"):
        uploaded(cast.lena, source, ris(10))
    assert Import.objects.count() == 0


def test_a_file_of_3_gb_is_read_to_its_end(cast: Cast, source: Source) -> None:
    batch = uploaded(cast.lena, source, ris(2))
    # The size exceeds a 32-bit integer of the database; the content is not this large.
    Import.objects.filter(pk=batch.pk).update(size=3 << 30)
    job = run("records.read", batch)
    assert (job.state, job.done) == ("done", (3 << 30) // 1000)
    batch.refresh_from_db()
    assert (batch.state, batch.kept) == ("read", 2)


def test_killed_import_continues_where_it_stopped(cast, source, monkeypatch) -> None:
    monkeypatch.setattr(importing, "CHUNK", 10)
    batch = uploaded(cast.lena, source, ris(45))
    run("records.read", batch)
    job = imports.confirm_import(actor=cast.lena, import_code=batch.code, now=NOW)

    real = importing._copy
    calls = []

    def dies_in_the_third_chunk(*args):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(importing, "_copy", dies_in_the_third_chunk)
    with pytest.raises(KeyboardInterrupt):
        jobs.run_claimed_job(job.pk)
    assert Record.objects.count() == 20
    assert Record.objects.identified().count() == 0
    first = set(Record.objects.values_list("pk", flat=True))

    monkeypatch.setattr(importing, "_copy", real)
    long_ago = timezone.now() - 2 * jobs.STALE_AFTER
    Job.objects.filter(pk=job.pk).update(state="running", heartbeat_at=long_ago)
    assert jobs.run_claimed_job(job.pk).state == "done"
    positions = Record.objects.order_by("position").values_list("position", flat=True)
    assert list(positions) == list(range(45))
    assert first <= set(Record.objects.values_list("pk", flat=True))


def test_an_import_run_twice_adds_nothing(cast: Cast, source: Source) -> None:
    batch = imported(cast.lena, source, ris(4))
    job = Job.objects.get(kind="records.import", key=batch.code)
    Job.objects.filter(pk=job.pk).update(state="queued")
    jobs.run_claimed_job(job.pk)
    assert Record.objects.count() == 4


def test_deduplication_runs_once_after_the_last_import(cast, source) -> None:
    one = uploaded(cast.lena, source, ris(2))
    two = uploaded(cast.lena, source, ris(2, start=2), "b.ris")
    for batch in (one, two):
        run("records.read", batch)
        imports.confirm_import(actor=cast.lena, import_code=batch.code, now=NOW)
    run("records.import", one)
    assert Job.objects.filter(kind="records.duplicates").count() == 0
    run("records.import", two)
    assert Job.objects.filter(kind="records.duplicates").count() == 1


def test_every_step_records_one_event(cast: Cast, source: Source) -> None:
    imported(cast.lena, source, ris(1))
    kinds = list(
        Event.objects.filter(kind__startswith="import:")
        .order_by("pk")
        .values_list("kind", flat=True)
    )
    assert kinds == [
        "import:uploaded",
        "import:read",
        "import:confirmed",
        "import:committed",
    ]


def test_failed_reading_can_be_resumed(cast, source, monkeypatch) -> None:
    from screening.imports.services import reading

    batch = uploaded(cast.lena, source, ris(1))

    def breaks(*args, **kwargs):
        raise OSError("disk")

    monkeypatch.setattr(reading, "read_file", breaks)
    assert run("records.read", batch).state == "failed"
    monkeypatch.undo()
    imports.resume_import(actor=cast.lena, import_code=batch.code, now=NOW)
    assert run("records.read", batch).state == "done"
    with pytest.raises(Refused):
        imports.resume_import(actor=cast.lena, import_code=batch.code, now=NOW)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\medline.ris", "medline.ris"),
        ("a\x00b\u202e.ris", "ab.ris"),
        ("", "unnamed"),
    ],
)
def test_uploaded_name_is_only_displayed(given: str, shown: str) -> None:
    assert imports.displayed_name(given) == shown


@pytest.mark.worker
def test_a_real_worker_reads_and_imports_and_finds_duplicates(worker, cast_with_files):
    cast, source = cast_with_files
    batch = uploaded(cast.lena, source, ris(30) + ris(1))
    wait_until(lambda: state_of(batch) == "read")
    imports.confirm_import(actor=cast.lena, import_code=batch.code, now=NOW)
    wait_until(
        lambda: Job.objects.filter(kind="records.duplicates", state="done").exists()
    )
    assert Record.objects.identified().count() == 31
    assert Record.objects.unique().count() == 30


@pytest.fixture
def cast_with_files(worker, request) -> tuple[Cast, Source]:
    """Return the cast in committed rows, which the worker can see."""
    cast = request.getfixturevalue("cast")
    return cast, factories.make_source(cast.lena)


def state_of(batch: Import) -> str:
    return Import.objects.values_list("state", flat=True).get(pk=batch.pk)


def wait_until(condition, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the worker did not finish in time"
        time.sleep(0.1)
