"""Exported files in other programs: equal fields, valid formats, nothing is run."""

from __future__ import annotations

import csv
import io
import json
import warnings
import zipfile
from collections.abc import Sequence

import bibtexparser
import jsonschema
import openpyxl
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from defusedxml import ElementTree
from hypothesis import given, settings
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text

from reviewapp.core.lib.cells import FORMULA_STARTS
from screening.citations.citation import Citation
from screening.citations.reference_types import WORDS
from screening.citations.writing import tables, xlsx
from screening.citations.writing.bibtex import bibtex_entries, bibtex_key, escape_bibtex
from screening.citations.writing.csl_json import TYPES as CSL_TYPES
from screening.citations.writing.status_note import NOTHING, ScreeningStatus
from tests.screening.citations.citations_drawn import (
    FACTS,
    TOLD,
    WRITERS,
    hostile_text,
    rayyan_file,
    read_back,
    sample,
    values,
)
from tests.screening.citations.imports_expected import Samples

NAMES = ("scopus.ris", "zotero.ris", "ovid-psycinfo.ris", "rayyan.csv")
STARTS = sorted(FORMULA_STARTS - set("\t\r\n"))
# Names and types of CSL's input schema (1.0.2) that we write.
TEXT = {"type": "string"}
CSL_SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "id"],
        "additionalProperties": False,
        "properties": {
            **dict.fromkeys(
                [
                    "id",
                    "title",
                    "container-title",
                    "volume",
                    "issue",
                    "page",
                    "DOI",
                    "PMID",
                    "URL",
                    "ISSN",
                    "language",
                    "abstract",
                    "keyword",
                    "note",
                    "genre",
                ],
                TEXT,
            ),
            "type": {
                "enum": [
                    "article-journal",
                    "article-magazine",
                    "article-newspaper",
                    "book",
                    "chapter",
                    "dataset",
                    "document",
                    "manuscript",
                    "motion_picture",
                    "pamphlet",
                    "paper-conference",
                    "patent",
                    "periodical",
                    "report",
                    "standard",
                    "thesis",
                    "webpage",
                ]
            },
            "author": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"family": TEXT, "given": TEXT, "literal": TEXT},
                },
            },
            "issued": {
                "type": "object",
                "additionalProperties": False,
                "required": ["date-parts"],
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "items": {
                            "type": "array",
                            "items": {"type": "number"},
                            "minItems": 1,
                            "maxItems": 3,
                        },
                        "minItems": 1,
                        "maxItems": 2,
                    }
                },
            },
            "custom": {"type": "object"},
        },
    },
}


@pytest.fixture
def ours(samples: Samples) -> list[Citation]:
    """Return the citations of four samples."""
    return [one for name in NAMES for one in sample(samples.folder / name)]


def written(
    file: str, citations: Sequence[Citation], told: ScreeningStatus = TOLD
) -> bytes:
    return WRITERS[file]((one, told) for one in citations)


def sheet(data: bytes) -> list[dict[str, object]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.values)
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_rispy_reads_our_ris(ours: list[Citation]) -> None:
    theirs = rispy.loads(written("again.ris", ours).decode())
    assert len(theirs) == len(ours) > 20
    for citation, entry in zip(ours, theirs, strict=True):
        assert entry["title"] == citation.title
        assert tuple(entry.get("authors", ())) == citation.authors
        assert entry.get("year") == (str(citation.year) if citation.year else None)
        assert entry.get("doi", "") == citation.doi
        assert entry.get("abstract", "") == citation.abstract
        keywords = tuple(entry["keywords"])
        assert keywords[: len(citation.keywords)] == citation.keywords
        assert "Full text: excluded" in keywords
        assert entry["notes"][-1].startswith("reviewapp: Title and abstract: included;")


def test_bibtexparser_reads_our_bibtex(ours: list[Citation]) -> None:
    text = written("again.bib", ours).decode()
    library = bibtexparser.parse_string(
        text, append_middleware=[LatexDecodingMiddleware()]
    )
    assert not library.failed_blocks
    assert len(library.entries) == len(ours)
    for citation, entry in zip(ours, library.entries, strict=True):
        field = {name: one.value for name, one in entry.fields_dict.items()}
        assert field["title"] == citation.title
        assert field.get("abstract", "") == citation.abstract
        assert field.get("year", "") == str(citation.year or "")
        assert field.get("doi", "") == citation.doi
        assert "Full text: excluded" in field["keywords"]


