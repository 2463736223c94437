"""Flags: kept from the file, matched with a loaded list by DOI or PMID only."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from screening.records.models import ListedRetraction, Record
from screening.records.queries.records import record_detail
from tests import factories
from tests.screening.imports.test_imports import imported
from tests.screening.records.pages import text_of

HEAD = (
    "Record ID,Title,RetractionDate,RetractionDOI,RetractionPubMedID,OriginalPaperDOI,"
    "OriginalPaperPubMedID,RetractionNature,Reason\n"
)
LINES = (
    '1,Tea,4/1/2023 0:00,10.5555/n.1,0,10.5555/TEA.1,0,Retraction,"+Error in Data;+Fraud;"\n'
    "2,Milk,5/2/2023 0:00,unavailable,0,unavailable,22222222,Expression of concern,\n"
    "3,Bread,5/2/2023 0:00,,0,unavailable,0,Retraction,\n"
    "4,Jam,5/2/2023 0:00,,0,10.5555/jam.1,0,Reinstatement,\n"
)


@pytest.fixture
def listed(db: None, tmp_path: Path) -> Path:
    path = tmp_path / "retractions.csv"
    path.write_text(HEAD + LINES, "utf-8")
    call_command("load_retractions", str(path))
    return path


def kinds(member, record: Record) -> list[str]:
    detail = record_detail(member, record.code)
    assert detail is not None
    return [flag.kind for flag in detail.record.flags]


def test_records_are_matched_by_doi_or_pmid_only(cast, source, listed) -> None:
    def made(**extra: str) -> Record:
        return factories.make_records(cast.lena, 1, source, **extra)[0]

    assert kinds(cast.olaf, made(doi="10.5555/tea.1")) == ["retracted"]
    assert kinds(cast.olaf, made(pmid="22222222")) == ["concern"]
    assert kinds(cast.olaf, made(title="Tea")) == []
    assert kinds(cast.olaf, made(doi="10.5555/jam.1")) == []
    assert kinds(cast.olaf, made(pmid="0")) == []


def test_loading_again_updates_and_removes(listed, tmp_path, capsys) -> None:
    assert ListedRetraction.objects.count() == 2
    packed = tmp_path / "new.csv.gz"
    packed.write_bytes(gzip.compress((HEAD + LINES.split("\n")[0]).encode() + b"\n"))
    call_command("load_retractions", str(packed))
    row = ListedRetraction.objects.get()
    assert (row.doi, row.reasons) == ("10.5555/tea.1", "Error in Data; Fraud")
    assert str(row.noticed_on) == "2023-04-01"
    assert "1 lines loaded, 0 left out, 1 removed" in capsys.readouterr().out


def test_other_files_are_refused_and_nothing_is_changed(listed, tmp_path) -> None:
    for text in ("a,b\n1,2\n", HEAD + "9,Tea,,,0,unavailable,0,Retraction,\n"):
        other = tmp_path / "other.csv"
        other.write_text(text)
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("load_retractions", str(other))
    with pytest.raises(CommandError, match="can't be read"):
        call_command("load_retractions", str(tmp_path / "none.csv"))
    assert ListedRetraction.objects.count() == 2


def test_notices_of_a_file_are_shown_on_the_record(
    cast, source, client_of, url
) -> None:
    text = (
        "PMID- 11111111\nTI  - Tea in Bergen.\nPT  - Retracted Publication\n"
        "RIN - Tea J. 2011;1:2\n"
    )
    batch = imported(cast.lena, source, text.encode(), "x.nbib")
    record = Record.objects.get(batch=batch)
    assert record.notices == [["retracted", "Tea J. 2011;1:2"]]
    page = text_of(client_of(cast.olaf).get(url("records:record", record.code)))
    assert "Retracted" in page
    assert "Tea J. 2011;1:2" in page
