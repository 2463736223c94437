"""Late arrivals: a finished review takes them in, and its flow is final again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from reviewapp.core import jobs
from reviewapp.core.models import Job, Member
from screening.decisions.models import Decision, Stage
from screening.decisions.queries import waves
from screening.decisions.services import closing
from screening.duplicates.queries.runs import FIND_JOB
from screening.duplicates.services import merge_undo
from screening.flow.queries import flow
from screening.imports.services import import_undo
from screening.records.models import Import, Record, Source
from screening.reports.models import Report
from screening.reports.services import retrieval
from tests import factories
from tests.conftest import Cast
from tests.screening.flow.histories import NOW, duplicate, read_all
from tests.screening.imports.test_imports import imported, ris


def is_final(cast: Cast) -> bool:
    return flow.build_flow(cast.review).is_final


def stage_of(cast: Cast, subject: str) -> Stage:
    return Stage.objects.get(review=cast.review, subject=subject)


ClientOf = Callable[[Member | None], Client]


def import_file(cast: Cast, source: Source, content: bytes) -> Import:
    """Import a file and find its duplicates, as the jobs of an import do."""
    batch = imported(cast.lena, source, content)
    for job in Job.objects.filter(kind=FIND_JOB, state=Job.State.QUEUED):
        jobs.run_claimed_job(job.pk)
    return batch


def screen_wave(cast: Cast, stage: Stage, *, include: bool) -> int:
    """Screen the open wave with Ada alone and close it; return its number."""
    read_all(stage, cast.ada, lambda title: include)
    wave = closing.close_wave(actor=cast.dora, stage_code=stage.code, now=NOW)
    return int(wave.number)


def test_a_search_update_goes_through_to_a_final_flow(
    finished: Cast, client_of: ClientOf
) -> None:
    """A new search of a closed review: screened, retrieved, assessed, included."""
    cast = finished
    assert is_final(cast)
    before = flow.build_flow(cast.review)
    source = factories.make_source(cast.lena, "Medline, second search")
    import_file(cast, source, ris(2))
    assert not is_final(cast)
    page = client_of(cast.olaf).get(f"/r/{cast.review.code}/flow/").content.decode()
    assert "Title and abstract, wave 2: 2 wait for a decision" in page
    assert screen_wave(cast, stage_of(cast, "record"), include=True) == 2
    reports = Report.objects.filter(record__source=source).order_by("pk")
    assert len(reports) == 2
    for report in reports:
        retrieval.mark_retrieved(actor=cast.lena, report_code=report.code, now=NOW)
    assert screen_wave(cast, stage_of(cast, "report"), include=True) == 2
    assert is_final(cast)
    after = flow.build_flow(cast.review)
    assert after.n("identified") == before.n("identified") + 2
    assert after.n("new_studies") == before.n("new_studies") + 2


def test_a_report_that_was_given_up_and_comes_later_is_assessed(finished: Cast) -> None:
    cast = finished
    report = Report.objects.get(retrieval=Report.Retrieval.NOT_RETRIEVED)
    retrieval.reopen_retrieval(actor=cast.lena, report_code=report.code, now=NOW)
    retrieval.mark_retrieved(actor=cast.lena, report_code=report.code, now=NOW)
    assert not is_final(cast)
    assert screen_wave(cast, stage_of(cast, "report"), include=False) == 2
    assert is_final(cast)


def test_a_record_of_an_undone_merge_is_screened(
    finished: Cast, records: list[Record]
) -> None:
    cast = finished
    merge_undo.undo_cluster(actor=cast.lena, record_code=records[9].code, now=NOW)
    assert not is_final(cast)
    assert screen_wave(cast, stage_of(cast, "record"), include=False) == 2
    assert is_final(cast)


def test_what_an_undone_import_leaves_behind_is_screened(finished: Cast) -> None:
    """The kept record disappears with its import, so its duplicate counts again."""
    cast = finished
    source = factories.make_source(cast.lena, "Second search")
    batch = import_file(cast, source, ris(1))
    (late,) = factories.make_records(
        cast.lena, 1, factories.make_source(cast.lena, "Third search")
    )
    duplicate(cast.lena, late, batch.records.get())
    import_undo.undo_import(
        actor=cast.lena, import_code=batch.code, typed_name=batch.file_name, now=NOW
    )
    assert not is_final(cast)
    assert screen_wave(cast, stage_of(cast, "record"), include=False) == 2
    assert Decision.objects.filter(record=late).exists()
    assert is_final(cast)


@pytest.mark.parametrize("when", ["while the wave is open", "after it has closed"])
def test_a_restored_import_is_screened(finished: Cast, when: str) -> None:
    cast = finished
    stage = stage_of(cast, "record")
    source = factories.make_source(cast.lena, "Second search")
    first, second = (
        import_file(cast, source, ris(2)),
        import_file(cast, source, ris(4, start=50)),
    )
    import_undo.undo_import(
        actor=cast.lena, import_code=first.code, typed_name=first.file_name, now=NOW
    )
    if when == "after it has closed":
        assert screen_wave(cast, stage, include=False) == 2
        assert waves.open_wave(stage) is None
    import_undo.restore_import(actor=cast.lena, import_code=first.code, now=NOW)
    assert second.state == Import.State.COMMITTED
    number = screen_wave(cast, stage, include=False)
    assert number == (3 if when == "after it has closed" else 2)
    assert is_final(cast)
