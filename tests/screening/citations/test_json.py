"""JSON of reference managers and Publish or Perish: meaning, errors, attacks."""

from __future__ import annotations

import io
import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.citations.citation import Citation
from screening.citations.formats import FORMAT_BY_CODE
from screening.citations.reading.file_reading import (
    FileReading,
    UnreadableFile,
    read_file,
)
from screening.citations.reading.format_marks import Recognised
from screening.citations.reading.reading_report import ReadingReport
from tests.screening.citations.imports_expected import Samples

# The fixture is the same folder for every example.
UNCHANGED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


def read_bytes(
    data: bytes, name: str = "export.json"
) -> tuple[FileReading, list[Citation]]:
    reading = read_file(io.BytesIO(data), name=name)
    return reading, list(reading)


def read_item(**item: Any) -> Citation:
    _, (citation,) = read_bytes(json.dumps([{"title": "T", **item}]).encode())
    return citation


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"family": "Berg", "given": "Kari"}, "Berg, Kari"),
        ({"family": "Beek", "non-dropping-particle": "van der"}, "van der Beek"),
        (
            {"family": "Humboldt", "given": "A.", "dropping-particle": "von"},
            "Humboldt, A. von",
        ),
        ({"family": "King", "given": "M.", "suffix": "Jr."}, "King, M. Jr."),
        ({"literal": "The Group; Oslo"}, "The Group, Oslo"),
        ({"name": "World Health Organization"}, "World Health Organization"),
        (
            {"firstName": "Kari", "lastName": "Berg", "creatorType": "author"},
            "Berg, Kari",
        ),
        ({"author": {"display_name": "Kari Berg"}}, "Kari Berg"),
        ("Berg, Kari", "Berg, Kari"),
    ],
)
def test_an_author_is_read_in_every_shape(person: Any, name: str) -> None:
    assert read_item(author=[person]).authors == (name,)


@pytest.mark.parametrize(
    ("issued", "year"),
    [
        ({"date-parts": [[2020, 4, 1]]}, 2020),
        ({"date-parts": [["2019"]]}, 2019),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": []}, None),
        ({"raw": "c. 2014"}, 2014),
        ({"literal": "Spring 1999", "season": 1}, 1999),
        ("2001-02-03", 2001),
        ({}, None),
        (None, None),
        ({"date-parts": [[float("inf"), float("nan")]]}, None),
    ],
)
def test_a_date_is_read_in_every_shape(issued: Any, year: int | None) -> None:
    assert read_item(issued=issued).year == year


def test_identifiers_are_found_in_any_case_in_links_and_in_notes() -> None:
    assert read_item(DOI="10.1000/ABC").doi == "10.1000/abc"
    assert read_item(doi="https://doi.org/10.1000/ABC").doi == "10.1000/abc"
    assert read_item(URL="https://dx.doi.org/10.1000/x").doi == "10.1000/x"
    assert read_item(URL="https://example.org/10.1000/x").doi == ""
    noted = read_item(note="PMID: 123\nPMCID: PMC9\nDOI: 10.1000/n")
    assert (noted.pmid, noted.doi) == ("123", "10.1000/n")
    assert read_item(PMID=77).pmid == "77"
    assert read_item(ids={"pmid": "https://pubmed.ncbi.nlm.nih.gov/88"}).pmid == "88"
    assert read_item(id=5).accession == ""
    assert read_item(id="berg2020").accession == "berg2020"


def test_markup_in_titles_and_abstracts_becomes_readable_text() -> None:
    citation = read_item(
        title="<i>In vivo</i> H<sub>2</sub>O, x<y>z and p < 0.05 &amp; more",
        abstract="<jats:title>Abstract</jats:title><jats:sec><jats:title>Aim</jats:title>"
        "<jats:p>We <jats:italic>did</jats:italic>.</jats:p></jats:sec>",
    )
    assert citation.title == "In vivo H2O, x<y>z and p < 0.05 & more"
    assert citation.abstract == "Aim We did."


def test_the_lists_of_crossref_are_read_like_csl() -> None:
    message = {
        "status": "ok",
        "message": {
            "total-results": 1,
            "items": [
                {
                    "indexed": {"date-parts": [[2022, 1, 1]]},
                    "title": ["The title"],
                    "subtitle": ["a part"],
                    "container-title": ["The Journal"],
                    "type": "journal-article",
                    "DOI": "10.1000/c",
                    "ISSN": ["1", "2"],
                    "author": [{"given": "K", "family": "Berg", "sequence": "first"}],
                    "published-print": {"date-parts": [[2015, 3]]},
                    "subject": ["Medicine", "Nursing"],
                    "reference": [
                        {"key": "r", "doi-asserted-by": "x", "DOI": "10.1/r"}
                    ],
                }
            ],
        },
    }
    _, (citation,) = read_bytes(json.dumps(message).encode())
    assert citation.title == "The title: a part"
    assert (citation.journal, citation.year) == ("The Journal", 2015)
    assert (citation.type, citation.doi) == ("journal article", "10.1000/c")
    assert (citation.issn, citation.keywords) == ("1; 2", ("Medicine", "Nursing"))


