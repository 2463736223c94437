"""Regular records are parsed as a whole, with the same result as line by line."""

from __future__ import annotations

import io
from dataclasses import astuple, fields
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.citations.citation import Citation
from screening.citations.reading.drafts import CitationDraft
from screening.citations.reading.file_reading import UnreadableFile, read_file
from screening.citations.reading.format_marks import Recognised
from screening.citations.reading.lines import TextLines
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.tagged_text import nbib, ris
from tests.bench import corpus
from tests.screening.citations.imports_expected import Samples

Read = tuple[object, ...]
REGULAR = (
    "cochrane-central.ris",
    "ebsco-ase.ris",
    "ebsco-psycinfo.ris",
    "embase-com.ris",
    "endnote-export.ris",
    "ovid-cabi.ris",
    "ovid-psycinfo.ris",
    "refworks.ris",
    "scopus.ris",
    "zotero.ris",
)


def everything(data: bytes) -> Read:
    """Return citations, warnings, skipped entries, text outside records, and the
    refusal.
    """
    try:
        reading = read_file(io.BytesIO(data), name="export.ris")
        citations: list[Citation] = []
        refused = ""
        try:
            citations += reading
        except UnreadableFile as refusal:
            refused = refusal.kind
        counts = (reading.found, reading.kept, reading.encoding)
        notices = (reading.warnings, reading.skipped, reading.outside)
        return citations, notices, counts, refused
    except UnreadableFile as refusal:
        return (refusal.kind,)


def line_by_line(data: bytes) -> Read:
    """Return the same, with no record parsed as a whole."""
    with patch.object(ris._RisScanner, "_fields", return_value=None):
        return everything(data)


TAGS = st.sampled_from(
    ["TI", "T1", "AU", "A1", "PY", "DO", "KW", "SN", "AB", "N1", "UR", "C1", "TY", "NL"]
)
VALUES = st.sampled_from(
    [
        "",
        " ",
        "A title",
        "  two  spaces ",
        "Berg, Kari",
        "Berg K",
        "2019",
        "10.1000/AbC",
        "10.1000/x     LK  - https://example.org",
        "a; b;a",
        "https://doi.org/10.1000/y",
        "PMID: 123",
        "Være\u00a0e\u0301n",
        "Aim. © 2020 Publisher",
        "Accession Number: 77. Text",
        "\ttab",
        "ER  - inside",
    ]
)
TAGGED = st.builds(
    lambda tag, dash, value: f"{tag}{dash}{value}",
    TAGS,
    st.sampled_from(["  - ", "  - ", "  - ", "  -", "  -  ", " - ", "   - ", "  – "]),
    VALUES,
)
OTHER = st.sampled_from(
    [
        "",
        "",
        "  ",
        "goes on",
        "  goes on, indented",
        "IQ - a measure",
        "  TI  - indented",
        "ti  - lower case",
        "ABC  - three letters",
        "12.",
        "Record #1 of 3",
        "Provider: X",
        "Database: Y",
        "Link to the Ovid Full Text or citation: x",
        "<3. >",
        "TY  - JOUR",
        "TY - JOUR",
        "TY  -  JOUR",
        "ER  - ",
        "ER  -",
        "ER  - text",
        " ER  - ",
        "\ufeffTY  - JOUR",
        "\x00",
    ]
)
BODY = st.lists(st.one_of(TAGGED, TAGGED, TAGGED, OTHER), max_size=12)
RECORD = st.builds(
    lambda body, end, after: ["TY  - JOUR", *body, end, *after],
    BODY,
    st.sampled_from(["ER  - ", "ER  - ", "ER  -", "ER  -  "]),
    st.lists(OTHER, max_size=2),
)
FILES = st.builds(
    lambda parts, end: end.join(line for part in parts for line in part) + end,
    st.lists(st.one_of(RECORD, RECORD, BODY), max_size=5),
    st.sampled_from(["\n", "\n", "\r\n", "\r"]),
)


@given(FILES)
@settings(max_examples=400, deadline=None)
def test_records_parsed_as_a_whole_are_the_same_as_line_by_line(text: str) -> None:
    data = text.encode()
    assert everything(data) == line_by_line(data)


@given(FILES, st.integers(1, 40))
@settings(max_examples=150, deadline=None)
def test_the_size_of_blocks_does_not_change_the_result(text: str, size: int) -> None:
    data = text.encode()

    def read_in(size: int) -> tuple[object, ...]:
        report = ReadingReport()
        with patch("screening.citations.reading.lines.CHUNK_BYTES", size):
            lines = TextLines(io.BytesIO(data), b"", "utf-8", report)
            found = list(ris.read_ris(lines, Recognised("ris", "", "utf-8"), report))
        # A control character is reported when its block is read.
        warnings = sorted(report.warnings, key=astuple)
        return found, warnings, report.skipped, report.outside

    assert read_in(size) == read_in(1 << 20)


@pytest.mark.samples(suffix=".ris")
def test_exports_are_the_same_as_a_whole_and_line_by_line(
    samples: Samples, name: str
) -> None:
    data = (samples.folder / name).read_bytes()
    assert everything(data) == line_by_line(data)


@pytest.mark.parametrize("name", REGULAR)
def test_nearly_all_records_of_exports_are_parsed_as_a_whole(
    samples: Samples, name: str
) -> None:
    out = io.BytesIO()
    corpus.write(corpus.ris_records(samples.folder / name), 100, out)
    with patch.object(ris._RisScanner, "take_lines", side_effect=lambda _: ()) as taken:
        reading = read_file(io.BytesIO(out.getvalue()), name=name)
        list(reading)
    # Text between two records may be read line by line.
    assert taken.call_count <= 110
    assert reading.kept >= 99


def test_a_draft_has_the_fields_of_a_citation() -> None:
    assert CitationDraft.__slots__ == tuple(field.name for field in fields(Citation))
    draft = CitationDraft("raw", 3)
    for name in CitationDraft.__slots__:
        if not hasattr(draft, name):
            setattr(draft, name, getattr(Citation(), name))
    assert draft.done() == Citation(raw="raw", line=3)


NBIB_LINES = st.sampled_from(
    [
        "PMID- 12",
        "OWN - NLM",
        "OWN - ERIC",
        "TI  - A title that",
        "      goes on ",
        "      ",
        "  less indented",
        "unindented",
        "FAU - Berg, Kari",
        "AU  - Berg K",
        "AB  - Aim.",
        "AID - 10.1000/ABC [doi]",
        "LID - 10.1000/x [doi]",
        "TI - short",
        "ISSN - 1234-5678",
        "DP  - 2019 Feb",
        "OT  - a; b",
        "",
        "",
        "\tTI  - tab",
    ]
)


@given(st.lists(NBIB_LINES, max_size=30), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=400, deadline=None)
def test_nbib_records_parsed_as_a_whole_are_the_same_as_line_by_line(
    lines: list[str], end: str
) -> None:
    data = end.join(["PMID- 1", *lines]).encode()
    whole = everything(data)
    with patch.object(nbib._NbibScanner, "_whole", return_value=None):
        assert everything(data) == whole
