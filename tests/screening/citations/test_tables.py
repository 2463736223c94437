"""Text tables: headers, dialects, and columns mapped by a person."""

from __future__ import annotations

import contextlib
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.citations.citation import Citation
from screening.citations.formats import PLATFORM_NAMES
from screening.citations.reading.encodings import CHOICES
from screening.citations.reading.file_reading import (
    FileReading,
    ReadingOptions,
    UnreadableFile,
    read_file,
)
from screening.citations.reading.tables.columns import FIELDS, names_of_columns
from screening.citations.reading.tables.table_preview import read_table_header

UNKNOWN = "Ref;What;Who;What\n1;A study;Berg, K;2019\n2;Another;Dahl, N;2020\n"


def read_text(
    text: str, options: ReadingOptions | None = None, codec: str = "utf-8"
) -> tuple[FileReading, list[Citation]]:
    stream = io.BytesIO(text.encode(codec))
    reading = read_file(stream, name="export.csv", options=options)
    return reading, list(reading)


def refusal(text: str, options: ReadingOptions | None = None) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        read_text(text, options)
    return refused.value


@pytest.mark.parametrize(
    ("header", "platform"),
    [
        (
            "Document Title,Authors,Publication Title,Date Added To Xplore",
            "IEEE Xplore",
        ),
        ("Title,Authors,StoreId,pubtitle,year", "ProQuest"),
        ("id,doi,display_name,authorships.author.display_name", "OpenAlex"),
        ("Rank,Publication ID,DOI,Title,PubYear,Authors,Dimensions URL", "Dimensions"),
        ("Lens ID,Title,Date Published,Author/s", "Lens.org"),
        ("Rank,NCT Number,Title,Status,URL", "ClinicalTrials.gov"),
        ("NCT Number,Study Title,Study URL,Brief Summary", "ClinicalTrials.gov"),
        ("EudraCT Number,Full Title,Start Date", "EU Clinical Trials Register"),
        ("Article Title,Authors,Source Title,UT (Unique WOS ID)", "Web of Science"),
        ("UI,TI,AU,SO,YR,AB", "Ovid"),
        ("Cites,Authors,Title,Year,Source,GSRank,QueryDate", "Publish or Perish"),
        ("title,abstract,asreview_label,authors", "ASReview"),
    ],
)
def test_the_platform_of_a_table_is_recognised_from_its_header(
    header: str, platform: str
) -> None:
    row = ",".join(f"value {n}" for n in range(header.count(",") + 1))
    reading, citations = read_text(f"{header}\n{row}\n")
    assert reading.platform == platform
    assert platform in PLATFORM_NAMES
    assert citations[0].title.startswith("value")


def test_fields_of_newer_exports_are_found() -> None:
    _, (openalex,) = read_text(
        "id,doi,title,publication_year,authorships.author.display_name,"
        "primary_location.source.display_name,biblio.first_page,biblio.last_page,ids.pmid\n"
        "https://openalex.org/W1,https://doi.org/10.1000/A,T,2020,Kari Berg|Nils Dahl,"
        "Journal,1,9,https://pubmed.ncbi.nlm.nih.gov/123456\n"
    )
    assert openalex.authors == ("Kari Berg", "Nils Dahl")
    assert (openalex.doi, openalex.pmid, openalex.pages) == (
        "10.1000/a",
        "123456",
        "1-9",
    )
    assert (openalex.journal, openalex.year) == ("Journal", 2020)
    _, (perish,) = read_text(
        'Cites,Authors,Title,Year,Source,GSRank,QueryDate\n1,"W Guo, X Li",T,2020,J,1,x\n'
    )
    assert perish.authors == ("W Guo", "X Li")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_is_found(delimiter: str) -> None:
    lines = [("Title", "Authors", "Year"), ("A; study, of | x", "Berg K.", "2019")]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    _, citations = read_text(text)
    assert citations[0].title == "A; study, of | x"


def test_the_declaration_of_excel_is_not_a_row() -> None:
    for text in ("sep=;\nTitle;Year\nX;2019\n", '"sep=^"\nTitle^Year\nX^2019\n'):
        reading, citations = read_text(text)
        assert [(c.title, c.year, c.line) for c in citations] == [("X", 2019, 2)]
        assert reading.warning_counts == {}


def test_a_header_between_joined_tables_is_not_a_record() -> None:
    reading, citations = read_text("Title,Year\nX,2019\nTitle,Year\nY,2020\n")
    assert [citation.title for citation in citations] == ["X", "Y"]
    assert reading.warning_counts == {"preamble-skipped": 1}


def test_a_table_with_an_unknown_header_asks_for_its_columns() -> None:
    refused = refusal(UNKNOWN)
    assert refused.kind == "columns-unknown"
    assert "by hand" in refused.sentence
    header = read_table_header(io.BytesIO(UNKNOWN.encode()), "export.csv")
    assert header is not None
    assert header.headers == ("Ref", "What", "Who", "What (2)")
    assert header.rows[0] == ("1", "A study", "Berg, K", "2019")
    assert dict(header.found)["Ref"] == "accession"
    assert (header.delimiter, header.header_row, header.recognised) == (";", 1, False)


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\nplease find, below, my list.\nBest, Kari\nIt is long.\nBye.\n",
        "one line of words without an end",
        "word\n" * 50,
    ],
)
def test_text_that_is_not_a_table_has_no_records(text: str) -> None:
    assert refusal(text).kind == "no-records-found"


