"""Title search: complete right after an import, and through the index later."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviewapp.core import jobs
from reviewapp.core.models import Job
from screening.citations.citation import Citation
from screening.duplicates.queries.matches import matches_for_viewer
from screening.imports.services import entries
from screening.records.models import Import, SearchedTitle
from screening.records.queries import titles as where
from screening.records.queries.records import RecordFilters, records_page
from screening.records.services import titles
from tests import factories
from tests.conftest import Cast
from tests.screening.imports.test_imports import imported, ris, run

RECORDS = 7


@pytest.fixture
def batch(cast: Cast) -> Import:
    return imported(cast.lena, factories.make_source(cast.lena), ris(RECORDS))


def found(cast: Cast, words: str) -> list[str]:
    listed = records_page(cast.lena, RecordFilters(q=words))
    assert listed.total == len(listed.lines)
    return [line.record.title for line in listed.lines]


def resembled(cast: Cast) -> set[str]:
    one = Citation(title="Invented study number 3 of things", year=2019)
    return {match.title for match in matches_for_viewer(cast.lena, one)}


@pytest.mark.django_db
def test_searches_find_the_same_before_and_after_indexing(cast: Cast, batch: Import):
    assert where.title_column(cast.review.pk) == where.UNINDEXED
    before = (found(cast, "NUMBER 3"), found(cast, "tudy"), resembled(cast))
    assert [len(part) for part in before[:2]] == [1, RECORDS]
    assert "Invented study number 3 of things" in before[2]
    assert run(titles.TITLES_JOB, batch).state == "done"
    assert where.title_column(cast.review.pk) == where.INDEXED
    assert (found(cast, "NUMBER 3"), found(cast, "tudy"), resembled(cast)) == before


@pytest.mark.django_db
def test_a_search_reads_the_titles_through_their_index(cast, batch):
    run(titles.TITLES_JOB, batch)
    with CaptureQueriesContext(connection) as asked:
        found(cast, "study")
    reads = [query["sql"] for query in asked if "~*" in query["sql"]]
    assert reads
    assert all('"records_searchedtitle"."title"' in sql for sql in reads)


@pytest.mark.django_db
def test_killed_indexing_job_loses_no_title(cast, batch, monkeypatch):
    monkeypatch.setattr(titles, "CHUNK", 2)
    real = jobs.RunningJob.advance

    def dies(self, done: int, total: int, note: str = "") -> None:
        if done > 3:
            raise KeyboardInterrupt
        real(self, done, total, note)

    monkeypatch.setattr(jobs.RunningJob, "advance", dies)
    job = Job.objects.get(kind=titles.TITLES_JOB)
    with pytest.raises(KeyboardInterrupt):
        jobs.run_claimed_job(job.pk)
    assert SearchedTitle.objects.count() == 2
    assert where.title_column(cast.review.pk) == where.UNINDEXED
    assert len(found(cast, "study")) == RECORDS
    monkeypatch.setattr(jobs.RunningJob, "advance", real)
    Job.objects.update(state="queued")
    assert run(titles.TITLES_JOB, batch).state == "done"
    assert SearchedTitle.objects.count() == RECORDS
    assert len(found(cast, "study")) == RECORDS


@pytest.mark.django_db
def test_manually_added_record_is_found_immediately(cast: Cast, batch: Import) -> None:
    run(titles.TITLES_JOB, batch)
    entries.add_record(
        actor=cast.lena,
        source_code=batch.source.code,
        citation=Citation(title="A late arrival on things"),
        now=factories.NOW,
    )
    assert found(cast, "arrival") == ["A late arrival on things"]


@pytest.mark.django_db
def test_next_import_indexes_titles_of_a_failed_job(cast, batch) -> None:
    Job.objects.filter(kind=titles.TITLES_JOB).update(state="failed")
    later = imported(cast.lena, batch.source, ris(2, start=RECORDS), "b.ris")
    assert where.title_column(cast.review.pk) == where.UNINDEXED
    assert run(titles.TITLES_JOB, later).result == {"titles": RECORDS + 2}
    assert where.title_column(cast.review.pk) == where.INDEXED
    assert len(found(cast, "study")) == RECORDS + 2
