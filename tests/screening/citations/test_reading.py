"""Irregular files: what the readers do with them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.citations.citation import Citation
from screening.citations.reading.file_reading import (
    FileReading,
    UnreadableFile,
    read_file,
)


def read_bytes(
    data: bytes, name: str = "export.ris"
) -> tuple[FileReading, list[Citation]]:
    reading = read_file(io.BytesIO(data), name=name)
    return reading, list(reading)


def refusal(data: bytes, name: str = "export.ris") -> str:
    with pytest.raises(UnreadableFile) as refused:
        read_bytes(data, name)
    return refused.value.kind


def test_records_without_their_first_line_are_kept_with_a_warning() -> None:
    reading, citations = read_bytes(
        b"TI  - One\nAU  - Berg, K\nER  - \n\nAU  - Dahl, N\nTI  - Two\nER  - \n"
    )
    assert [citation.title for citation in citations] == ["One", "Two"]
    assert reading.warning_counts == {"missing-record-start": 2}


def test_an_empty_record_is_skipped_with_line_and_reason() -> None:
    reading, citations = read_bytes(
        b"TY  - JOUR\nTI  - One\nER  - \n\nTY  - JOUR\nER  - \n"
    )
    assert (reading.found, reading.kept, reading.skipped_count) == (2, 1, 1)
    assert reading.skipped[0].line == 5
    assert "no content" in reading.skipped[0].reason
    assert len(citations) == 1


def test_a_value_of_several_lines_is_one_value() -> None:
    _, citations = read_bytes(
        b"TY  - JOUR\nTI  - A long\n  title\nAB  - Aim.\n\nMethods.\n"
        b"IQ - a measure - was used.\nKW  - one\ntwo\nER  - \n"
    )
    assert citations[0].title == "A long title"
    assert citations[0].abstract == "Aim. Methods. IQ - a measure - was used."
    assert citations[0].keywords == ("one", "two")


def test_tags_with_a_single_space_are_read_if_the_file_has_such_tags() -> None:
    _, citations = read_bytes(b"TY - JOUR\nTI - Tight\nAU - Berg, Kari\nER -\n")
    assert citations[0].title == "Tight"
    assert citations[0].authors == ("Berg, Kari",)


def test_the_same_name_twice_under_one_tag_stays_twice() -> None:
    _, citations = read_bytes(
        b"TY  - JOUR\nTI  - X\nAU  - Wang, Y\nAU  - Wang, Y\nER  - \n"
    )
    assert citations[0].authors == ("Wang, Y", "Wang, Y")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-bom"),
        ("utf-16", "utf-16-le-bom"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le-bom"),
        ("latin-1", "iso-8859-1"),
        ("mac-roman", "mac-roman"),
    ],
)
def test_every_encoding_and_line_end_gives_the_same_record(
    end: str, codec: str, encoding: str
) -> None:
    text = end.join(
        ["TY  - JOUR", "TI  - Få sårede små øer", "AU  - Sæther, Åse", "ER  - ", ""]
    )
    reading, citations = read_bytes(text.encode(codec))
    assert citations[0].title == "Få sårede små øer"
    assert citations[0].authors == ("Sæther, Åse",)
    assert reading.encoding == encoding


def test_lines_in_two_encodings_are_each_read_in_their_own() -> None:
    one = "TY  - JOUR\nTI  - Første\nER  - \n".encode()
    two = "TY  - JOUR\nTI  - “Ønsket”\nER  - \n".encode("cp1252")
    reading, citations = read_bytes(one + two)
    assert [citation.title for citation in citations] == ["Første", "“Ønsket”"]
    assert reading.encoding == "mixed"
    assert reading.warning_counts == {"mixed-encodings": 1}


def test_nul_bytes_and_byte_order_marks_are_removed() -> None:
    reading, citations = read_bytes(
        b"TY  - JOUR\nTI  - A\x00B\x07C\nER  - \n"
        b"\xef\xbb\xbfTY  - JOUR\nTI  - Second file\nER  - \n"
    )
    assert [citation.title for citation in citations] == ["ABC", "Second file"]
    assert reading.warning_counts == {"control-characters-removed": 1}


def test_nbib_without_wrapped_indent_or_blank_lines_is_split_at_pmid() -> None:
    _, citations = read_bytes(
        b"PMID- 11\nTI  - One\ngoes on\nDP  - 2001 Feb\nPMID- 12\nTI  - Two\n"
        b"AID - 10.1000/ABC [doi]\n",
        "pubmed.nbib",
    )
    assert [citation.title for citation in citations] == ["One goes on", "Two"]
    assert citations[0].year == 2001
    assert citations[1].doi == "10.1000/abc"
    assert citations[1].line == 5


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_read_with_any_delimiter(delimiter: str) -> None:
    rows = [
        ["Publication Year", "Document Title", "Author", "Extra column"],
        ["2019", "A title", "Berg K", "x"],
    ]
    text = "\n".join(delimiter.join(row) for row in rows)
    _, citations = read_bytes(text.encode(), "table.csv")
    assert (citations[0].title, citations[0].year) == ("A title", 2019)
    assert citations[0].authors == ("Berg, K",)


def test_a_stray_quotation_mark_damages_no_other_row() -> None:
    rows = "".join(f"Title {n},Dahl,20{n:02},abstract\n" for n in range(1, 90))
    data = f'Title,Authors,Year,Abstract\nA,Berg,2018,"open\n{rows}'
    reading, citations = read_bytes(data.encode(), "table.csv")
    assert reading.kept == 90
    assert citations[-1].title == "Title 89"
    assert reading.warning_counts == {"unbalanced-quotes": 1}


def test_line_breaks_inside_a_quoted_cell_belong_to_it() -> None:
    reading, citations = read_bytes(
        b'Title,Year,Abstract\n"One",2018,"Aim.\n\nEnd, at last."\nTwo,2019,\n',
        "table.csv",
    )
    assert citations[0].abstract == "Aim. End, at last."
    assert citations[1].line == 3
    assert reading.warning_counts == {}


def test_a_row_too_long_or_too_short_is_kept_with_a_warning() -> None:
    reading, citations = read_bytes(
        b"Title,Year,DOI\nOne,2018,,more\nTwo\nThree,2020,10.1/x\n", "table.csv"
    )
    assert [citation.title for citation in citations] == ["One", "Two", "Three"]
    assert reading.warning_counts == {"ragged-row": 2}


def test_a_very_large_cell_is_read() -> None:
    data = f'Title,Abstract,Year\nOne,"{"word " * 60_000}",2018\n'.encode()
    _, citations = read_bytes(data, "table.csv")
    assert len(citations[0].abstract) > 250_000


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty-file"),
        (b"\xef\xbb\xbf", "empty-file"),
        (b"\xff\xfe", "empty-file"),
        (b" \r\n\r\n", "empty-file"),
        (b"TY  -", "no-records-found"),
        (b"Some words\nwithout any record\n", "no-records-found"),
        (b"Title,Year,Abstract\n", "no-records-found"),
        (b"<!DOCTYPE html><html><body>TY  - x</body></html>", "html-page"),
        (b"\n<HTML><head></head></HTML>", "html-page"),
        (b"%PDF-1.7\nTY  - JOUR", "pdf-file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x01\x02\x03", "unknown-format"),
        (bytes(range(256)) * 20, "unknown-format"),
        (b"PK\x03\x04rest of an archive", "archive-damaged"),
        (b"{\\rtf1 TY  - JOUR}", "format-not-read-yet"),
        (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>',
            "xml-entity-forbidden",
        ),
    ],
)
def test_a_file_without_references_is_refused_with_the_reason(
    data: bytes, kind: str
) -> None:
    assert refusal(data) == kind


def test_a_file_name_of_another_format_gives_a_warning() -> None:
    reading, _ = read_bytes(b"Title,Year\nOne,2018\n", "export.ris")
    assert reading.warning_counts == {"extension-mismatch": 1}


def test_many_records_need_no_more_memory_than_few(tmp_path: Path) -> None:
    import tracemalloc

    record = b"TY  - JOUR\nTI  - A title\nAB  - " + b"word " * 200 + b"\nER  - \n\n"
    path = tmp_path / "many.ris"
    with path.open("wb") as out:
        for _ in range(5_000):
            out.write(record)
    tracemalloc.start()
    with path.open("rb") as stream:
        reading = read_file(stream, name=path.name)
        for _ in reading:
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert reading.kept == 5_000
    assert peak < 12e6


PIECES = st.sampled_from(
    [
        b"TY  - JOUR\n",
        b"TY - JOUR\r\n",
        b"ER  - \n",
        b"TI  - A title\n",
        b"AU  - Berg, K\r",
        b"DO  - 10.1000/x\n",
        b"PMID- 1\n",
        b"Title,Year,DOI\n",
        b'"open,2018,\n',
        b"\n",
        b"\x00",
        b"\xef\xbb\xbf",
        b"\xff",
        b"2.\n",
        b"  more\n",
        "være\n".encode(),
        "være\n".encode("latin-1"),
    ]
)


def read_whatever(data: bytes) -> None:
    try:
        reading, citations = read_bytes(data)
    except UnreadableFile:
        return
    assert reading.kept == len(citations) > 0
    assert reading.found == reading.kept + reading.skipped_count
    for citation in citations:
        assert "\x00" not in citation.raw
        assert citation.title == " ".join(citation.title.split())


@given(st.binary(max_size=2000))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused_and_counts_add_up(data: bytes) -> None:
    read_whatever(data)


@given(st.lists(PIECES, max_size=40).map(b"".join))
@settings(max_examples=200, deadline=None)
def test_any_mixture_of_lines_is_read_or_refused_and_counts_add_up(data: bytes) -> None:
    read_whatever(data)
    read_whatever(b"TY  - JOUR\n" + data)
    read_whatever(b"Title,Year,DOI\n" + data)


def test_an_end_and_a_start_on_one_line_lose_nothing() -> None:
    reading, citations = read_bytes(
        b"TY  - JOUR\nTI  - One\nER  - TY  - CONF\nTI  - Two\nER  - \n\n"
        b"TY  - BOOK\nTI  - Three\nER  - TY  - THES\nTI  - Four\nER  -\n"
    )
    assert [(c.type, c.title, c.line) for c in citations] == [
        ("journal article", "One", 1),
        ("conference proceedings", "Two", 3),
        ("book", "Three", 7),
        ("thesis", "Four", 9),
    ]
    assert reading.warning_counts == {}
    assert (reading.found, reading.kept, reading.skipped_count) == (4, 4, 0)


@pytest.mark.parametrize(
    ("tags", "platform"),
    [
        (
            "PY  - 2022\nDA  - 2022/02/12\nTI  - T\nSN  - 1522-9602\n"
            "UR  - https://doi.org/10.5555/s1-022-4\nDO  - 10.5555/s1-022-4\n"
            "ID  - Oskouei Lee2022\n",
            "SpringerLink",
        ),
        (
            "TI  - T\nT2  - Access\nPY  - 2020\nVO  - 8\nVL  - 8\nJA  - Access\n",
            "IEEE Xplore",
        ),
        (
            "T1  - T\nDA  - 2020/01/01/\nSN  - 0148-2963\n"
            "DO  - https://doi.org/10.5555/j.1\n"
            "UR  - https://www.sciencedirect.com/science/article/pii/S1\n",
            "ScienceDirect",
        ),
        ("TI  - T\nUR  - https://trid.trb.org/view/813520\n", "TRID"),
        ("TI  - T\nID  - https://openalex.org/W27\n", "OpenAlex"),
    ],
)
def test_publishers_and_registers_are_recognised(tags: str, platform: str) -> None:
    reading, _ = read_bytes(f"TY  - JOUR\n{tags}ER  - \n".encode())
    assert reading.platform == platform