def test_openalex_and_zoteros_own_json_are_read() -> None:
    works = {
        "meta": {"count": 1},
        "results": [
            {
                "id": "https://openalex.org/W1",
                "display_name": "A work",
                "publication_year": 2021,
                "type": "article",
                "ids": {"doi": "https://doi.org/10.1000/O"},
                "primary_location": {"source": {"display_name": "J"}},
                "biblio": {"volume": "3", "first_page": "1", "last_page": "4"},
                "abstract_inverted_index": {"of": [1], "Kinds": [0], "work": [2]},
                "authorships": [{"author": {"display_name": "Kari Berg"}}],
            }
        ],
    }
    _, (work,) = read_bytes(json.dumps(works).encode())
    assert (work.title, work.year, work.journal) == ("A work", 2021, "J")
    assert (work.abstract, work.pages) == ("Kinds of work", "1-4")
    assert work.type == "journal article"
    library = [
        {"key": "A", "data": {"itemType": "note", "note": "x"}},
        {
            "key": "B",
            "data": {
                "itemType": "journalArticle",
                "title": "An item",
                "publicationTitle": "J",
                "abstractNote": "Text",
                "date": "2 May 2011",
                "tags": [{"tag": "one"}, {"tag": "two"}],
                "creators": [
                    {"creatorType": "editor", "name": "No"},
                    {"creatorType": "author", "firstName": "K", "lastName": "Berg"},
                ],
            },
        },
    ]
    reading, (item,) = read_bytes(json.dumps(library).encode())
    assert (item.authors, item.year, item.abstract) == (("Berg, K",), 2011, "Text")
    assert (item.keywords, reading.found) == (("one", "two"), 2)
    assert [entry.reason for entry in reading.skipped] == ["“note” is not a reference."]


def test_numbers_of_zero_are_none_in_publish_or_perish() -> None:
    item = {
        "title": "T …",
        "article_url": "https://example.org",
        "cites": 3,
        "ecc": 3,
        "year": 0,
        "volume": 0,
        "issue": "0",
        "startpage": 3,
        "endpage": 0,
        "authors": "K Berg, N Dahl",
    }
    reading, (citation,) = read_bytes(json.dumps([item]).encode())
    assert reading.format == "pop-json"
    assert citation.title == "T …"
    assert (citation.year, citation.volume, citation.issue) == (None, "", "")
    assert citation.pages == "3"
    assert citation.authors == ("K Berg", "N Dahl")


