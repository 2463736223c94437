"""A reference made comparable: what every later step reads."""

from __future__ import annotations

import re
from dataclasses import dataclass

from screening.records.rules import identifiers, journals, locators, names, titles
from screening.records.rules.folding import compact, folded, letters_of, unmarked
from screening.records.rules.locators import Pages
from screening.records.rules.reference import RecordId, Reference

ABSTRACT_LETTERS = 400
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_EMPTY = frozenset(
    [
        "nan",
        "na",
        "none",
        "null",
        "n a",
        "name",
        "value",
        "no abstract available",
        "no abstract",
    ]
)
_ABSTRACT_LABEL = re.compile(
    r"^\W*(?:abstract|summary|background|objectives?|purpose|aims?|introduction|context|importance"
    r"|background and (?:aims?|purpose|objectives?)|\(from the (?:chapter|book|journal)[^)]*\))"
    r"\s*[:.—-]?\s*(?=[A-Z(])",
    re.I,
)
_COCHRANE = re.compile(r"\bcd\d{6}\b", re.I)
_COCHRANE_JOURNAL = re.compile(r"cochrane database", re.I)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One reference's comparable parts.

    ``title`` is folded, ``letters`` the same without spaces; ``first_letters`` of
    the abstract are at most 400. Missing parts are empty or None. ``flags`` are out
    of: erratum, reply, comment, protocol, generic, supplement, meeting. ``cochrane`` is a review's CD number.
    """

    id: RecordId
    title: str
    letters: str
    words: tuple[str, ...]
    part: int | None
    flags: frozenset[str]
    surnames: tuple[str, ...]
    year: int | None
    journal: tuple[str, ...]
    volumes: frozenset[int]
    issues: frozenset[int]
    pages: Pages | None
    doi: str
    pmid: str
    cochrane: str
    issns: frozenset[str]
    isbns: frozenset[str]
    abstract: str
    priority: int
    completeness: int


def clean(reference: Reference) -> Cleaned:
    """Everything deduplication compares, worked out once per reference."""
    raw_title = _present(reference.title)
    words = titles.title_words(titles.bare_title(raw_title))
    wording = " ".join(words)
    given = journals.cited(reference.journal)
    volume, issue, pages = locators.placed(
        reference.volume or given.get("volume", ""),
        reference.issue or given.get("issue", ""),
        reference.pages or given.get("pages", ""),
    )
    year = parse_year(reference.year) or parse_year(given.get("year"))
    doi = identifiers.parse_doi(reference.doi)
    return Cleaned(
        id=reference.id,
        title=wording,
        letters=compact(wording),
        words=words,
        part=titles.part_number(words),
        flags=titles.title_flags(raw_title, wording) | _place_flags(reference),
        surnames=names.surnames(reference.authors),
        year=year,
        journal=journals.journal_words(given.get("name") or reference.journal),
        volumes=locators.numbers(volume),
        issues=locators.numbers(issue),
        pages=locators.parse_pages(pages),
        doi=doi,
        pmid=identifiers.parse_pmid(reference.pmid),
        cochrane=_cochrane_number(reference, doi),
        issns=identifiers.parse_issns(reference.issn),
        isbns=identifiers.parse_isbns(f"{reference.isbn} {reference.issn}"),
        abstract=_abstract_letters(reference.abstract),
        priority=reference.priority,
        completeness=_completeness(reference),
    )


def parse_year(value: int | str | None) -> int | None:
    """The first four-digit year from 1500 to 2099; None if there is none."""
    if isinstance(value, int):
        return value if 1500 <= value < 2100 else None
    match = _YEAR.search(value) if value else None
    return int(match[1]) if match else None


def _present(title: str) -> str:
    """The title, or "" where a program left a word for nothing ("#NAME?", "nan")."""
    return "" if len(title) < 8 and folded(title) in _EMPTY else title


def _place_flags(reference: Reference) -> frozenset[str]:
    found = set()
    if locators.is_supplement(
        f"{reference.journal} {reference.volume}", reference.issue
    ):
        found.add("supplement")
    if journals.names_meeting(reference.journal):
        found |= {"meeting", "supplement"}
    return frozenset(found)


def _cochrane_number(reference: Reference, doi: str) -> str:
    """Number of a Cochrane review ("cd001234"), which all its updates share."""
    if "14651858" not in doi and not _COCHRANE_JOURNAL.search(reference.journal):
        return ""
    fields = (doi, reference.pages, reference.issue, reference.volume)
    found = (_COCHRANE.search(field) for field in fields)
    return next((match[0].lower() for match in found if match), "")


def _abstract_letters(abstract: str) -> str:
    """The first folded letters, labels such as "BACKGROUND:" taken off."""
    text = unmarked(abstract[: 2 * ABSTRACT_LETTERS]).strip()
    text = letters_of(_ABSTRACT_LABEL.sub("", text))[:ABSTRACT_LETTERS]
    return "" if len(text) < 60 else text


def _completeness(reference: Reference) -> int:
    """How many of the describing fields are filled; an abstract counts three."""
    fields = (
        reference.title, reference.authors, reference.year, reference.journal,
        reference.volume, reference.issue, reference.pages, reference.doi,
        reference.pmid, reference.issn,
    )  # fmt: skip
    return sum(bool(field) for field in fields) + (3 if reference.abstract else 0)
