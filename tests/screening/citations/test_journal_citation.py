"""A citation in the journal field is split; a name stays whole."""

from __future__ import annotations

import pytest

from screening.citations.deduplication.locators import pages_out_of_issue
from screening.citations.journal_citation import (
    LETTERS_AT_MOST,
    journal_citation,
)

CITATIONS = {
    "Embase": (
        "Crab Studies.12 (3) ()(pp 45-51) 2010.Date of Publication: May 2010.",
        ("Crab Studies", "12", "3", "45-51", "2010"),
    ),
    "Embase, an article number": (
        "Shore ONE.6 (9) (no pagination) 2011.Article Number: e249.Date of Publication: 01 Sep 2011.",
        ("Shore ONE", "6", "9", "e249", "2011"),
    ),
    "Embase, a meeting": (
        "Shore. Conference: 8th Shore Day. Bergen. 6 (2 SUPPL. 1) (pp S13), 2012.",
        (
            "Shore. Conference: 8th Shore Day. Bergen",
            "6",
            "2 SUPPL. 1",
            "S13",
            "2012",
        ),
    ),
    "without an issue": (
        "Limpet.45 (pp 3-8) 1999",
        ("Limpet", "45", "", "3-8", "1999"),
    ),
    "a name with a number": (
        "3 Crabs.8 (1) (pp 3) 2018",
        ("3 Crabs", "8", "1", "3", "2018"),
    ),
    "MEDLINE": (
        "Crab Stud. 12(3):45-51, 2010 May.",
        ("Crab Stud", "12", "3", "45-51", "2010"),
    ),
    "a reference list": (
        "Crab Stud 2010 May 3;12(3):45-51",
        ("Crab Stud", "12", "3", "45-51", "2010"),
    ),
    "words for volume and number": (
        "Crab Studies, vol. 12, no. 3, pp. 45-51, May 2010",
        ("Crab Studies", "12", "3", "45-51", "2010"),
    ),
    "commas": ("The Crab, 12(3), 45-51", ("The Crab", "12", "3", "45-51", "")),
    "PsycINFO": (
        "Crab Mind.Vol.12(3), 2010, pp. 45-51.",
        ("Crab Mind", "12", "3", "45-51", "2010"),
    ),
}
NAMES = (
    "Crab Studies",
    "3 Crabs",
    "Conference 2012 (CRABS)",
    "Spine (Phila Pa 1976)",
    "Crab Communications 28 (3)",
    "2016 8th Conference on Crabs, 12-14 May 2016",
    "Lecture Notes on Crabs, 4321",
    "Crabs Online (pp)",
    "",
)


@pytest.mark.parametrize("form", CITATIONS)
def test_a_citation_is_split_into_its_parts(form: str) -> None:
    field, parts = CITATIONS[form]
    found = journal_citation(field)
    assert found is not None
    assert (
        found.journal,
        found.volume,
        found.issue,
        found.pages,
        str(found.year or ""),
    ) == parts


@pytest.mark.parametrize("name", NAMES)
def test_a_mere_name_is_no_citation(name: str) -> None:
    assert journal_citation(name) is None


def test_a_very_long_field_is_not_searched() -> None:
    assert journal_citation("12 (3) (pp " * LETTERS_AT_MOST) is None


def test_pages_in_the_issue_field_are_the_pages() -> None:
    assert pages_out_of_issue("pp 163-170", "2009") == ("", "163-170")
    assert pages_out_of_issue("p. 12", "") == ("", "12")
    assert pages_out_of_issue("3", "2009") == ("3", "2009")
    assert pages_out_of_issue("pp 163-170", "5-9") == ("pp 163-170", "5-9")
