"""The one shape every import format ends in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """One reference as its source gives it, in one vocabulary.

    All text is NFC, with runs of white space folded to one space and control
    characters removed; "" means that the source has no such value.

    `authors` are "Family, Given" (a name printed without a comma whose family name
    can't be told apart stays as printed). `doi` is bare and in lower case. `pmid`
    holds digits only. `accession` is the source's own identifier of the record.
    `type` is a plain word of `kinds.WORDS` where the source's type is known, else
    the source's text. `raw` is the source text of the whole record (decoded, line
    ends as LF, control characters removed); `line` is the 1-based line of the file
    where it starts, for tables the row number a spreadsheet shows. `member` is the
    path of the file inside an archive, "" for a plain file.

    `prior_decisions` are decisions another screening tool wrote into the record, as
    (name of the person, the tool's word), `prior_labels` and `prior_reasons` its
    labels and reasons for exclusion. They are taken out of `notes` and `keywords`, so
    that no screener reads a colleague's decision, and are never applied unasked.
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
