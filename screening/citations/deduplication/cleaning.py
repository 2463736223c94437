"""Cleaning: a reference in the comparable form that every later step reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from screening.citations.deduplication import (
    identifiers,
    journals,
    locators,
    names,
    titles,
)
from screening.citations.deduplication.folding import (
    folded_words,
    letters_of,
    without_markup,
    without_spaces,
)
from screening.citations.deduplication.item_numbers import item_number
from screening.citations.deduplication.journals import CleanedJournal
from screening.citations.deduplication.locators import Pages
from screening.citations.deduplication.reference import RecordId, Reference

ABSTRACT_LETTERS = 400
MOST_ABSTRACTS = 510
"""Characters in which most texts have as many letters."""
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_EMPTY = frozenset(["nan", "na", "none", "null", "n a", "name", "value"])
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
    """The comparable parts of one reference.

    ``title`` is folded. ``letters`` is the same without spaces, so hyphenation does not
    matter. ``item`` is the number of a meeting abstract. ``abstract`` has at most the
    first 400 letters. Missing parts are empty or None. ``flags`` are some of: erratum,
    reply, comment, notice (one of these, followed by the title of another item),
    protocol, generic, supplement, meeting, preprint, cochrane, living. ``cochrane`` is
    the CD number of a review. ``trial`` is the number of a trial register, if the
    record has exactly one.
    """

    id: RecordId
    title: str
    letters: str
    item: str
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
    trial: str
    issns: frozenset[str]
    isbns: frozenset[str]
    abstract: str
    priority: int
    completeness: int

    @property
    def words(self) -> list[str]:
        """Return the words of the title."""
        return self.title.split()


def clean_reference(reference: Reference) -> Cleaned:
    """Return all that deduplication compares, computed once per reference."""
    raw_title = _present(reference.title)
    words = titles.title_words(titles.bare_title(raw_title))
    wording = " ".join(words)
    journal = journals.read_journal(reference.journal)
    given = journal.citation
    year = parse_year(reference.year) or parse_year(given.year)
    issue, pages = locators.pages_out_of_issue(reference.issue, reference.pages)
    # The year of the record is not its page.
    pages = "" if pages.strip() == str(year) else pages
    volume, issue, pages = locators.split_locators(
        reference.volume or given.volume, issue or given.issue, pages or given.pages
    )
    doi = identifiers.parse_doi(reference.doi)
    return Cleaned(
        id=reference.id,
        title=wording,
        letters=without_spaces(wording),
        item=item_number(raw_title),
        part=titles.part_number(words),
        flags=_shared(
            titles.title_flags(raw_title, wording)
            | _place_flags(reference, journal, doi)
        ),
        surnames=names.surnames(reference.authors),
        year=year,
        journal=journal.words,
        volumes=locators.volume_numbers(volume),
        issues=locators.volume_numbers(issue),
        pages=locators.parse_pages(pages),
        doi=doi,
        pmid=identifiers.parse_pmid(reference.pmid),
        cochrane=_cochrane_number(reference, doi),
        trial=_trial(reference),
        issns=identifiers.parse_issns(reference.issn),
        isbns=identifiers.parse_isbns(reference.isbn, reference.issn),
        abstract=_abstract_letters(reference.abstract),
        priority=reference.priority,
        completeness=_completeness(reference),
    )


@lru_cache(maxsize=512)
def _shared(flags: frozenset[str]) -> frozenset[str]:
    """Return the same object for equal flags, which many records have."""
    return flags


def _trial(reference: Reference) -> str:
    """Return the trial number of the record, "" for none or several."""
    own = (reference.title, reference.doi, reference.journal, reference.pages)
    return identifiers.parse_trial(" ".join(own)) or identifiers.parse_trial(
        reference.abstract
    )


def parse_year(value: int | str | None) -> int | None:
    """Return the first four-digit year from 1500 to 2099, None if there is none."""
    if isinstance(value, int):
        return value if 1500 <= value < 2100 else None
    match = _YEAR.search(value) if value else None
    return int(match[1]) if match else None


def _present(title: str) -> str:
    """Return the title, or "" if a program wrote a placeholder ("#NAME?", "nan")."""
    return "" if len(title) < 8 and folded_words(title) in _EMPTY else title


def _place_flags(
    reference: Reference, journal: CleanedJournal, doi: str
) -> frozenset[str]:
    found = set()
    if journal.is_supplement or locators.is_supplement(
        reference.volume, reference.issue
    ):
        found.add("supplement")
    if journal.is_meeting:
        found |= {"meeting", "supplement"}
    if identifiers.is_notice(doi):
        found.add("erratum")
    if journal.is_preprint or identifiers.is_preprint(doi):
        found.add("preprint")
    if "14651858" in doi or _COCHRANE_JOURNAL.search(reference.journal):
        found.add("cochrane")
    if journal.is_living:
        found.add("living")
    return frozenset(found)


def _cochrane_number(reference: Reference, doi: str) -> str:
    """Return the number of a Cochrane review ("cd001234"), common to all versions."""
    if "14651858" not in doi and not _COCHRANE_JOURNAL.search(reference.journal):
        return ""
    fields = (doi, reference.pages, reference.issue, reference.volume)
    found = (_COCHRANE.search(field) for field in fields)
    return next((match[0].lower() for match in found if match), "")


def _abstract_letters(abstract: str) -> str:
    """Return the first folded letters, without labels such as "BACKGROUND:"."""
    text = without_markup(abstract[: 2 * ABSTRACT_LETTERS]).strip()
    text = _ABSTRACT_LABEL.sub("", text)
    # Most texts have enough letters near their beginning.
    begin = letters_of(text[:MOST_ABSTRACTS]) if text.isascii() else ""
    if len(begin) < ABSTRACT_LETTERS:
        begin = letters_of(text)
    text = begin[:ABSTRACT_LETTERS]
    return "" if len(text) < 60 else text


def _completeness(reference: Reference) -> int:
    """Return the number of filled descriptive fields. An abstract counts three."""
    fields = (
        reference.title, reference.authors, reference.year, reference.journal,
        reference.volume, reference.issue, reference.pages, reference.doi,
        reference.pmid, reference.issn,
    )  # fmt: skip
    return sum(bool(field) for field in fields) + (3 if reference.abstract else 0)
