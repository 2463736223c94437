"""Citations printed into the field of the journal, taken apart.

- `J Name.12 (3) (pp 145-151) 2010.Date of Publication: May 2010.`
- `PLoS ONE.6 (9) (no pagination) 2011.Article Number: e24999.`
- `J Name 2010;12(3):145-151`, `J Name. 2010 Mar;12(3):145-51.`
- `J Name.Vol.12(3), 2010, pp. 145-151.`
- `J Name, 12(3), 145-151 (2010)`, `J Name, vol. 12, no. 3, pp. 145-151, 2010`

Names of journals can have numbers, so a place is read only if it is complete.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from screening.citations.fields import YEAR, pages_of

LETTERS_AT_MOST = 600
_PAGES = r"[A-Za-z]{0,3}\d[\w.]{0,12}(?:\s?[-‐–]+\s?[A-Za-z]{0,3}\d[\w.]{0,12})?"
_NUMBER = r"[A-Za-z]{0,3}\d{1,5}[A-Za-z]?(?:[-/]\d{1,5})?"
_MONTH = (
    r"(?:\d{1,2}\s)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
    r"(?:\s?[-/]\s?[A-Za-z]{3,9})?(?:\s\d{1,2})?"
)
_ISSUE = r"\(\s?(?P<i>[^()]{0,40}?)\s?\)"
# "(no pagination)" and "(pp 1-9)" are written by Embase and nobody else.
EMBASE = re.compile(
    rf"^(?P<j>.{{2,400}}?)[\s.,;]+(?:(?P<v>{_NUMBER})[\s.,]*)?(?:{_ISSUE}[\s.,]*)?"
    rf"(?:\(\s*\)[\s.,]*)?\((?:pp?\.?\s?(?P<p>{_PAGES})(?:,[^()]*)?|no pagination"
    r"|var\.? ?pagings?|pagination not available)\)(?P<rest>.*)$",
    re.I,
)
VANCOUVER = re.compile(
    rf"^(?P<j>.{{2,400}}?)[\s.,]+(?P<y>(?:1[5-9]|20)\d\d)(?:\s{_MONTH})?\s?[;,]\s?"
    rf"(?P<v>{_NUMBER})?\s?(?:{_ISSUE})?\s?:\s?(?P<p>{_PAGES})[\s.;]*(?P<rest>.{{0,200}})$"
)
PSYCINFO = re.compile(
    rf"^(?P<j>.{{2,400}}?)[\s.,]+Vol\.?\s?(?P<v>{_NUMBER})\s?(?:{_ISSUE})?\s?,\s?"
    rf"(?:{_MONTH}\s?)?(?P<y>(?:1[5-9]|20)\d\d)\s?,\s?(?:pp?\.?|Art\.?\s?ID:?)\s?(?P<p>{_PAGES})"
    r"[\s.;]*(?P<rest>)$",
    re.I,
)
HARVARD = re.compile(
    rf"^(?P<j>.{{2,400}}?)[\s.,]+(?:vol(?:ume)?\.?\s?)?(?P<v>{_NUMBER})\s?"
    rf"(?:{_ISSUE}|,\s?(?:no|iss(?:ue)?|nr|number)\.?\s?(?P<n>\w{{1,10}}))\s?"
    rf"(?:,\s?|:\s?|\(\s?)?(?P<d>\((?:1[5-9]|20)\d\d\)\s?[:,]\s?)?(?:pp?\.?\s?)?"
    rf"(?P<p>{_PAGES})\)?[\s.,;(]*(?P<rest>.{{0,200}})$",
    re.I,
)
BEGINS_PLACE = re.compile(
    r"\d\s?\(|\(pp|pagination|[;:]\s?\d|\b[Vv]ol|Date of Pub|Article Number"
)
ARTICLE = re.compile(
    r"\bArticle (?:Number|No\.?|ID):? ?(?P<a>\w[\w.-]{0,30}?)\.?(?=\s|$|[A-Z][a-z])",
    re.I,
)
DATED = re.compile(r"[\s.,;]*\b(?:Date of Publication|Publication Date):.*$", re.I)


@dataclass(frozen=True, slots=True)
class JournalCitation:
    """The parts of a citation; "" and None for missing ones."""

    journal: str
    volume: str = ""
    issue: str = ""
    pages: str = ""
    year: int | None = None


def journal_citation(text: str) -> JournalCitation | None:
    """Return the parts of a journal field that has more than the journal, else None."""
    return _journal_citation(text) if _may_have_place(text) else None


def _may_have_place(text: str) -> bool:
    """Return False if ``BEGINS_PLACE`` can't match. Hardly any name of a journal passes."""
    return (
        "(" in text
        or ":" in text
        or ";" in text
        or "Vol" in text
        or "vol" in text
        or "pagination" in text
        or "Date of Pub" in text
        or "Article Number" in text
    )


@lru_cache(maxsize=4096)
def _journal_citation(text: str) -> JournalCitation | None:
    if len(text) > LETTERS_AT_MOST or not BEGINS_PLACE.search(text):
        return None
    for pattern in (EMBASE, VANCOUVER, PSYCINFO, HARVARD):
        match = pattern.match(text)
        if match:
            return _parts(text, match.groupdict())
    dated = DATED.sub("", ARTICLE.sub("", text)).strip(" .,;")
    article = ARTICLE.search(text)
    if dated == text.strip(" .,;") or not dated:
        return None
    return JournalCitation(
        journal=dated,
        pages=article["a"] if article else "",
        year=_year(text[len(dated) :]),
    )


def _parts(text: str, found: dict[str, str | None]) -> JournalCitation:
    rest = found.get("rest") or ""
    article = ARTICLE.search(text)
    return JournalCitation(
        journal=(found["j"] or "").strip(" .,;:") or text,
        volume=found.get("v") or "",
        issue=found.get("i") or found.get("n") or "",
        pages=pages_of((found.get("p") or "").replace(" ", "").rstrip("."))
        or (article["a"] if article else ""),
        year=_year(found.get("y") or found.get("d") or rest),
    )


def _year(text: str) -> int | None:
    match = YEAR.search(text)
    return int(match.group()) if match else None
