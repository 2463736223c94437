"""Suggested fields for text that no reader could read.

Tagged lines of any known format are taken literally. The longest remaining line is
offered as the title. A person checks the result before it is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict

from screening.citations.citation import Citation
from screening.citations.fields import digits_of, doi_of, fold

TAGGED = re.compile(
    r"^\s*(?:%(?P<refer>\S) |(?P<tag>[A-Z][A-Z0-9]{1,3})\s*- ?|"
    r"(?P<key>[A-Za-z]{3,20}) ?[=:] ?)(?P<value>.*)$"
)
# Tags of RIS, NBIB, Web of Science and refer, and keys of BibTeX and JSON, by field.
FIELDS: dict[str, tuple[str, ...]] = {
    "title": ("TI", "T1", "CT", "BT", "%T", "title"),
    "authors": ("AU", "A1", "FAU", "%A", "author", "authors"),
    "year": ("PY", "Y1", "DP", "DA", "%D", "year", "date"),
    "journal": ("JO", "JF", "T2", "JT", "JA", "SO", "%J", "journal", "journaltitle"),
    "volume": ("VL", "VI", "%V", "volume"),
    "issue": ("IS", "IP", "%N", "issue", "number"),
    "pages": ("PG", "SP", "%P", "pages"),
    "doi": ("DO", "DI", "LID", "AID", "%R", "doi"),
    "pmid": ("PMID", "pmid"),
    "url": ("UR", "%U", "url"),
    "abstract": ("AB", "N2", "%X", "abstract"),
}
FIELD_OF = {name: field for field, names in FIELDS.items() for name in names}
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}]+")
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
TITLE_AT_MOST = 1000


def guess_citation(raw: str) -> Citation:
    """Return the fields that ``raw`` seems to have.

    Fields that are not recognised are empty.
    """
    found, rest = _tagged(raw)
    first = {field: values[0] for field, values in found.items()}
    doi = doi_of(first.get("doi", "")) or _doi_in(raw)
    title = first.get("title") or max(rest, key=len, default="")
    return Citation(
        title=title[:TITLE_AT_MOST],
        authors=tuple(_people(found.get("authors", []))),
        year=_year_in(first.get("year", "")),
        journal=first.get("journal", ""),
        volume=first.get("volume", ""),
        issue=first.get("issue", ""),
        pages=first.get("pages", ""),
        doi=doi,
        pmid=digits_of(first.get("pmid", "")),
        url=first.get("url", ""),
        abstract=first.get("abstract", ""),
    )


def _tagged(raw: str) -> tuple[dict[str, list[str]], list[str]]:
    """Return values by field, and the lines without a tag."""
    found: dict[str, list[str]] = defaultdict(list)
    rest: list[str] = []
    for line in raw.splitlines():
        match = TAGGED.match(line)
        if not match:
            rest.append(fold(line))
            continue
        refer = match["refer"]
        name = f"%{refer}" if refer else match["tag"] or match["key"].lower()
        value = fold(match["value"]).strip(' {}",')
        if name in FIELD_OF and value:
            found[FIELD_OF[name]].append(value)
    return found, rest


def _people(values: list[str]) -> list[str]:
    """Return one value per person. Values are split at semicolons or "and"."""
    names = [name for value in values for name in re.split(r";| and ", value)]
    return [fold(name) for name in names if fold(name)]


def _doi_in(text: str) -> str:
    match = DOI.search(text)
    return doi_of(match.group()) if match else ""


def _year_in(text: str) -> int | None:
    match = YEAR.search(text)
    return int(match.group()) if match else None
