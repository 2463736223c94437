"""Real exports through the pages, the command line and deduplication."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from reviewapp.core import jobs
from screening.duplicates.services import duplicates
from screening.records.models import Duplicate, Record, Source
from tests import factories
from tests.acceptance.real_files import IMPORTS
from tests.conftest import Cast
from tests.e2e import counting
from tests.screening.citations.imports_expected import Samples
from tests.screening.imports.test_import_samples import (
    assert_imported,
    test_unsupported_sample_is_refused_on_the_page,
)
from tests.screening.imports.test_imports import (
    imported,
    test_unreadable_file_is_refused_with_a_reason,
)
from tests.screening.imports.test_parse_references import (
    KEYS,
    assert_needs_nothing,
    run,
    test_a_sample_is_printed_as_expected,
    test_refused_sample_prints_its_kind_and_reason,
)

SAMPLES = Samples(IMPORTS)
__all__ = [
    "test_a_sample_is_printed_as_expected",
    "test_refused_sample_prints_its_kind_and_reason",
    "test_unreadable_file_is_refused_with_a_reason",
    "test_unsupported_sample_is_refused_on_the_page",
]


@pytest.mark.parametrize(
    "name",
    [
        "ovid-psycinfo.ris",
        "ebsco-psycinfo.ris",
        "eric.nbib",
        "scopus.csv",
        "bad-missing-er.ris",
        "bad-formula-cells.csv",
        "crafted-rayyan-decisions.csv",
        "crafted-ovid-search-strategy.ris",
        "endnote.xml",
        "crafted-two-exports.zip",
        "lens.xlsx",
        "publish-or-perish.json",
    ],
)
def test_a_file_comes_in_by_the_page_as_the_sample_says(
    lena: Client, url, source: Source, name: str
) -> None:
    assert_imported(lena, url, source, SAMPLES, name)


def test_the_searches_of_a_review_merge_to_their_different_dois(cast: Cast) -> None:
    found = 0
    for search in counting.SEARCHES:
        source = factories.make_source(cast.lena, name=search.name)
        for export in search.exports:
            content = (IMPORTS / export.name).read_bytes()
            imported(cast.lena, source, content, export.name)
        found += search.records(IMPORTS)
        assert source.records.count() == search.records(IMPORTS)
    assert Record.objects.count() == found
    job = jobs.run_claimed_job(
        duplicates.request_run(actor=cast.lena, now=factories.NOW).pk
    )
    assert job is not None
    assert job.state == "done", job.error
    unique = counting.unique(IMPORTS)
    assert found - Duplicate.objects.count() == len(unique)


def test_each_kept_record_is_one_line_of_json() -> None:
    out, err = run("scopus.ris", "bad-missing-er.ris", of=SAMPLES, json=True)
    records = [json.loads(line) for line in out.splitlines()]
    assert [list(record) for record in records] == [KEYS] * 15
    assert records[0]["source_file"] == "scopus.ris"
    assert records[-1]["source_file"] == "bad-missing-er.ris"
    assert records[0]["authors"][0] == "Wilson, L.N."
    assert records[1]["line"] > records[0]["line"] == 1
    assert "scopus.ris: format=ris platform=Scopus encoding=utf-8-bom" in err
    assert "found 5, kept 5, skipped 0" in err
    assert "warning record-not-terminated, line 1:" in err


def test_what_a_record_lacks_is_null() -> None:
    out, _ = run("clinicaltrials-gov.csv", of=SAMPLES, json=True)
    record = json.loads(out.splitlines()[0])
    assert record["doi"] is None
    assert record["abstract"] is None
    assert record["authors"] == []


def test_a_refused_file_ends_in_failure_and_the_others_are_still_read() -> None:
    out, err = StringIO(), StringIO()
    files = [IMPORTS / name for name in ("bad-login-page.ris", "zotero.ris")]
    with pytest.raises(CommandError, match="1 of 2 files were refused"):
        call_command("parse_references", *files, json=True, stdout=out, stderr=err)
    kept = SAMPLES.expected["zotero.ris"]["expected_records"]
    assert len(out.getvalue().splitlines()) == kept
    assert "bad-login-page.ris: refused (html-page)" in err.getvalue()


def test_without_json_the_report_is_for_people() -> None:
    out, err = run("eric.nbib", of=SAMPLES)
    assert "found 3, kept 3, skipped 0" in out
    assert err == ""


@pytest.mark.parametrize("name", ["zotero.csv", "crafted-two-exports.zip", "lens.xlsx"])
def test_it_needs_no_database_no_redis_and_no_environment(
    name: str, tmp_path: Path
) -> None:
    assert_needs_nothing(SAMPLES, name, tmp_path)
