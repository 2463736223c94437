"""EndNote's .enw files (refer) in the dialects of their writers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.citations.reading.tagged_text import enw
from tests.screening.citations.reader_checks import check_any, read_text, seconds


def test_endnote_starts_each_record_with_its_type() -> None:
    reading, (first, second) = read_text(
        "%0 Journal Article\n%A Putnam, C. D.\n%A Pikaard, C. S.\n%D 1992\n"
        "%T Cooperative binding\n  of the factor\n%J Mol Cell Biol\n%V 12\n%N 3\n"
        "%P 4970-80\n%R doi:10.1000/ABC\n%K one\ntwo; three\n%X Aim.\n\nMethods.\n"
        "%M 1234567\n%~ PubMed\n%G eng\n%@ 0270-7306\n%0 Book\n%T TAOCP\n%A Knuth, D."
    )
    assert (reading.format, reading.found, reading.warning_counts) == ("enw", 2, {})
    assert first.title == "Cooperative binding of the factor"
    assert first.authors == ("Putnam, C. D.", "Pikaard, C. S.")
    assert (first.year, first.volume, first.issue, first.pages) == (
        *(1992, "12", "3"),
        "4970-80",
    )
    assert (first.doi, first.pmid, first.issn) == (
        *("10.1000/abc", "1234567"),
        "0270-7306",
    )
    assert first.keywords == ("one", "two", "three")
    assert first.abstract == "Aim. Methods."
    assert (second.title, second.type, second.line) == ("TAOCP", "book", 21)


def test_bepress_separates_records_by_blank_lines() -> None:
    _, citations = read_text(
        "%T One\n%0 Journal Article\n%A Guo, W\n%B MIS Quarterly\n%8 May 1, 2021\n\n\n"
        "%T Two\n%B MIS Quarterly\n%D 2020\n%U https://doi.org/10.1000/xyz\n"
    )
    assert [c.title for c in citations] == ["One", "Two"]
    assert [c.year for c in citations] == [2021, 2020]
    assert [c.journal for c in citations] == ["MIS Quarterly"] * 2
    assert citations[1].doi == "10.1000/xyz"


def test_blank_lines_do_not_end_a_record_that_started_with_its_type() -> None:
    _, citations = read_text(
        "%0 Thesis\n%T One\n%D 2001\n\n%I A University\n%U https://x.org\n\n"
        "%0 Thesis\n%T Two\n%D 2002\n"
    )
    assert [c.url for c in citations] == ["https://x.org", ""]


def test_a_record_with_only_a_type_is_skipped_and_text_outside_is_kept() -> None:
    reading, citations = read_text(
        "Exported today\n%0 Generic\n\n%0 Book\n%D 2001\n\nThe end\n"
    )
    assert (reading.found, reading.kept, reading.skipped[0].line) == (2, 1, 2)
    assert reading.warning_counts == {
        "empty-record": 1,
        "no-title": 1,
        "text-outside-record": 2,
    }
    assert [piece.text for piece in reading.outside] == ["Exported today", "The end"]
    assert citations[0].year == 2001


def test_decisions_of_another_tool_are_removed_from_the_notes() -> None:
    _, (citation,) = read_text(
        '%0 Book\n%T One\n%Z A note | RAYYAN-INCLUSION: {"Anna"=>"Included"}\n'
    )
    assert citation.notes == "A note"
    assert citation.prior_decisions == (("Anna", "Included"),)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["%0 Book", "%T x", "%A a", "", " y", "%X", "junk"])))
def test_every_line_is_in_a_record_or_outside_or_skipped(lines: list[str]) -> None:
    check_any(enw.read_enw, "\n".join(lines))


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_is_read_without_a_crash(text: str) -> None:
    check_any(enw.read_enw, text)
    check_any(enw.read_enw, f"%T {text}\n%A {text}\n%K {text}")


@pytest.mark.parametrize(
    "text",
    [
        "%T " + "x " * 2_500_000,
        "%A " + "x, " * 100_000,
        "%X " + "a\n" * 90_000,
        "%T" + " " * 1_000_000 + "x",
        "%" * 1_000_000,
    ],
)
def test_hostile_files_take_linear_time(text: str) -> None:
    assert seconds(enw.read_enw, text) < 5
