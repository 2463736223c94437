"""What single programs need of exported files: PMIDs, types, languages, names, notes."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
import rispy

from screening.citations.citation import Citation
from screening.citations.writing.asreview import COLUMNS, asreview_lines
from screening.citations.writing.languages import iso_language
from screening.citations.writing.names import person_parts
from screening.citations.writing.status_note import NOTHING, ScreeningStatus
from tests.screening.citations.citations_drawn import TOLD, WRITERS, read_back, values

ARTICLE = Citation(
    title="Peers in care",
    authors=("Berg, Kari",),
    year=2020,
    journal="Peer Work",
    pmid="12345678",
    type="journal article",
    language="English",
)
OUT = ScreeningStatus(words=("Full text: excluded",))


def csl(citation: Citation, status: ScreeningStatus = NOTHING) -> dict[str, object]:
    [item] = json.loads(WRITERS["again.json"]([(citation, status)]))
    return item


# ── PMID ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("accession", ["", "2019-1234", "12345678"])
@pytest.mark.parametrize("file", ["again.ris", "again.xml"])
def test_a_pmid_is_written_where_programs_read_it_and_read_back(
    file: str, accession: str
) -> None:
    written = replace(ARTICLE, accession=accession)
    data = WRITERS[file]([(written, TOLD)])
    [again] = read_back(data, file)
    assert values(again) == values(written)
    if file.endswith("xml"):
        return
    # The capital letters would make synthesisr take the file for PubMed's format.
    assert b"PMID" not in data
    assert b"M2  - pmid: 12345678\r\n" in data
    [entry] = rispy.loads(data.decode())
    assert entry["accession_number"] == accession or "12345678"
    assert entry.get("name_of_database") == (None if accession else "PubMed")


def test_a_record_without_a_pmid_names_no_database() -> None:
    data = WRITERS["again.ris"]([(replace(ARTICLE, pmid=""), NOTHING)])
    assert not any(tag in data for tag in (b"AN  -", b"DB  -", b"M2  -"))


# ── CSL-JSON ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("word", "journal", "kind", "genre"),
    [
        ("journal article", "Peer Work", "article-journal", None),
        ("thesis", "", "thesis", None),
        ("report", "", "report", None),
        ("", "Peer Work", "article-journal", None),
        ("", "", "document", None),
        ("abstract", "Peer Work", "article-journal", None),
        ("Journal Article; Review", "Peer Work", "article-journal", None),
        ("Clinical trial protocol", "", "document", "Clinical trial protocol"),
        ("legal document", "State Gazette", "document", None),
    ],
)
def test_csl_has_a_genre_only_if_it_says_more_than_the_type(
    word: str, journal: str, kind: str, genre: str | None
) -> None:
    written = replace(ARTICLE, type=word, journal=journal)
    item = csl(written)
    assert (item["type"], item.get("genre")) == (kind, genre)
    [again] = read_back(WRITERS["again.json"]([(written, TOLD)]), "again.json")
    assert again.type == word


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("English", "en"),
        ("eng", "en"),
        ("EN", "en"),
        ("en_gb", "en-GB"),
        ("English; French", "en"),
        ("Norsk (bokmål)", "nb"),
        ("Norwegian Nynorsk", "nn"),
        ("Português (Brasil)", "pt"),
        ("中文", "zh"),
        ("Chinese (Simplified)", "zh"),
        ("Undetermined", ""),
        ("zxx", ""),
        ("", ""),
    ],
)
def test_csl_has_the_code_of_the_language(text: str, code: str) -> None:
    assert iso_language(text) == code
    written = replace(ARTICLE, language=text)
    assert csl(written).get("language", "") == code
    [again] = read_back(WRITERS["again.json"]([(written, TOLD)]), "again.json")
    assert again.language == text


ORGANISATIONS = [
    "Centre for Care, Health and Work",
    "University of Oslo, Department of Psychology",
    "National Institute for Health and Care Excellence, London",
    "Department of Health, Social Services and Public Safety",
    "Committee on Peer Work, Norwegian Directorate of Health",
    "World Health Organization, Regional Office",
    "Ministry of Health, Welfare and Sport",
    "Institutet för hälsa, vård och arbete och samhälle",
]


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_organisations_are_literal(name: str) -> None:
    written = replace(ARTICLE, authors=(name, "Berg, Kari"))
    assert csl(written)["author"] == [
        {"literal": name},
        {"family": "Berg", "given": "Kari"},
    ]
    for file in ("again.json", "again.bib"):
        [again] = read_back(WRITERS[file]([(written, TOLD)]), file)
        assert again.authors == written.authors, file


@pytest.mark.parametrize(
    "name",
    [
        "Berg, Kari",
        "Board, Anna Lise",
        "Group, M. K.",
        "Health, J.",
        "de la Cruz Pérez, María del Carmen",
        "van den Berg, Jan Willem",
        "College-Smith, Anne",
        "School, P. J. M.",
        "King, Martin Luther, Jr.",
        "O'Neil, Séan",
        "Li, Xiao-Ming",
        "Ben, And",
    ],
)
def test_people_have_two_parts(name: str) -> None:
    family, _, given = name.partition(", ")
    assert person_parts(name) == (family, given)


@pytest.mark.parametrize("notes", ["", "mine", "Erratum: in 2021", "pmcid: PMC1 | x"])
def test_the_note_of_csl_does_not_begin_like_a_variable(notes: str) -> None:
    """Pandoc moves "word: text" at the beginning to a variable "word"."""
    written = replace(ARTICLE, notes=notes)
    note = str(csl(written, OUT)["note"])
    assert note.startswith(("| ", "mine"))
    [again] = read_back(WRITERS["again.json"]([(written, OUT)]), "again.json")
    assert (again.notes, again.keywords) == (notes, ())
    # As pandoc writes it again, without our own field.
    item = csl(written, OUT)
    del item["custom"]
    [again] = read_back(json.dumps([item]).encode(), "pandoc.json")
    assert again.keywords == ()
    assert "excluded" not in again.notes


# ── ASReview ──────────────────────────────────────────────────────────────────


def test_asreview_gets_its_columns_without_a_byte_order_mark() -> None:
    rows = [
        (replace(ARTICLE, keywords=("a, b", "c; d")), replace(OUT, is_included=label))
        for label in (True, False, None)
    ]
    text = "".join(asreview_lines(rows))
    assert text.startswith("title,abstract,authors,")
    table = list(csv.DictReader(io.StringIO(text)))
    assert tuple(table[0]) == COLUMNS
    assert [row["included"] for row in table] == ["1", "0", ""]
    assert table[0]["keywords"] == "a, b;c, d"
    assert "Full text" not in text
