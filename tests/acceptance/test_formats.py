"""Real exports through the readers and writers.

These are the tests of the invented samples, with other files (``SAMPLES``), and tests
that name values of a real file.
"""

from __future__ import annotations

import pytest

from screening.citations.reading.file_reading import read_file
from tests.acceptance.real_files import IMPORTS
from tests.screening.citations.imports_expected import Samples
from tests.screening.citations.test_bibtex import (
    test_bibtexparser_finds_the_same_fields,
)
from tests.screening.citations.test_costs import test_the_damaged_samples_cost_little
from tests.screening.citations.test_json import (
    test_a_damaged_sample_never_crashes_the_reader as test_damaged_json,
)
from tests.screening.citations.test_ris_fast import (
    test_exports_are_the_same_as_a_whole_and_line_by_line,
    test_nearly_all_records_of_exports_are_parsed_as_a_whole,
)
from tests.screening.citations.test_samples import (
    test_a_sample_is_read_as_expected,
    test_a_sample_to_refuse_is_refused_quickly_with_the_reason,
    test_every_record_has_its_place_and_its_source_text,
)
from tests.screening.citations.test_writing import (
    test_a_sample_survives_import_export_import,
)
from tests.screening.citations.test_writing_elsewhere import (
    ours,
    test_bibtexparser_reads_our_bibtex,
    test_csl_json_is_valid,
    test_csv_has_the_screening_status_in_columns,
    test_endnote_xml_has_the_form_of_endnote,
    test_openpyxl_reads_our_workbook,
    test_pybtex_reads_our_bibtex_and_its_people,
    test_rayyan_gets_its_21_columns,
    test_rispy_reads_our_ris,
    test_the_same_records_give_the_same_bytes,
    test_the_workbook_has_a_frozen_header_a_filter_and_widths,
)
from tests.screening.citations.test_xlsx import (
    test_a_cell_with_a_missing_shared_text_is_empty,
    test_entities_in_the_shared_strings_are_forbidden,
)
from tests.screening.citations.test_xml import (
    test_a_file_cut_off_anywhere_keeps_the_records_before,
)
from tests.screening.citations.test_xml_any import (
    test_a_damaged_sample_never_crashes_the_reader as test_damaged_xml,
)

SAMPLES = Samples(IMPORTS)
__all__ = [
    "ours",
    "test_a_cell_with_a_missing_shared_text_is_empty",
    "test_a_file_cut_off_anywhere_keeps_the_records_before",
    "test_a_sample_is_read_as_expected",
    "test_a_sample_survives_import_export_import",
    "test_a_sample_to_refuse_is_refused_quickly_with_the_reason",
    "test_bibtexparser_finds_the_same_fields",
    "test_bibtexparser_reads_our_bibtex",
    "test_csl_json_is_valid",
    "test_csv_has_the_screening_status_in_columns",
    "test_damaged_json",
    "test_damaged_xml",
    "test_endnote_xml_has_the_form_of_endnote",
    "test_entities_in_the_shared_strings_are_forbidden",
    "test_every_record_has_its_place_and_its_source_text",
    "test_exports_are_the_same_as_a_whole_and_line_by_line",
    "test_nearly_all_records_of_exports_are_parsed_as_a_whole",
    "test_openpyxl_reads_our_workbook",
    "test_pybtex_reads_our_bibtex_and_its_people",
    "test_rayyan_gets_its_21_columns",
    "test_rispy_reads_our_ris",
    "test_the_damaged_samples_cost_little",
    "test_the_same_records_give_the_same_bytes",
    "test_the_workbook_has_a_frozen_header_a_filter_and_widths",
]


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
def test_the_platform_is_recognised_from_the_content(name: str, platform: str) -> None:
    with (IMPORTS / name).open("rb") as stream:
        reading = read_file(stream, name="export")
        next(reading)
        assert reading.platform == platform


def test_proquest_exports_are_taken_whole() -> None:
    test_nearly_all_records_of_exports_are_parsed_as_a_whole(
        SAMPLES, "proquest-ptsdpubs.ris"
    )


def test_a_search_strategy_between_records_is_kept_as_text_outside_records() -> None:
    reading, citations = SAMPLES.read("crafted-ovid-search-strategy.ris")
    assert "exp dyslexia/ (9876)" in reading.outside[0].text
    assert not any("dyslexia" in citation.raw for citation in citations)


def test_decisions_of_another_tool_are_removed_from_the_notes() -> None:
    _, citations = SAMPLES.read("crafted-rayyan-decisions.csv")
    assert citations[0].notes == "Imported note"
    assert citations[0].prior_decisions == (
        ("Anna", "Included"),
        ("Per Olav", "Included"),
    )
    assert citations[1].notes == ""
    assert citations[2].prior_decisions == ()


def test_a_trial_gets_the_address_of_its_registration() -> None:
    _, citations = SAMPLES.read("clinicaltrials-gov.csv")
    assert citations[0].url == "https://clinicaltrials.gov/study/NCT03658772"
    assert citations[0].type == "trial registration"


def test_a_trial_is_read_with_its_registration() -> None:
    _, citations = SAMPLES.read("ictrp.xml")
    first = citations[0]
    assert first.type == "trial registration"
    assert first.url == "https://clinicaltrials.gov/study/NCT07596290"
    assert "Condition: Locally Advanced Rectal Adenocarcinoma" in first.abstract
    assert "<br>" not in first.abstract
    assert "Sponsor: Beijing Friendship Hospital" in first.notes
    assert {citation.year is None for citation in citations} == {False}
