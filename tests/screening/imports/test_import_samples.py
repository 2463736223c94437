"""Sample files, whole and damaged, from the upload page to the records."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from screening.records.models import Import, Record, Source
from tests.screening.citations.imports_expected import Samples
from tests.screening.imports.test_imports import run
from tests.screening.records.pages import text_of

IMPORTED = [
    "ovid-psycinfo.ris",
    "ebsco-psycinfo.ris",
    "eric.nbib",
    "scopus.csv",
    "bad-missing-er.ris",
    "bad-empty-records.ris",
    "bad-formula-cells.csv",
    "rayyan-decisions.csv",
    "ovid-search-strategy.ris",
    "endnote.xml",
    "two-exports.zip",
    "lens.xlsx",
    "publish-or-perish.json",
]
REFUSED = ["bad-login-page.ris", "bad-pdf-renamed.ris", "bad-empty.ris"]


def uploaded(lena: Client, url, source: Source, samples: Samples, name: str) -> Import:
    """Send the file by the upload form and run the job that reads it."""
    content = (samples.folder / name).read_bytes()
    file = SimpleUploadedFile(name, content)
    answer = lena.post(url("imports:upload", source), {"exports": file})
    batch = Import.objects.get()
    assert answer.url == url("imports:import", batch)
    run("records.read", batch)
    return batch


@pytest.mark.parametrize("name", IMPORTED)
def test_uploaded_sample_is_imported_as_expected(
    lena: Client, url, source: Source, samples: Samples, name: str
) -> None:
    assert_imported(lena, url, source, samples, name)


def assert_imported(
    lena: Client, url, source: Source, samples: Samples, name: str
) -> None:
    """Import the file on its page and compare every count."""
    entry = samples.expected[name]
    batch = uploaded(lena, url, source, samples, name)
    shown = lena.get(url("imports:import", batch))
    page, line = text_of(shown), shown.context["import"].line
    n, skipped = entry["expected_records"], entry.get("skipped_records", 0)
    assert (line.kept, line.skipped) == (n, skipped)
    assert line.found == line.kept + line.skipped
    assert f"Import {n:,} record" in page
    kinds = {kind.kind for kind in shown.context["import"].warning_kinds}
    assert set(entry.get("warnings", ())) <= kinds
    assert Record.objects.count() == 0

    lena.post(url("imports:import_commit", batch))
    run("records.import", batch)
    listed = lena.get(url("records:list"), {"import": batch.code})
    assert listed.context["page"].total == n
    answer = lena.get(url("imports:import_report_json", batch))
    report = json.loads(b"".join(answer.streaming_content))
    assert len(report["warnings"]) == sum(report["warning_counts"].values())
    assert len(report["skipped_pieces"]) == skipped == batch.skipped_entries.count()


@pytest.mark.parametrize("name", REFUSED)
def test_unsupported_sample_is_refused_on_the_page(
    lena: Client, url, source: Source, samples: Samples, name: str
) -> None:
    batch = uploaded(lena, url, source, samples, name)
    page = text_of(lena.get(url("imports:import", batch)))
    assert "Nothing was imported" in page
    batch.refresh_from_db()
    assert batch.report["refusal_kind"] == samples.expected[name]["refusal"]
    assert Record.objects.count() == 0
