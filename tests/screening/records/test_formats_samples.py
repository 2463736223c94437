"""The folder of real, crafted and damaged exports, file by file."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from screening.records.formats.reading import Reading, Refused, read
from tests.screening.records.imports_expected import (
    FOLDER,
    differences,
    expected,
    names,
)


def read_sample(name: str) -> tuple[Reading, list]:
    with (FOLDER / name).open("rb") as stream:
        reading = read(stream, name=name)
        return reading, list(reading)


@pytest.mark.parametrize("name", names("import"))
def test_a_sample_is_read_as_expected(name: str) -> None:
    entry = expected()[name]
    reading, citations = read_sample(name)
    assert len(citations) == reading.kept == entry["expected_records"]
    assert reading.skipped_count == len(reading.skipped) == entry["skipped_records"]
    assert reading.found == reading.kept + reading.skipped_count
    assert reading.format == entry["format"]
    assert set(reading.warning_counts) == set(entry["warnings"])
    # Pure ASCII is UTF-8 too; the expected results say now the one, now the other.
    same = {"ascii": "utf-8"}
    if entry["encoding"]:
        wanted = same.get(entry["encoding"], entry["encoding"])
        assert same.get(reading.encoding, reading.encoding) == wanted
    for record in entry.get("records", ()):
        assert differences(citations[record["index"]], record) == []


@pytest.mark.parametrize("name", names("import"))
def test_every_record_says_where_it_stands_and_keeps_its_source(name: str) -> None:
    reading, citations = read_sample(name)
    places = [(citation.member, citation.line) for citation in citations]
    assert all(citation.line >= 1 and citation.raw for citation in citations)
    if reading.format == "zip":
        members = expected()[name]["members"]
        assert Counter(member for member, _ in places) == members
    else:
        assert places == sorted(places)
    if reading.format not in ("zip", "endnote-xml"):
        # An XML library may be one line.
        assert len(set(places)) == len(places)
    if reading.format == "ris":
        assert all("TY  - " in c.raw or "TY  -  " in c.raw for c in citations)
        assert sum(c.raw.count("\nER  -") for c in citations) <= 2 + len(citations)


@pytest.mark.parametrize("name", names("refuse"))
def test_a_sample_to_be_refused_is_refused_quickly_and_says_why(name: str) -> None:
    begun = time.process_time()
    with pytest.raises(Refused) as refused:
        read_sample(name)
    assert time.process_time() - begun < 2
    assert refused.value.kind == expected()[name]["refusal"]
    assert refused.value.sentence.startswith(name)
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("name", "platform"),
    [
        ("scopus.ris", "Scopus"),
        ("ovid-cabi.ris", "Ovid"),
        ("ebsco-psycinfo.ris", "EBSCOhost"),
        ("embase-com.ris", "Embase / embase.com"),
        ("proquest-ptsdpubs.ris", "ProQuest"),
        ("cochrane-central.ris", "CENTRAL / Cochrane Library"),
        ("refworks.ris", "RefWorks"),
        ("zotero.ris", "Zotero"),
        ("endnote-export.ris", "EndNote"),
        ("crafted-worldcat.ris", "WorldCat"),
        ("crafted-oria-primo-latin1.ris", "Oria / Primo"),
        ("eric.nbib", "ERIC"),
        ("pubmed-nbib-named.ris", "PubMed"),
        ("rayyan.csv", "Rayyan"),
        ("covidence.csv", "Covidence"),
        ("scopus.csv", "Scopus"),
        ("clinicaltrials-gov.csv", "ClinicalTrials.gov"),
        ("google-scholar.csv", "Google Scholar"),
        ("lens.xlsx", "Lens.org"),
        ("ebsco-ase.csv", "EBSCOhost"),
        ("embase-com.csv", "Embase / embase.com"),
        ("zotero.csv", "Zotero"),
        ("pubmed-summary.csv", "PubMed"),
        ("crafted-wos-tab-utf16.txt", "Web of Science"),
    ],
)
def test_the_platform_is_told_by_the_content(name: str, platform: str) -> None:
    with (FOLDER / name).open("rb") as stream:
        reading = read(stream, name="export")
        next(reading)
        assert reading.platform == platform


def test_a_search_strategy_between_records_is_kept_as_text_outside() -> None:
    reading, citations = read_sample("crafted-ovid-search-strategy.ris")
    assert "exp dyslexia/ (9876)" in reading.outside[0].text
    assert not any("dyslexia" in citation.raw for citation in citations)


def test_decisions_of_another_tool_are_taken_out_of_the_notes() -> None:
    _, citations = read_sample("crafted-rayyan-decisions.csv")
    assert citations[0].notes == "Imported note"
    assert citations[0].prior_decisions == (
        ("Anna", "Included"),
        ("Per Olav", "Included"),
    )
    assert citations[1].notes == ""
    assert citations[2].prior_decisions == ()


def test_a_trial_gets_the_address_of_its_registration() -> None:
    _, citations = read_sample("clinicaltrials-gov.csv")
    assert citations[0].url == "https://clinicaltrials.gov/study/NCT03658772"
    assert citations[0].type == "trial registration"
