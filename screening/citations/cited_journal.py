"""A whole citation in the journal field, split into its parts.

Embase and reference managers write "Gut.107 (2) ()(pp 3-8) 1994.Date of Publication:
May 1994." where the name of the journal belongs. Other programs write the forms of
reference lists: "Gut 1994;107(2):3-8", "Gut, vol. 107, no. 2, pp. 3-8".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 600
"""Letters. A longer field is no citation, and is not searched for one."""


@dataclass(frozen=True, slots=True)
class CitedJournal:
    """The parts of a citation in a journal field. Missing parts are empty.

    ``pages`` has an article number if the citation names one.
    """

    name: str
    volume: str = ""
    issue: str = ""
    pages: str = ""
    year: str = ""


_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    r"|spring|summer|autumn|fall|winter)[a-z]*\.?"
)
_DATE = rf"(?:[ ,]*{_MONTH}(?:\s*[-–/]\s*{_MONTH})?(?:\s*\d{{1,2}})?)?"
_VOLUME = r"(?P<volume>\d{1,4}[A-Z]?(?:\s*suppl\.?(?:ement)?\s*\d*)?)"
_ISSUE = r"\(\s*(?P<issue>[^()]*?)\s*\)"
# "145-151", "S12", "e24999", "145-51, 160", "xi-xii", "145-151+160".
_PAGE = r"[a-z]{0,4}\.?\d{1,9}[a-z]?(?:\.e?\d{1,4})?"
_PAGES = rf"(?P<pages>{_PAGE}(?:\s*[-–—]+\s*{_PAGE})?(?:\s*[,;+]\s*{_PAGE}(?:\s*[-–—]+\s*{_PAGE})?)*)"
_PRINTED = r"\(\s*(?:pp?(?:[.\s]+|(?=\d))(?P<pages>[^()]*?)|no pagination|[^()\d]*pagination[^()]*)\s*\)"
_NAME = r"^(?P<name>\S.*?)"
_FORMS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        # Embase: "Gut.107 (2) ()(pp 3-8) 1994", "PLoS ONE.6 (9) (no pagination) 2011".
        rf"{_NAME}[\s.,;]*(?:{_VOLUME}\s*)?(?:{_ISSUE}\s*)??(?:\(\s*\)\s*)*{_PRINTED}"
        rf"[\s,.;]*(?:{_YEAR})?{_DATE}\W*$",
        # "Gut.107 (2) 1994", if nothing printed is known.
        rf"{_NAME}[\s.,;]*{_VOLUME}\s*{_ISSUE}\s*(?:\(\s*\)\s*)*[\s,.;]*{_YEAR}{_DATE}\W*$",
        # Reference lists: "Gut 1994;107(2):3-8", "Gut. 1994 May 3;107:3-8".
        rf"{_NAME}[\s.,;(]+{_YEAR}\)?{_DATE}\s*;\s*{_VOLUME}?\s*(?:{_ISSUE})?\s*[:,]\s*(?:pp?\.?\s*)?{_PAGES}\W*$",
        # MEDLINE: "Gut. 107(2):3-8, 1994 May".
        rf"{_NAME}[\s.,;]+{_VOLUME}\s*(?:{_ISSUE})?\s*:\s*(?:pp?\.?\s*)?{_PAGES}"
        rf"(?:[\s,.;(]+{_YEAR}\)?{_DATE})?\W*$",
        # PsycINFO: "Gut.Vol.107(2), 1994, pp. 3-8", "…, ArtID e24999".
        rf"{_NAME}[\s.,;]+vol\.?\s*{_VOLUME}\s*(?:{_ISSUE})?\s*,\s*(?:{_MONTH}\s*)?{_YEAR}\s*,\s*(?:pp?\.?|art\.?\s*id\.?:?)\s*(?P<pages>[\w-]*\d[\w-]*)\W*$",
        # "Gut, vol. 107, no. 2, pp. 3-8, May 1994".
        rf"{_NAME}[\s.,;]+vol(?:ume)?\.?\s*{_VOLUME}(?:[\s,;.]+(?:no|nr|issue|iss)\.?\s*(?P<issue>\d[^\s,;]*))?"
        rf"[\s,;.]+pp?\.?\s*{_PAGES}(?:[\s,.;(]+(?:{_MONTH}\s*)?{_YEAR}\)?)?\W*$",
        # "Gut, 107(2), 3-8" and "Gut 107, 3-8", also with "pp." and a year.
        rf"{_NAME}\s*,\s*{_VOLUME}\s*{_ISSUE}\s*,\s*(?:pp?\.?\s*)?{_PAGES}(?:[\s,.;(]+{_YEAR}\)?)?\W*$",
        rf"{_NAME}[\s,]+{_VOLUME}\s*,\s*(?:pp?\.?\s*)?(?P<pages>{_PAGE}\s*[-–—]+\s*{_PAGE})(?:[\s,.;(]+{_YEAR}\)?)?\W*$",
    )
)
_LABELLED = re.compile(
    r"[\s.,;]*\b(?:date of publication|publication date|date of entry|access date)\s*:"
    r"(?P<rest>.*)$",
    re.I | re.S,
)
_ARTICLE = re.compile(
    r"[\s.,;]*\barticle(?: number| no\.?| id)\s*:\s*(?P<number>[\w-]+(?:\.\d+)*)[\s.,;]*",
    re.I,
)
_ANY_YEAR = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)(?!\d)")
_PAGES_AS_ISSUE = re.compile(
    r"^\s*\(?\s*pp?\.?\s*(?=\d)(?P<pages>[^()]*?)\s*\)?\s*$", re.I
)
_LETTER = re.compile(r"[^\W\d_]")
_A_YEAR = re.compile(r"^\s*(?:1[5-9]|20)\d\d\s*$")


@lru_cache(maxsize=20_000)
def split_cited_journal(field: str) -> CitedJournal | None:
    """Return the parts of a citation in a journal field, None for a mere name.

    A name alone has no volume with pages or year after it, so names with numbers
    ("3 Biotech", "Conference 2012 (ICIS)") stay whole.
    """
    if (
        not any(character.isdigit() for character in field)
        and "pagination" not in field
    ):
        return None
    text = " ".join(field.split())
    if len(text) > LONGEST:
        return None
    article, text = _without_article(text)
    text, dated = _without_date(text)
    for form in _FORMS:
        if (match := form.match(text)) and _LETTER.search(match["name"]):
            return _cited(match, article, dated)
    if not (article or dated):
        return None
    return CitedJournal(text.strip(" .,;"), pages=article, year=dated)


def _without_article(text: str) -> tuple[str, str]:
    """Return the article number that is named, and the text without it."""
    match = _ARTICLE.search(text)
    if not match:
        return "", text
    return match["number"], f"{text[: match.start()]}. {text[match.end() :]}".strip()


def _without_date(text: str) -> tuple[str, str]:
    """Return the text before "Date of Publication:", and the year of that date."""
    match = _LABELLED.search(text)
    if not match:
        return text, ""
    year = _ANY_YEAR.search(match["rest"])
    return text[: match.start()], year[1] if year else ""


def _cited(match: re.Match[str], article: str, dated: str) -> CitedJournal:
    parts = {key: (value or "").strip() for key, value in match.groupdict().items()}
    return CitedJournal(
        name=parts["name"].strip(" ,;.") or match[0],
        volume=parts.get("volume", ""),
        issue=parts.get("issue", ""),
        pages=parts.get("pages", "") or article,
        year=parts.get("year", "") or dated,
    )


def pages_out_of_issue(issue: str, pages: str) -> tuple[str, str]:
    """Return issue and pages if the fields of a row moved by one column.

    "pp 163-170" in the issue field are the pages; the field after it then has the year.
    """
    match = _PAGES_AS_ISSUE.match(issue)
    if match and (not pages.strip() or _A_YEAR.match(pages)):
        return "", match["pages"]
    return issue, pages