def test_pybtex_reads_our_bibtex_and_its_people(ours: list[Citation]) -> None:
    parsed = parse_string(written("again.bib", ours).decode(), "bibtex")
    assert len(parsed.entries) == len(ours)
    decoded = LatexNodes2Text(keep_braced_groups=False).latex_to_text
    for citation, entry in zip(ours, parsed.entries.values(), strict=True):
        assert decoded(entry.fields["title"]) == citation.title
        people = [str(person) for person in entry.persons.get("author", ())]
        assert [decoded(name) for name in people] == list(citation.authors)


@given(title=hostile_text)
@settings(max_examples=60, deadline=None)
def test_both_bibtex_parsers_return_any_title(title: str) -> None:
    text = "".join(bibtex_entries([(Citation(title=title, year=2020), NOTHING)]))
    library = bibtexparser.parse_string(
        text, append_middleware=[LatexDecodingMiddleware()]
    )
    assert not library.failed_blocks
    assert library.entries[0].fields_dict["title"].value == title
    raw = next(iter(parse_string(text, "bibtex").entries.values())).fields["title"]
    assert LatexNodes2Text().latex_to_text(raw) == title
    assert raw == escape_bibtex(title)


@pytest.mark.parametrize(
    ("citation", "key"),
    [
        (
            Citation("The peer work of Oslo", ("Åkerblom, Kari",), 2021),
            "Akerblom2021peer",
        ),
        (Citation("Ægir & “Łódź”", ("Øster-Strauß, B.",)), "OsterStraussaegir"),
        (Citation("中文", ("李, 明",)), "record"),
        (Citation(), "record"),
    ],
)
def test_keys_of_entries_are_ascii(citation: Citation, key: str) -> None:
    assert bibtex_key(citation) == key


def test_no_key_is_used_twice() -> None:
    same = Citation("Peers", ("Berg, K.",), 2020)
    other = Citation("peers", ("BERG, K.",), 2020)
    text = "".join(bibtex_entries((one, NOTHING) for one in [same, other, same]))
    keys = [
        line.partition("{")[2].strip(",") for line in text.split("\n") if "@" in line
    ]
    assert keys == ["Berg2020peers", "BERG2020peers-2", "Berg2020peers-3"]


def test_endnote_xml_has_the_form_of_endnote(ours: list[Citation]) -> None:
    root = ElementTree.fromstring(written("again.xml", ours))
    records = root.findall("records/record")
    assert len(records) == len(ours)
    for citation, record in zip(ours, records, strict=True):
        authors = record.findall("contributors/authors/author/style")
        assert tuple(one.text for one in authors) == citation.authors
        assert record.findtext("titles/title/style") == citation.title
        assert record.findtext("abstract/style", "") == citation.abstract
        assert record.findtext("electronic-resource-num/style", "") == citation.doi
        kind = record.find("ref-type")
        assert kind.text.isdigit()
        assert kind.get("name")
        words = [one.text for one in record.findall("keywords/keyword/style")]
        assert "Title and abstract: included" in words
        assert record.findtext("research-notes/style").startswith("reviewapp: ")


def test_xml_contains_no_forbidden_character() -> None:
    hostile = "".join(map(chr, [*range(32), 0xFFFE, 0xFFFF, 0xD800])) + "]]><&\"'x"
    root = ElementTree.fromstring(written("again.xml", [Citation(title=hostile)]))
    assert root.findtext("records/record/titles/title/style") == "]]><&\"'x"


def test_csl_json_is_valid(ours: list[Citation]) -> None:
    every = [*ours, *(Citation(title="T", type=word) for word in sorted(WORDS))]
    found = json.loads(written("again.json", every))
    jsonschema.validate(found, CSL_SCHEMA)
    assert set(CSL_TYPES.values()) <= set(
        CSL_SCHEMA["items"]["properties"]["type"]["enum"]
    )
    assert found[0]["author"][0] == dict(
        zip(("family", "given"), ours[0].authors[0].split(", "), strict=True)
    )
    assert json.loads(written("again.json", [])) == []


