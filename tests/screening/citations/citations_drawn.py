"""Citations for tests of writers: drawn by Hypothesis, and those of the samples."""

from __future__ import annotations

import io
import string
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from screening.citations.citation import Citation
from screening.citations.people import names_of_list
from screening.citations.reading.file_reading import read_file
from screening.citations.reading.reading_report import UnreadableFile
from screening.citations.reference_types import WORDS
from screening.citations.writing import (
    bibtex,
    csl_json,
    endnote_xml,
    rayyan,
    ris,
    tables,
    xlsx,
)
from screening.citations.writing.status_note import ExportRow, ScreeningStatus

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
FACTS = ("Found in", "Title and abstract", "Reasons", "Final outcome")
TOLD = ScreeningStatus(
    code="k3xq0a",
    facts={
        "Found in": "Medline (Ovid)",
        "Title and abstract": ["Title and abstract: included"],
        "Reasons": ["wrong population; children", "=cmd"],
        "Final outcome": "excluded at full text",
    },
    words=(
        "Title and abstract: included",
        "Full text: excluded",
        "Reason: wrong population; children | adults, all",
        "Outcome: excluded at full text",
    ),
    further=("Found in: Medline (Ovid)", "Record code: k3xq0a", "Study: Åker {2021}"),
)


def _bytes(texts: Iterable[str]) -> bytes:
    return "".join(texts).encode()


# Each format by the name of a file: rows to bytes.
WRITERS: dict[str, Callable[[Iterable[ExportRow]], bytes]] = {
    "again.ris": lambda rows: _bytes(ris.ris_records(rows)),
    "again.csv": lambda rows: _bytes(tables.csv_lines(rows, extra=FACTS)),
    "again.xlsx": lambda rows: b"".join(xlsx.xlsx_pieces(rows, extra=FACTS)),
    "again.xml": lambda rows: _bytes(endnote_xml.endnote_xml_text(rows)),
    "again.bib": lambda rows: _bytes(bibtex.bibtex_entries(rows)),
    "again.json": lambda rows: _bytes(csl_json.csl_json_text(rows)),
}


def rayyan_file(rows: Iterable[ExportRow]) -> bytes:
    return _bytes([rayyan.rayyan_header(), *rayyan.rayyan_lines(rows)])


def values(citation: Citation) -> dict[str, object]:
    return {field: getattr(citation, field) for field in FIELDS}


def read_back(data: bytes, name: str) -> list[Citation]:
    return list(read_file(io.BytesIO(data), name=name))


@cache
def sample(path: Path) -> list[Citation]:
    """Return the citations of a sample file, none if it is refused."""
    try:
        with path.open("rb") as stream:
            return list(read_file(stream, name=path.name))
    except UnreadableFile:
        return []


LETTERS = string.ascii_letters + "æøåéüßžñ"
# Characters with a meaning in TeX, XML, JSON, CSV or formulas, and those beyond the
# BMP.
HOSTILE = (
    LETTERS + string.digits + r""" {}\%$&#_~^"'`<>=+-@,.:!?()[]/*|—中𝛼""" + " " * 9
)
words = st.text(LETTERS, min_size=2, max_size=9)
phrase = st.lists(words, min_size=1, max_size=8).map(" ".join)
maybe = st.one_of(st.just(""), phrase)
name = st.builds("{}, {}".format, words.map(str.title), st.sampled_from("KLMN"))
plain_citations = st.builds(
    Citation,
    title=phrase,
    authors=st.lists(name, max_size=4, unique=True).map(tuple),
    year=st.one_of(st.none(), st.integers(1500, 2099)),
    journal=maybe,
    volume=st.one_of(st.just(""), st.integers(1, 999).map(str)),
    issue=st.one_of(st.just(""), st.integers(1, 99).map(str)),
    pages=st.sampled_from(["", "475-480", "e12", "117", "iv-xi", "S1-S5", "475-475"]),
    doi=st.one_of(st.just(""), st.integers(1, 9**9).map("10.5555/demo.{}_a".format)),
    pmid=st.one_of(st.just(""), st.integers(1, 10**8 - 1).map(str)),
    accession=st.one_of(st.just(""), words),
    abstract=maybe,
    keywords=st.lists(phrase, max_size=4, unique=True).map(tuple),
    type=st.sampled_from(sorted(WORDS)),
    url=st.sampled_from(["", "https://example.org/a~b%20c?b=c&d=é_#e"]),
    language=st.sampled_from(["", "English", "Norsk (bokmål)"]),
    issn=st.sampled_from(["", "0000-0019", "0000-0019; 0000-0027"]),
    notes=maybe,
).filter(lambda citation: citation.title != citation.journal)
hostile_text = (
    st.text(HOSTILE, min_size=1, max_size=60)
    .map(lambda text: " ".join(f"T {text}".split()))
    .filter(lambda text: text[-1].isalnum())
)


def is_one_name(text: str) -> bool:
    return names_of_list(text) == (text,)
