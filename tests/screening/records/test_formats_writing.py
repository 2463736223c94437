"""Exports: what is written is read back equal, here and by rispy."""

from __future__ import annotations

import csv
import io
import string

import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.records.formats.citation import Citation
from screening.records.formats.kinds import WORDS
from screening.records.formats.reading import read
from screening.records.formats.writing import (
    csv_lines,
    ris_lines,
    write_csv,
    write_ris,
)
from tests.screening.records.imports_expected import FOLDER

FIELDS = [
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "accession",
    "abstract",
    "keywords",
    "type",
    "url",
    "language",
    "issn",
    "notes",
]

LETTERS = string.ascii_letters + "æøåéüßžñ"
words = st.text(LETTERS, min_size=2, max_size=9)
phrase = st.lists(words, min_size=1, max_size=8).map(" ".join)
maybe = st.one_of(st.just(""), phrase)
name = st.builds("{}, {}".format, words.map(str.title), st.sampled_from("KLMN"))
citations = st.builds(
    Citation,
    title=phrase,
    authors=st.lists(name, max_size=4, unique=True).map(tuple),
    year=st.one_of(st.none(), st.integers(1500, 2099)),
    journal=maybe,
    volume=st.one_of(st.just(""), st.integers(1, 999).map(str)),
    issue=st.one_of(st.just(""), st.integers(1, 99).map(str)),
    pages=st.sampled_from(["", "475-480", "e12", "117", "iv-xi", "S1-S5"]),
    doi=st.one_of(st.just(""), st.integers(1, 9**9).map("10.5555/demo.{}".format)),
    pmid=st.one_of(st.just(""), st.integers(1, 10**8 - 1).map(str)),
    accession=words,
    abstract=maybe,
    keywords=st.lists(phrase, max_size=4, unique=True).map(tuple),
    type=st.sampled_from(sorted(WORDS)),
    url=st.sampled_from(["", "https://example.org/a?b=c&d=é"]),
    language=st.sampled_from(["", "English", "Norsk (bokmål)"]),
    issn=st.sampled_from(["", "0000-0019", "0000-0019; 0000-0027"]),
    notes=maybe,
)


def values(citation: Citation) -> dict[str, object]:
    return {field: getattr(citation, field) for field in FIELDS}


def read_back(text: str, name: str) -> list[Citation]:
    return list(read(io.BytesIO(text.encode()), name=name))


@given(st.lists(citations, min_size=1, max_size=4))
@settings(max_examples=40, deadline=3000)
def test_ris_that_is_written_is_read_back_equal(written: list[Citation]) -> None:
    text = "".join(ris_lines((citation, {}) for citation in written))
    again = read_back(text, "export.ris")
    assert list(map(values, again)) == list(map(values, written))


@given(st.lists(citations, min_size=1, max_size=4))
@settings(max_examples=40, deadline=3000)
def test_csv_that_is_written_is_read_back_equal(written: list[Citation]) -> None:
    text = "".join(csv_lines((citation, {}) for citation in written))
    again = read_back(text, "export.csv")
    assert list(map(values, again)) == list(map(values, written))


@pytest.mark.parametrize("writer", [ris_lines, csv_lines])
@pytest.mark.parametrize(
    "sample",
    ["scopus.ris", "ebsco-psycinfo.ris", "pubmed-nbib-named.ris", "rayyan.csv"],
)
def test_a_real_export_survives_import_export_import(writer, sample: str) -> None:
    with (FOLDER / sample).open("rb") as stream:
        first = list(read(stream, name=sample))
    suffix = "csv" if writer is csv_lines else "ris"
    again = read_back("".join(writer((c, {}) for c in first)), f"again.{suffix}")
    assert list(map(values, again)) == list(map(values, first))


@pytest.mark.parametrize("sample", ["scopus.ris", "zotero.ris", "ovid-psycinfo.ris"])
def test_rispy_reads_our_ris_with_equal_fields(sample: str) -> None:
    with (FOLDER / sample).open("rb") as stream:
        ours = list(read(stream, name=sample))
    out = io.StringIO(newline="")
    write_ris([(citation, {"Outcome": "included"}) for citation in ours], out)
    theirs = rispy.loads(out.getvalue())
    assert len(theirs) == len(ours)
    for citation, entry in zip(ours, theirs, strict=True):
        assert entry["title"] == citation.title
        assert tuple(entry["authors"]) == citation.authors
        assert entry["year"] == str(citation.year)
        assert entry["secondary_title"] == citation.journal
        assert entry.get("doi", "") == citation.doi
        assert entry.get("abstract", "") == citation.abstract
        assert tuple(entry.get("keywords", ())) == citation.keywords
        assert entry["notes"][-1] == "Outcome: included"


def test_further_fields_come_as_notes_and_as_columns() -> None:
    row = (Citation(title="X"), {"Outcome": "excluded", "Reasons": ["a", "b"]})
    ris = "".join(ris_lines([row]))
    assert "N1  - Outcome: excluded\r\nN1  - Reasons: a; b\r\n" in ris
    out = io.StringIO(newline="")
    write_csv([row], out, extra=("Outcome", "Reasons"))
    table = list(csv.reader(io.StringIO(out.getvalue().removeprefix("\ufeff"))))
    assert table[0][-2:] == ["Outcome", "Reasons"]
    assert table[1][-2:] == ["excluded", "a; b"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_cell_that_looks_like_a_formula_becomes_text(start: str) -> None:
    citation = Citation(title=f"{start}cmd|' /C calc'!A0")
    line = list(csv_lines([(citation, {"Note": f"{start}1"})], extra=("Note",)))[1]
    cells = next(csv.reader(io.StringIO(line, newline="")))
    assert cells[0].startswith(f"'{start}")
    assert cells[-1] == f"'{start}1"


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
def test_white_space_hides_no_formula(start: str) -> None:
    line = list(csv_lines([(Citation(title=f"{start}=1+1"), {})]))[1]
    assert line.startswith("'=1+1,")


def test_a_line_break_in_a_value_starts_no_new_tag() -> None:
    citation = Citation(title="One\r\nER  - \r\nTY  - JOUR\nTI  - Two", accession="1")
    again = read_back("".join(ris_lines([(citation, {"Note": "a\nER  - "})])), "x.ris")
    assert [c.title for c in again] == ["One ER - TY - JOUR TI - Two"]


def test_ris_is_written_one_record_at_a_time() -> None:
    def rows():
        yield Citation(title="First"), {}
        raise AssertionError("the second row was asked for too early")

    assert "First" in next(ris_lines(rows()))