def test_a_name_without_a_comma_is_literal_in_csl() -> None:
    found = json.loads(written("again.json", [Citation("T", ("World Health Org",))]))
    assert found[0]["author"] == [{"literal": "World Health Org"}]


def test_openpyxl_reads_our_workbook(ours: list[Citation]) -> None:
    rows = sheet(written("again.xlsx", ours))
    assert len(rows) == len(ours)
    for citation, row in zip(ours, rows, strict=True):
        assert row["Title"] == citation.title
        assert row["Year"] == citation.year
        assert (row["PMID"] or "") == citation.pmid
        assert row["Authors"] == "; ".join(citation.authors)
        assert row["Final outcome"] == "excluded at full text"


def test_the_workbook_has_a_frozen_header_a_filter_and_widths(
    ours: list[Citation],
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(io.BytesIO(written("again.xlsx", ours)))
    found = book.active
    assert found.freeze_panes == "A2"
    assert found.auto_filter.ref == found.dimensions
    assert found.column_dimensions["A"].width == 60


def test_a_cell_too_long_for_excel_is_cut_and_named() -> None:
    long = Citation(title="T", abstract="a" * 40_000, notes="𝛼" * 17_000)
    rows = sheet(written("again.xlsx", [long, Citation(title="short")]))
    assert rows[0]["Abstract"] == "a" * 32_766 + "…"
    assert len(str(rows[0]["Notes"]).encode("utf-16-le")) <= 2 * 32_767
    assert rows[0][xlsx.CUT] == "Abstract; Notes"
    assert rows[1][xlsx.CUT] is None


def test_the_same_records_give_the_same_bytes(ours: list[Citation]) -> None:
    assert written("again.xlsx", ours) == written("again.xlsx", ours)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("file", ["again.csv", "again.xlsx"])
def test_a_formula_is_text_in_a_spreadsheet_and_restored_by_our_reader(
    file: str, start: str
) -> None:
    hostile = Citation(title=f"{start}cmd|' /C calc'!A0", accession="1")
    told = ScreeningStatus(facts={"Found in": f"{start}1+1"})
    data = written(file, [hostile], told)
    if file.endswith("csv"):
        text = io.StringIO(data.decode("utf-8-sig"), newline="")
        row: dict[str, object] = next(csv.DictReader(text))
    else:
        row = sheet(data)[0]
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            assert b"<f" not in parts.read("xl/worksheets/sheet1.xml")
    assert row["Title"] == f"'{hostile.title}"
    assert row["Found in"] == f"'{start}1+1"
    assert [one.title for one in read_back(data, file)] == [hostile.title]


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
def test_white_space_hides_no_formula(start: str) -> None:
    line = list(tables.csv_lines([(Citation(title=f"{start}=1+1"), NOTHING)]))[1]
    assert line.startswith("'=1+1,")


def test_csv_has_the_screening_status_in_columns(ours: list[Citation]) -> None:
    text = written("again.csv", ours).decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert list(table[0])[-4:] == list(FACTS)
    assert table[0]["Reasons"] == "wrong population; children; =cmd"


def test_rayyan_gets_its_21_columns(ours: list[Citation], samples: Samples) -> None:
    with (samples.folder / "rayyan.csv").open(encoding="utf-8") as stream:
        header = next(csv.reader(stream))
    table = list(csv.reader(io.StringIO(rayyan_file([(ours[0], TOLD)]).decode())))
    assert sorted(table[0]) == sorted(header)
    assert len(table[0]) == 21
    row = dict(zip(*table, strict=True))
    assert row["authors"] == " and ".join(ours[0].authors)
    assert "reviewapp: Title and abstract: included" in row["notes"]


def test_earlier_decisions_of_another_tool_are_never_exported() -> None:
    canary = "CANARY-DECISION"
    citation = Citation(
        title="T",
        raw=canary,
        prior_decisions=(("Anna", canary),),
        prior_labels=(canary,),
        prior_reasons=(canary,),
    )
    for file in WRITERS:
        data = written(file, [citation])
        if file.endswith("xlsx"):
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                data = parts.read("xl/worksheets/sheet1.xml")
        assert canary.encode() not in data, file
        assert b"T" in data
    assert values(citation)["title"] == "T"