@pytest.mark.parametrize(
    "text",
    [
        '[{"title": "A"}, {"title": "B"}]',
        '{"items": [{"title": "A"}, {"title": "B"}]}',
        '{"references": [{"title": "A"}, {"title": "B"}], "style": "x"}',
        '{"title": "A"}\n{"title": "B"}\n',
        '[{"title": "A"}][{"title": "B"}]',
        '[{"title": "A"},\n{"title": "B"},]',
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_records_are_found_in_every_kind_of_list(text: str, codec: str) -> None:
    reading, citations = read_bytes(text.encode(codec))
    assert [citation.title for citation in citations] == ["A", "B"]
    assert reading.skipped_count == 0


@pytest.mark.parametrize(
    "fault",
    [
        '{"title": "B" "year": 2001}',
        '{"title": "he said "B" to her", "year": 2001}',
        '{"title": "B}',
        '{"title": B, "author": [{"family": "X"}, {"family": "Y"}]}',
        '{"title": "B", "x": ' + "[" * 5000 + "]" * 5000 + "}",
        "null",
        '"a text"',
    ],
)
def test_a_broken_record_is_skipped_with_its_line_and_the_next_is_read(
    fault: str,
) -> None:
    text = f'[\n{{"title": "A"}},\n{fault},\n{{"title": "C"}},\n{{"title": "D"}}\n]'
    reading, citations = read_bytes(text.encode())
    assert [citation.title for citation in citations] == ["A", "C", "D"]
    assert [piece.line for piece in reading.skipped] == [3]
    assert reading.skipped[0].reason.endswith(".")
    assert [citation.line for citation in citations] == [2, 4, 5]


@pytest.mark.parametrize(
    "end",
    ['"abstract": "Begun', '"abstract": "Begun\\', '"abstract"', '"a": [1, {"b": 2'],
)
def test_a_record_cut_off_at_the_end_is_kept_with_a_warning(end: str) -> None:
    text = '[{"title": "A"}, {"title": "B", "issued": {"raw": "2001"}, ' + end
    reading, citations = read_bytes(text.encode())
    assert [citation.title for citation in citations] == ["A", "B"]
    assert citations[1].year == 2001
    assert reading.warning_counts == {"record-not-terminated": 1}


def test_an_empty_item_is_skipped_and_one_without_title_is_kept() -> None:
    reading, (citation,) = read_bytes(
        b'[{"id": "x", "type": "book", "title": ""}, {"DOI": "10.1000/a"}]'
    )
    assert citation.doi == "10.1000/a"
    assert reading.warning_counts == {"empty-record": 1, "no-title": 1}
    assert (reading.found, reading.skipped_count) == (2, 1)


def test_records_longer_than_a_block_and_long_lists_are_complete() -> None:
    items = [{"title": f"T{n}", "abstract": "ø" * (n % 7) * 60_000} for n in range(40)]
    _, citations = read_bytes(json.dumps(items, ensure_ascii=False).encode())
    assert [c.title for c in citations] == [item["title"] for item in items]
    assert len(citations[6].abstract) == 360_000


@pytest.mark.samples("import", formats=("csl-json", "pop-json"))
@settings(max_examples=75, deadline=None, suppress_health_check=UNCHANGED)
@given(
    place=st.floats(0, 1),
    cut=st.integers(0, 200),
    put=st.one_of(
        st.binary(max_size=20),
        st.sampled_from([b'"', b"{", b"}", b"[", b"]", b",", b"\\", b"},{", b"\0"]),
    ),
)
def test_a_damaged_sample_never_crashes_the_reader(
    samples: Samples, name: str, place: float, cut: int, put: bytes
) -> None:
    data = (samples.folder / name).read_bytes()
    at = int(place * len(data))
    begun = time.process_time()
    try:
        reading, citations = read_bytes(data[:at] + put + data[at + cut :], name)
    except UnreadableFile:
        pass
    else:
        assert reading.found == len(citations) + reading.skipped_count
        assert all(citation.raw for citation in citations)
    assert time.process_time() - begun < 2


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["family", "literal", "date-parts", "raw", "name", "value", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
FIELDS = [
    "title",
    "author",
    "authors",
    "issued",
    "year",
    "DOI",
    "ids",
    "URL",
    "note",
    "PMID",
    "abstract",
    "keyword",
    "tags",
    "page",
    "volume",
    "issue",
    "type",
    "itemType",
    "language",
    "ISSN",
    "id",
    "biblio",
    "primary_location",
    "container-title",
    "abstract_inverted_index",
    "uid",
    "source",
    "startpage",
    "article_url",
    "creators",
    "data",
    "subtitle",
]


@settings(max_examples=200, deadline=None)
@given(
    format_=st.sampled_from(["csl-json", "pop-json"]),
    items=st.lists(st.dictionaries(st.sampled_from(FIELDS), VALUES), max_size=4),
)
def test_values_of_any_shape_are_read(
    format_: str, items: list[dict[str, Any]]
) -> None:
    report = ReadingReport()
    stream = io.BytesIO(json.dumps(items).encode())
    citations = list(
        FORMAT_BY_CODE[format_].read_bytes(
            stream, Recognised(format_, "", "utf-8"), report
        )
    )
    notes = sum(
        isinstance(i.get("itemType"), str)
        and i["itemType"].strip() in ("note", "attachment", "annotation")
        for i in items
    )
    assert len(citations) + report.skipped_count + notes >= len(items)


@settings(max_examples=150, deadline=None)
@given(
    format_=st.sampled_from(["csl-json", "pop-json"]),
    pieces=st.lists(
        st.one_of(
            st.binary(max_size=12),
            st.sampled_from(
                [b'{"title": ', b'"A"', b"}", b"{", b"[", b"]", b",", b'"']
            ),
        ),
        max_size=40,
    ),
)
def test_bytes_of_any_kind_are_read(format_: str, pieces: list[bytes]) -> None:
    stream = io.BytesIO(b"".join(pieces))
    citations = list(
        FORMAT_BY_CODE[format_].read_bytes(
            stream, Recognised(format_, "", "utf-8"), ReadingReport()
        )
    )
    assert all(citation.raw for citation in citations)
