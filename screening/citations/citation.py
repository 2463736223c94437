"""The record type that every import format is read into."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """One reference as its source gives it, in a common vocabulary.

    All text is NFC, with runs of white space reduced to one space and control
    characters removed. "" means that the source has no such value.

    `authors` are "Family, Given". A name that is printed without a comma stays as
    printed if its family name is uncertain. `doi` has no resolver and is in lower case.
    `pmid` has only digits. `accession` is the identifier of the record in its source.
    `type` is a word of `kinds.WORDS` if the source's type is known, else the source's
    text. `raw` is the source text of the whole record (decoded, line ends as LF,
    without control characters). `line` is the 1-based line of the file where it starts;
    in tables it is the row number that a spreadsheet shows. `member` is the path of the
    file in an archive, else "".

    `prior_decisions` are decisions that another screening tool wrote into the record,
    as (name of the person, word of the tool). `prior_labels` and `prior_reasons` are
    its labels and exclusion reasons. They are removed from `notes` and `keywords`, so
    that no reviewer sees another person's decision. They are used only if a lead
    imports them.

    `notices` are retractions, errata and expressions of concern, as (kind, text); see
    `notices.py`.
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    accession: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    type: str = ""
    url: str = ""
    language: str = ""
    issn: str = ""
    notes: str = ""
    raw: str = ""
    line: int = 0
    member: str = ""
    prior_decisions: tuple[tuple[str, str], ...] = ()
    prior_labels: tuple[str, ...] = ()
    prior_reasons: tuple[str, ...] = ()
    notices: tuple[tuple[str, str], ...] = ()
