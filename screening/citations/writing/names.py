"""Names in formats that have separate fields for family and given name."""

from __future__ import annotations

import re

from screening.citations.fields import fold

# Words of the names of organisations.
ORGANISATION = re.compile(
    r"\b(?:academy|administration|agency|alliance|association|authority|board|bureau"
    r"|cent(?:er|re)s?|clinic|clinical trials?|coalition|collaborat(?:ion|ive|ors?)"
    r"|college|commission|committee|confederation|consortium|corporation|council"
    r"|department|directorate|division|faculty|federation|forum|foundation|government"
    r"|group|health|hospitals?|inc|initiative|institut(?:e|es|et|ion|o|t)?"
    r"|investigators|laborator(?:y|ies)|ltd|llc|gmbh|ministry|network|office"
    r"|organi[sz]ation|partnership|programme|program|project|research|school"
    r"|secretariat|services?|society|task ?force|team|trust|unit"
    r"|universit(?:y|ies|ät|é|à|et|etet|eit|ad|ade|at|ario)|working party|workgroup)\b",
    re.I,
)
# Words between those of an organisation, never between those of a person ("y" and "in"
# are: Ortega y Gasset, in 't Veld).
BETWEEN = re.compile(r"\s(?:and|for|of|the|und|für|et|pour|og|och|&)\s")
GIVEN_WORDS_AT_MOST = 5


def person_parts(name: str) -> tuple[str, str] | None:
    """Return the family and given name of a person.

    None for an organisation, and for a name that does not consist of two parts.
    """
    family, comma, given = fold(name).partition(",")
    family, given = family.strip(), given.strip()
    if not (comma and family and given):
        return None
    return None if is_organisation(family, given) else (family, given)


def is_organisation(family: str, given: str) -> bool:
    """Return True if a name with a comma is the name of an organisation.

    One word before the comma is a family name, so "Board, Anna" is a person.
    """
    if BETWEEN.search(f" {family} ") or BETWEEN.search(f" {given} "):
        return True
    if len(given.split()) > GIVEN_WORDS_AT_MOST or ORGANISATION.search(given):
        return True
    return " " in family and ORGANISATION.search(family) is not None
