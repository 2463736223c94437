"""Every sample file, damaged and hostile ones too, is read as expected."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from screening.citations.reading.file_reading import UnreadableFile, read_file
from tests.screening.citations.imports_expected import Samples, differences


@pytest.mark.samples("import")
def test_a_sample_is_read_as_expected(samples: Samples, name: str) -> None:
    entry = samples.expected[name]
    reading, citations = samples.read(name)
    assert len(citations) == reading.kept == entry["expected_records"]
    assert reading.skipped_count == len(reading.skipped) == entry["skipped_records"]
    assert reading.found == reading.kept + reading.skipped_count
    assert reading.format == entry["format"]
    assert set(reading.warning_counts) == set(entry["warnings"])
    # Pure ASCII is also UTF-8, and the expected results use both names.
    same = {"ascii": "utf-8"}
    if entry["encoding"]:
        wanted = same.get(entry["encoding"], entry["encoding"])
        assert same.get(reading.encoding, reading.encoding) == wanted
    for record in entry.get("records", ()):
        assert differences(citations[record["index"]], record) == []


@pytest.mark.samples("import")
def test_every_record_has_its_place_and_its_source_text(
    samples: Samples, name: str
) -> None:
    reading, citations = samples.read(name)
    places = [(citation.member, citation.line) for citation in citations]
    assert all(citation.line >= 1 and citation.raw for citation in citations)
    if reading.format == "zip":
        members = samples.expected[name]["members"]
        assert Counter(member for member, _ in places) == members
    else:
        assert places == sorted(places)
    if reading.format not in ("zip", "endnote-xml"):
        # An XML library can be one line.
        assert len(set(places)) == len(places)
    if reading.format == "ris":
        assert all("TY  - " in c.raw or "TY  -  " in c.raw for c in citations)
        assert sum(c.raw.count("\nER  -") for c in citations) <= 2 + len(citations)


@pytest.mark.samples("refuse")
def test_a_sample_to_refuse_is_refused_quickly_with_the_reason(
    samples: Samples, name: str
) -> None:
    begun = time.process_time()
    with pytest.raises(UnreadableFile) as refused:
        samples.read(name)
    assert time.process_time() - begun < 2
    assert refused.value.kind == samples.expected[name]["refusal"]
    assert refused.value.sentence.startswith(name)
    assert refused.value.sentence.endswith(".")


@pytest.mark.samples("import")
def test_the_platform_is_recognised_from_the_content(
    samples: Samples, name: str
) -> None:
    with (samples.folder / name).open("rb") as stream:
        reading = read_file(stream, name="export")
        next(reading)
        assert reading.platform == samples.expected[name]["platform"]


def test_a_search_strategy_between_records_is_kept_as_text_outside_records(
    samples: Samples,
) -> None:
    reading, citations = samples.read("ovid-search-strategy.ris")
    assert "exp peer support/ (4321)" in reading.outside[0].text
    assert not any("(4321)" in citation.raw for citation in citations)


def test_decisions_of_another_tool_are_removed_from_the_notes(
    samples: Samples,
) -> None:
    _, citations = samples.read("rayyan-decisions.csv")
    assert citations[0].notes == "Found by hand"
    assert citations[0].prior_decisions == (
        ("Ruth", "Included"),
        ("Nils Ove", "Included"),
    )
    assert citations[1].notes == ""
    assert citations[2].prior_decisions == ()


def test_a_trial_gets_the_address_of_its_registration(samples: Samples) -> None:
    _, citations = samples.read("clinicaltrials-gov.csv")
    number = citations[0].accession
    assert citations[0].url == f"https://clinicaltrials.gov/study/{number}"
    assert citations[0].type == "trial registration"
