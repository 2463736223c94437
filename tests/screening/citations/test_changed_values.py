"""Values that other programs changed, cut or put into the wrong field."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from screening.citations.citation import Citation
from screening.citations.formats import FORMATS
from screening.citations.journal_citation import journal_citation
from screening.citations.reading.file_reading import FileReading, read_file
from screening.citations.reading.reading_report import UnreadableFile
from screening.citations.reading.spreadsheet_values import is_changed
from tests.screening.citations.reader_checks import read_text

DAYS = (
    "5-Sep",
    "Sep-05",
    "05.sep",
    "5. Sep",
    "12-mars",
    "sept.-12",
    "12-Mrz",
    "2026-09-05",
    "2026-09-05 00:00:00",
    "05.09.2026",
    "9/5/2026",
)
ERRORS = ("#NAME?", "#REF!", "#VALUE!", "#N/A", "#WERT!", "#BEZUG!", "#NOM?", "#####")


def workbook(*rows: list[object]) -> tuple[FileReading, list[Citation]]:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    reading = read_file(out, name="x.xlsx")
    return reading, list(reading)


def test_a_date_in_a_workbook_is_neither_pages_nor_issue() -> None:
    reading, (citation,) = workbook(
        ["title", "authors", "year", "issue", "pages"],
        ["Ladders", "Vestad, R.", 2020, date(2026, 4, 3), datetime(2026, 9, 5)],  # noqa: DTZ001
    )
    assert (citation.year, citation.issue, citation.pages) == (2020, "", "")
    changed = [w for w in reading.warnings if w.kind == "spreadsheet-changed"]
    assert [warning.line for warning in changed] == [2, 2]
    assert "2026-04-03" in changed[0].message


@pytest.mark.parametrize("day", DAYS)
def test_a_day_of_a_month_is_neither_pages_nor_issue(day: str) -> None:
    for text in (
        f"title;authors;issue;pages\nT;Lie, A.;{day};{day}\n",
        f"TY  - JOUR\nTI  - T\nIS  - {day}\nSP  - {day}\nER  - \n",
    ):
        reading, (citation,) = read_text(text)
        assert (citation.issue, citation.pages) == ("", "")
        assert reading.warning_counts["spreadsheet-changed"] == 2


@pytest.mark.parametrize(
    "value", ["1 January", "12 December", "Suppl 1", "5-6", "Sep-Oct", "S12", "3, Pt 1"]
)
def test_issues_as_publishers_print_them_are_kept(value: str) -> None:
    assert not is_changed(value)
    _, (citation,) = read_text(f"TY  - JOUR\nTI  - T\nIS  - {value}\nER  - \n")
    assert citation.issue == value


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_of_a_spreadsheet_is_no_value(error: str) -> None:
    text = f"title;abstract;authors;pmid;year\nT;{error};Lie, A.;{error};2020\n"
    reading, (citation,) = read_text(text)
    assert (citation.abstract, citation.pmid) == ("", "")
    assert reading.warning_counts["spreadsheet-changed"] == 2
    ris = f"TY  - JOUR\nTI  - T\nAB  - {error}\nER  - \n"
    reading, (citation,) = read_text(ris)
    assert citation.abstract == ""
    assert reading.warning_counts["spreadsheet-changed"] == 1


def test_an_error_cell_of_a_workbook_causes_a_warning() -> None:
    reading, (citation,) = workbook(
        ["title", "authors", "abstract"], ["T", "Lie, A.", "#NAME?"]
    )
    assert citation.abstract == ""
    assert reading.warning_counts["spreadsheet-changed"] == 1


@pytest.mark.parametrize("number", ["1.23E+07", "1,23E+07", "3.2E+7", "3E+07"])
def test_a_rounded_number_is_not_taken(number: str) -> None:
    text = f'title,authors,pmid,pages\nT,"Lie, A.","{number}","{number}"\n'
    reading, (citation,) = read_text(text)
    assert (citation.pmid, citation.pages, citation.accession) == ("", "", "")
    assert [w.line for w in reading.warnings] == [2, 2]


@pytest.mark.parametrize(
    ("cell", "year"), [("43831", 2020), ("1905-07-14", 2022), ("2020-05-01", 2020)]
)
def test_a_year_that_became_a_date_is_found_again(cell: str, year: int) -> None:
    reading, (citation,) = read_text(f"title,authors,year\nT,Lie A,{cell}\n")
    assert citation.year == year
    assert ("spreadsheet-changed" in reading.warning_counts) == (cell[:4] != "2020")


@pytest.mark.parametrize(
    ("journal", "parts"),
    [
        (
            "Tea J.12 (3) (pp 145-151) 2010.Date of Publication: May 2010.",
            ("Tea J", "12", "3", "145-151", 2010),
        ),
        ("Tea J.12 (3) ()(pp 145-151) 2010.", ("Tea J", "12", "3", "145-151", 2010)),
        (
            "Tea ONE.6 (9) (no pagination) 2011.Article Number: e24999.Date of "
            "Publication: 01 Sep 2011.",
            ("Tea ONE", "6", "9", "e24999", 2011),
        ),
        ("Tea J 2010;12(3):145-151", ("Tea J", "12", "3", "145-151", 2010)),
        ("Tea J. 2010 Mar;12(3):145-51.", ("Tea J", "12", "3", "145-51", 2010)),
        ("Tea J, 12(3), 145-151 (2010)", ("Tea J", "12", "3", "145-151", 2010)),
        (
            "Tea J, vol. 12, no. 3, pp. 145-151, 2010",
            ("Tea J", "12", "3", "145-151", 2010),
        ),
    ],
)
def test_a_citation_in_the_journal_is_taken_apart(
    journal: str, parts: tuple[object, ...]
) -> None:
    text = f"TY  - JOUR\nTI  - T\nJO  - {journal}\nER  - \n"
    _, (found,) = read_text(text)
    assert (found.journal, found.volume, found.issue, found.pages, found.year) == parts


@pytest.mark.parametrize(
    "journal",
    [
        "3 Biotech",
        "Proceedings of the 12th (2010) Tea Conference",
        "F1000Research",
        "Journal of Physics: Conference Series",
        "Science (New York, N.Y.)",
        "2010 IEEE Conference on Tea (TEA)",
    ],
)
def test_numbers_in_the_name_of_a_journal_stay(journal: str) -> None:
    assert journal_citation(journal) is None


def test_values_one_column_too_far_to_the_left_are_put_right() -> None:
    text = "title,authors,year,volume,issue,pages\nT,Lie A,2009,2,pp 163-170,2009\n"
    _, (citation,) = read_text(text)
    assert (citation.issue, citation.pages) == ("", "163-170")


@pytest.mark.parametrize("pages", ["2009", "May 2009", "12 May"])
def test_a_year_or_a_day_is_no_page(pages: str) -> None:
    text = f"TY  - JOUR\nTI  - T\nPY  - 2009\nSP  - {pages}\nER  - \n"
    assert read_text(text)[1][0].pages == ""


def test_indented_text_that_looks_like_a_tag_is_text() -> None:
    ris = (
        "TY  - JOUR\nTI  - Codes\nAB  - The form listed:\n  TY  - type of tea\n"
        "  ER  - error\nPY  - 2015\nER  - \n"
    )
    _, (citation,) = read_text(ris)
    assert citation.abstract == "The form listed: TY - type of tea ER - error"
    assert citation.year == 2015
    indented = "\n".join(f"   {line}" for line in ["TY  - JOUR", "TI  - T", "ER  - "])
    assert [one.title for one in read_text(indented)[1]] == ["T"]
    enw = (
        "%0 Journal Article\n%T Codes\n%X The form listed:\n  %T type of tea\n%D 2015\n"
    )
    _, (citation,) = read_text(enw)
    assert (citation.title, citation.year) == ("Codes", 2015)
    assert citation.abstract == "The form listed: %T type of tea"


@pytest.mark.parametrize("cut", [b"caf\xc3", b"tea \xe2\x80", b"\xf0\x9f\x8d"])
def test_a_file_cut_inside_a_letter_keeps_the_record(cut: bytes) -> None:
    data = b"PMID- 11111111\nDP  - 2016\nTI  - Tea.\nAB  - We poured " + cut
    reading = read_file(io.BytesIO(data), name="x.nbib")
    (citation,) = reading
    assert citation.abstract.endswith("\ufffd")
    assert set(reading.warning_counts) == {
        *("record-not-terminated", "invalid-bytes-replaced")
    }
    latin = "PMID- 1\nTI  - Café\nAB  - Thé au café".encode("latin-1")
    (citation,) = read_file(io.BytesIO(latin), name="x.nbib")
    assert citation.abstract == "Thé au café"


def test_entries_of_bibtex_that_are_no_references_are_skipped_by_name() -> None:
    text = (
        "@set{both, entryset={a,b}}\n@article{a, title={A method\\hyphen free cup}}\n"
    )
    reading, (citation,) = read_text(text)
    assert citation.title == "A method-free cup"
    assert (reading.found, reading.kept, reading.skipped[0].line) == (2, 1, 1)
    assert reading.warning_counts == {"unsupported-entry-skipped": 1}


def test_a_file_of_definitions_only_names_what_was_passed_over() -> None:
    text = b"@string{a={J}}\n@preamble{x}\n\n@comment{y}\n"
    reading = read_file(io.BytesIO(text), name="x.bib")
    with pytest.raises(UnreadableFile):
        list(reading)
    assert [(entry.line, reading.found) for entry in reading.skipped] == [
        *((1, 3), (2, 3), (4, 3))
    ]
    assert "@string" in reading.skipped[0].reason


def test_nul_characters_of_json_are_removed_with_a_warning() -> None:
    reading, (citation,) = read_text('[{"title": "Te\\u0000a", "author": "Lie, A"}]')
    assert citation.title == "Tea"
    assert reading.warning_counts == {"control-characters-removed": 1}


def test_a_status_note_that_pandoc_moved_is_no_text_of_the_record() -> None:
    text = (
        '[{"id": "abc", "type": "book", "title": "T", "keyword": "peer; Full text: '
        'excluded", "reviewapp": "Full text: excluded; Record code: abc"}]'
    )
    _, (citation,) = read_text(text)
    assert (citation.keywords, citation.notes, citation.accession) == (
        ("peer",),
        "",
        "",
    )
    assert citation.prior_labels == ("Full text: excluded",)


BITS = st.sampled_from(
    [
        *("TY  - JOUR\n", "TI  - T\n", "ER  - \n", "PMID- 1\n", "%0 Book\n", "%T T\n"),
        *(
            "@set{a}\n",
            "@article{a, title={T}}\n",
            "@string{a={b}}\n",
            "PT J\n",
            "TI T\n",
        ),
        *(
            "title,authors\n",
            "T,Lie\n",
            ",\n",
            "[{",
            '"title": "T"',
            "}]",
            "\x00",
            "\n",
        ),
        *("<records>", "<record>", "<title>T</title>", "</record>", "</records>", "é"),
    ]
)


@pytest.mark.parametrize("code", [one.code for one in FORMATS])
@given(bits=st.lists(BITS, max_size=30))
def test_found_is_kept_plus_skipped_in_every_reader(code: str, bits: list[str]) -> None:
    one = next(one for one in FORMATS if one.code == code)
    data = (one.magic[0] if one.magic else b"") + "".join(bits).encode()
    kept = 0
    try:
        reading = read_file(io.BytesIO(data), name=f"x.{one.endings[0]}")
        for _ in reading:
            kept += 1
    except UnreadableFile as refusal:
        assert refusal.sentence  # noqa: PT017
        return
    assert reading.kept == kept
    assert reading.found == kept + len(reading.skipped)
    assert all(entry.reason for entry in reading.skipped)
