"""Round trips: records written in any format are read back equal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.citations.citation import Citation
from screening.citations.writing.ris import ris_records
from screening.citations.writing.status_note import (
    NOTHING,
    ScreeningStatus,
    keywords_with,
    notes_with,
    without_our_marks,
)
from tests.screening.citations.citations_drawn import (
    TOLD,
    WRITERS,
    hostile_text,
    plain_citations,
    rayyan_file,
    read_back,
    sample,
    values,
)
from tests.screening.citations.imports_expected import OURS, Samples

PACE = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.parametrize("file", WRITERS)
@given(written=st.lists(plain_citations, min_size=1, max_size=4))
@PACE
def test_written_records_are_read_back_equal(
    file: str, written: list[Citation]
) -> None:
    again = read_back(WRITERS[file]((one, TOLD) for one in written), file)
    assert list(map(values, again)) == list(map(values, written))


@pytest.mark.parametrize("file", WRITERS)
@given(title=hostile_text, abstract=hostile_text)
@PACE
def test_special_characters_of_a_format_are_kept(
    file: str, title: str, abstract: str
) -> None:
    written = Citation(
        title=title, abstract=abstract, authors=("Berg, K.",), accession="a1"
    )
    again = read_back(WRITERS[file]([(written, TOLD)]), file)
    assert [(one.title, one.abstract) for one in again] == [(title, abstract)]


@pytest.mark.parametrize("file", WRITERS)
@pytest.mark.samples("import")
def test_a_sample_survives_import_export_import(
    file: str, samples: Samples, name: str
) -> None:
    first = sample(samples.folder / name)
    assert first
    again = read_back(WRITERS[file]((one, TOLD) for one in first), file)
    assert list(map(values, again)) == list(map(values, first))


def test_rayyan_columns_keep_the_fields_that_they_have() -> None:
    written = replace(
        sample(OURS.folder / "scopus.ris")[0], type="", accession="2-s2.0-1"
    )
    again = read_back(rayyan_file([(written, TOLD)]), "rayyan.csv")
    assert [values(one) for one in again] == [values(written)]


def test_our_status_is_removed_and_offered_as_labels() -> None:
    citation = Citation(title="X", keywords=("a",), notes="mine | yours")
    data = WRITERS["again.ris"]([(citation, TOLD)])
    assert b"KW  - Full text: excluded" in data
    assert b"N1  - reviewapp: Title and abstract: included; Full text" in data
    again = read_back(data, "again.ris")[0]
    assert (again.keywords, again.notes) == (("a",), "mine | yours")
    assert "Full text: excluded" in again.prior_labels
    assert again.prior_reasons == ("wrong population, children / adults, all",)


def test_only_keywords_in_our_note_are_removed() -> None:
    citation = Citation(title="X", keywords=("Full text: excluded", "Reason: none"))
    assert without_our_marks(citation) == citation
    told = ScreeningStatus(words=("Full text: excluded",))
    noted = replace(citation, notes=notes_with(citation, told))
    assert without_our_marks(noted).keywords == ("Reason: none",)


def test_an_empty_status_leaves_no_trace() -> None:
    citation = Citation(title="X", keywords=("a",), notes="n")
    assert keywords_with(citation, NOTHING) == ("a",)
    assert notes_with(citation, NOTHING) == "n"


def test_a_line_break_in_a_value_does_not_start_a_tag() -> None:
    citation = Citation(title="One\r\nER  - \r\nTY  - JOUR\nTI  - Two", accession="1")
    told = ScreeningStatus(words=("a\nER  - ",))
    again = read_back(WRITERS["again.ris"]([(citation, told)]), "x.ris")
    assert [one.title for one in again] == ["One ER - TY - JOUR TI - Two"]


def test_ris_is_written_one_record_at_a_time() -> None:
    def rows():
        yield Citation(title="First"), NOTHING
        raise AssertionError("the second row was asked for too early")

    assert "First" in next(ris_records(rows()))
