"""Web of Science's tagged format, old and new."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.citations.reading.file_reading import read_file
from screening.citations.reading.tagged_text import wos
from tests.screening.citations.reader_checks import check_any, read_text, seconds

RECORD = (
    "PT J\nAU Smith, J\n   Doe, A\nAF Smith, John\n   Doe, Anna\nTI A title with\n"
    "   a continuation\nSO JOURNAL OF TESTS\nLA English\nDT Article; Early Access\n"
    "DE one; two\n   words\nID THREE\nAB Aims. (C) 2004 A Publisher.\n"
    "CR X, 2001, J, V1, DOI 10.1000/cited\n   Y, 2002, DOI 10.1000/other\n"
    "SN 0003-6935\nEI 1539-4522\nEA JAN 2021\nVL 4\nIS 9\nBP 1863\nEP 1869\n"
    "UT WOS:000220362400013\nPM 15072036\nER\n"
)


def test_a_record_is_read_with_full_names_and_without_cited_dois() -> None:
    reading, (citation,) = read_text(
        f"FN Clarivate Analytics Web of Science\nVR 1.0\n{RECORD}\nEF\n"
    )
    assert (reading.format, reading.platform) == ("wos-tagged", "Web of Science")
    assert reading.warning_counts == {}
    assert citation.title == "A title with a continuation"
    assert citation.authors == ("Smith, John", "Doe, Anna")
    assert (citation.doi, citation.pmid) == ("", "15072036")
    assert citation.accession == "WOS:000220362400013"
    assert (citation.year, citation.volume, citation.pages) == (2021, "4", "1863-1869")
    assert citation.keywords == ("one", "two words", "THREE")
    assert (citation.abstract, citation.type) == ("Aims.", "journal article")
    assert (citation.issn, citation.line) == ("0003-6935; 1539-4522", 3)


def test_short_names_are_used_if_not_all_authors_have_full_names() -> None:
    _, citations = read_text(
        "PT J\nAU BEAUREGA.OC\n   IMBERT, C\nAF IMBERT, C\nTI X\nAR 12\nER\n\n"
        "PT J\nCA WHO Group\nTI Y\nSO J\nER\n"
    )
    assert citations[0].authors == ("BEAUREGA.OC", "IMBERT, C")
    assert citations[0].pages == "12"
    assert citations[1].authors == ("WHO Group",)


def test_books_and_chapters_have_their_own_titles() -> None:
    _, (book, chapter) = read_text(
        "PT B\nBA Ed, A\nSO The Whole Book\nSE A Series\nDT Book\nD2 10.1000/book\n"
        "BN 978-3\nER\nPT S\nAU Berg, K\nTI A Chapter\nSO The Whole Book\n"
        "DT Proceedings Paper; Book Chapter\nD2 10.1000/book\nUT WOS:1\nER\n"
    )
    assert (book.title, book.journal, book.doi) == (
        *("The Whole Book", "A Series"),
        "10.1000/book",
    )
    assert (chapter.title, chapter.journal, chapter.doi) == (
        *("A Chapter", "The Whole Book"),
        "",
    )
    assert (book.type, chapter.type) == ("book", "book chapter")


def test_medline_and_scielo_within_web_of_science_are_read() -> None:
    _, (medline, scielo) = read_text(
        "PT J\nTI X\nMH Humans\n   Mice\nUT MEDLINE:12345678\nER\n"
        "PT J\nX1 Un título\nX4 Resumen\nX5 uno; dos\nUT SCIELO:S0001\nER\n"
    )
    assert (medline.pmid, medline.keywords) == ("12345678", ("Humans", "Mice"))
    assert (scielo.title, scielo.abstract) == ("Un título", "Resumen")
    assert scielo.keywords == ("uno", "dos")


def test_missing_marks_and_text_between_records_are_reported() -> None:
    reading, citations = read_text(
        "FN ISI\nVR 1.0\nPT J\nTI No end\nUT ISI:1\nPT J\nTI Ends\nER\n\nhello there\n"
        "\nAU Third, T\nTI No start\nER\nPT J\nER\nPT J\nTI Cut off"
    )
    assert [c.title for c in citations] == ["No end", "Ends", "No start", "Cut off"]
    assert reading.warning_counts == {
        "record-not-terminated": 2,
        "missing-record-start": 1,
        "text-outside-record": 1,
        "empty-record": 1,
    }
    assert (reading.found, reading.skipped[0].line) == (5, 15)
    assert reading.outside[0].text == "hello there"


def test_continued_text_without_indentation_stays_in_its_value() -> None:
    _, (citation,) = read_text(
        "PT J\nTI X\nAB We found\nsome\nAN important thing\nUT WOS:1\nER\n"
    )
    assert citation.abstract == "We found some AN important thing"
    assert citation.accession == "WOS:1"


def test_utf_16_is_read() -> None:
    reading = read_file(io.BytesIO(RECORD.encode("utf-16")), name="savedrecs.txt")
    assert [citation.year for citation in reading] == [2021]
    assert reading.warning_counts == {}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["PT J", "ER", "TI x", "   y", "", "EF", "AU a", "z"])))
def test_counts_add_up_for_any_order_of_lines(lines: list[str]) -> None:
    check_any(wos.read_wos, "\n".join(lines))


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_is_read_without_a_crash(text: str) -> None:
    check_any(wos.read_wos, text)
    check_any(wos.read_wos, f"PT J\nTI {text}\nAU {text}\nPY {text}\nER")


@pytest.mark.parametrize(
    "text",
    [
        "PT J\nTI " + "x " * 2_500_000,
        "PT J\nAU " + "x\n   " * 90_000,
        "PT J\nTI x\n" + "   x\n" * 300_000,
        "PT J\nDT " + "Article;" * 100_000,
    ],
)
def test_hostile_files_take_linear_time(text: str) -> None:
    assert seconds(wos.read_wos, text) < 5