def test_only_mapped_columns_are_read() -> None:
    options = ReadingOptions(
        columns=(
            ("What", "title"),
            ("Who", "authors"),
            ("What (2)", "year"),
            ("Ref", "ignore"),
        )
    )
    reading, citations = read_text(UNKNOWN, options)
    assert [(c.title, c.year, c.accession) for c in citations] == [
        ("A study", 2019, ""),
        ("Another", 2020, ""),
    ]
    assert citations[0].authors == ("Berg, K",)
    assert reading.warning_counts == {}


def test_the_header_is_the_row_with_the_mapped_headers() -> None:
    text = f"Title;Year;About;x\nmy list;2024;of things;\n{UNKNOWN}"
    _, citations = read_text(text, ReadingOptions(columns=(("what", "title"),)))
    assert [citation.line for citation in citations] == [4, 5]
    refused = refusal(text, ReadingOptions(columns=(("Nowhere", "title"),)))
    assert refused.kind == "columns-unknown"
    assert "headers you mapped" in refused.sentence


def test_decisions_reasons_and_labels_can_be_mapped() -> None:
    text = "What,Anna,Per,Why,Sort\nX,yes,,too old; animals,RCT\nY,no,maybe,,\n"
    mapping = {
        "What": "title",
        "Anna": "decision",
        "Per": "decision",
        "Why": "decision_reason",
        "Sort": "label",
    }
    _, (first, second) = read_text(text, ReadingOptions(columns=tuple(mapping.items())))
    assert first.prior_decisions == (("Anna", "yes"),)
    assert first.prior_reasons == ("too old", "animals")
    assert first.prior_labels == ("RCT",)
    assert second.prior_decisions == (("Anna", "no"), ("Per", "maybe"))


def test_a_mapping_of_the_found_columns_gives_the_same_records() -> None:
    text = 'Authors,Author full names,Title,Year\nB K,"Berg, Kari",X,2019\n'
    header = read_table_header(io.BytesIO(text.encode()), "x.csv")
    assert header is not None
    assert header.recognised
    _, plain = read_text(text)
    _, mapped = read_text(text, ReadingOptions(columns=header.found))
    assert mapped == plain
    assert mapped[0].authors == ("Berg, Kari",)


def test_every_field_that_can_be_mapped_has_a_label() -> None:
    assert all(label and label[0].isupper() for label in FIELDS.values())
    fields = [field for field in FIELDS if field != "ignore"]
    text = ",".join(f"Col {field}" for field in fields) + "\n" + "1," * len(fields)
    options = ReadingOptions(columns=tuple((f"Col {field}", field) for field in fields))
    _, (citation,) = read_text(text, options)
    assert citation.title == citation.abstract == "1"
    assert citation.prior_decisions == (("Col decision", "1"),)


@pytest.mark.parametrize("codec", CHOICES)
def test_an_encoding_that_a_person_chose_is_used(codec: str) -> None:
    text = "Title,Authors\nA “study”,Berg K.\n"
    text = (
        text
        if codec not in ("iso-8859-1", "euc-kr", "mac-roman")
        else text.replace("“study”", "study")
    )
    reading, citations = read_text(text, ReadingOptions(encoding=codec), codec)
    assert citations[0].title == text.split("\n")[1].split(",")[0]
    assert reading.encoding == codec
    assert reading.warning_counts == {}


def test_a_platform_that_a_person_chose_is_used() -> None:
    reading, _ = read_text("Title,Year\nX,2019\n", ReadingOptions(platform="Scopus"))
    assert reading.platform == "Scopus"


def test_a_row_with_too_many_cells_is_skipped_and_the_next_one_read() -> None:
    reading, citations = read_text(f"Title,Year\n{',' * 50_000}\nX,2019\n")
    assert [citation.title for citation in citations] == ["X"]
    assert reading.found == 2
    assert reading.skipped[0].line == 2


CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), max_size=12
) | st.sampled_from(
    [
        '"',
        '""',
        '="1"',
        "=1+1",
        "\n",
        ",",
        ";",
        "'=x",
        "10.1/a",
        "2019",
        "Title",
        "\x00",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=8), st.sampled_from(",;\t|"))
def test_counts_add_up_for_any_cells(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([["Title", "Authors", "Year", "DOI"], *rows])
    # Cells with only NUL are not text: such a file is refused at once.
    with contextlib.suppress(UnreadableFile):
        adds_up(read_file(io.BytesIO(out.getvalue().encode()), name="x.csv"))


def adds_up(reading: FileReading) -> None:
    count = 0
    with contextlib.suppress(UnreadableFile):
        for _ in reading:
            count += 1
    assert reading.found == count + reading.skipped_count


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300) | st.lists(CELLS).map("".join))
def test_counts_add_up_for_any_text_under_a_header(text: str) -> None:
    data = ("Title,Authors\n" + text).encode("utf-8", "replace")
    try:
        reading = read_file(io.BytesIO(data), name="x.csv")
        count = sum(1 for _ in reading)
    except UnreadableFile:
        return
    assert reading.found == count + reading.skipped_count
    assert read_table_header(io.BytesIO(data), "x.csv") is not None


@given(st.lists(st.sampled_from(["A", "A (2)", "", "B", "a", "Column 1"])))
def test_columns_have_different_names(header: list[str]) -> None:
    names = names_of_columns(header)
    assert len(names) == len(set(names)) == len(header)
