"""Place of an item in its journal: volume and issue numbers, pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_MONTHS = {
    month: number
    for number, month in enumerate(
        [
            "jan",
            "feb",
            "mar",
            "apr",
            "may",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct",
            "nov",
            "dec",
        ],
        start=1,
    )
}
_DAY_MONTH = re.compile(r"^(\d{1,2})-([a-z]{3})[a-z]*$")
_MONTH_YEAR = re.compile(r"^([a-z]{3})[a-z]*-(\d{1,4})$")
_ISO_DATE = re.compile(r"^(?:19|20)\d\d-(\d\d)-(\d\d)(?: 00:00:00)?$")
_COUNT = re.compile(r"^\[?\d+\]?\s*(?:p|pp|pages?|leaves)\.?\]?$")
_RANGE = re.compile(
    r"(?<![a-z0-9])([a-z]{0,4})[ .]?(\d{1,9})(?:[.]?e\d{1,3})?[a-z]?"
    r"(?:\s*(?:-|–|—|‐|‑|−|/|to)+\s*([a-z]{0,4})\.?(\d{1,9})(?![a-z0-9]*\.\d))?"
)
_NOISE = re.compile(
    r"\b(?:pages?|pp?|article(?: number| no\.?| id)?|art\.?(?: no\.?)?|no\.|id)(?=[\s.:\d])[.:]?\s*"
)
_ROMAN = re.compile(
    r"^(?=[ivxlcdm])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$"
)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b")
_SUPPLEMENT = re.compile(r"\b(?:suppl?(?:ement|ementum|\.|\b)|s\d+\b)", re.I)


# Embase in EndNote: volume "11 (1) (no pagination)", the article number as issue.
_VOLUME_ISSUE = re.compile(r"^\s*(\d*)\s*\(([^()]*)\)\s*(\(no pagination\))?\s*$", re.I)
# The rest of "138 (5 Suppl. 1)" if a program cut it at the bracket.
_TORN = re.compile(r"^\s*(\d{1,2})\s*\)\s*$")
_ARTICLE_NUMBER = re.compile(r"^(?:[a-z]{1,4}\d{2,9}|\d{4,9})$", re.I)
_LOST_FIRST = re.compile(r"^(?:suppl\w*|spec\w*|pt|t|quiz)\s*-\s*\d+$")
_PAGES_AS_ISSUE = re.compile(
    r"^\s*\(?\s*pp?\.?\s*(?=\d)(?P<pages>[^()]*?)\s*\)?\s*$", re.I
)
_A_YEAR = re.compile(r"^\s*(?:1[5-9]|20)\d\d\s*$")
_ROMAN_RANGE = re.compile(r"^([ivxl]{1,7})(?:\s*[-–]+\s*([ivxl]{1,7}))?$")


@dataclass(frozen=True, slots=True)
class Pages:
    """First and last page as numbers, and the letters before them ("s", "e", "a").

    ``article`` is True for a single electronic or article number. ``firsts`` has the
    first page of every range ("230-5, 246-51").
    """

    first: int
    last: int
    letters: str
    article: bool
    firsts: frozenset[int]


def roman_value(text: str) -> int | None:
    """Return the value of a Roman numeral in lower case, None if it is not one."""
    if not text or not _ROMAN.match(text):
        return None
    total = 0
    for here, following in zip(text, [*text[1:], ""], strict=True):
        value = _ROMAN_VALUES[here]
        total += -value if value < _ROMAN_VALUES.get(following, 0) else value
    return total


@lru_cache(maxsize=20_000)
def parse_pages(text: str) -> Pages | None:
    """Return the pages of an export field, None if it is empty or only counts pages.

    "230-5" is 230-235. "06-Oct" and "Oct-15" are ranges that a spreadsheet turned into
    dates (6-10, 10-15). "123 p." counts pages and does not give the place.
    """
    low = text.strip().lower()
    if not low or _COUNT.match(low) or _LOST_FIRST.match(low):
        return None
    if match := _ROMAN_RANGE.match(low):
        return _roman_pages(match[1], match[2] or match[1])
    low = _undated(low)
    low = _NOISE.sub("", low)
    ranges = [m.groups() for m in _RANGE.finditer(low)]
    if not ranges:
        return None
    letters, start, _, end = ranges[0]
    first = int(start)
    last = _completed(start, end)
    firsts = frozenset(int(r[1]) for r in ranges)
    if len(ranges) > 1:
        tail = ranges[-1]
        last = max(last, _completed(tail[1], tail[3]))
    article = (bool(letters) and letters != "s") or (not end and len(start) >= 5)
    return Pages(first, last, letters or "", article, firsts)


def _roman_pages(start: str, end: str) -> Pages | None:
    first, last = roman_value(start), roman_value(end)
    if first is None:
        return None
    return Pages(first, last or first, "roman", True, frozenset((first,)))


def split_locators(volume: str, issue: str, pages: str) -> tuple[str, str, str]:
    """Return volume, issue and pages, each in its own field.

    "11 (1) (no pagination)" with an article number as issue is volume 11, issue 1 and
    the article number as page.
    """
    if torn := _TORN.match(volume):
        return "", f"{issue} {torn[1]}", pages
    match = _VOLUME_ISSUE.match(volume)
    if not match:
        return volume, issue, pages
    if not pages and (match[3] or _ARTICLE_NUMBER.match(issue.strip())):
        return match[1], match[2], issue
    return match[1], f"{match[2]} {issue}".strip(), pages


def pages_out_of_issue(issue: str, pages: str) -> tuple[str, str]:
    """Return issue and pages if the fields of a row moved by one column.

    "pp 163-170" in the issue field are the pages; the field after it then has the year.
    """
    match = _PAGES_AS_ISSUE.match(issue)
    if match and (not pages.strip() or _A_YEAR.match(pages)):
        return "", match["pages"]
    return issue, pages


def _completed(start: str, end: str | None) -> int:
    """Return the last page, with the digits that an abbreviated range leaves out."""
    if not end:
        return int(start)
    if len(end) < len(start) and int(end) < int(start):
        end = start[: len(start) - len(end)] + end
    return max(int(start), int(end)) if len(end) <= len(start) + 2 else int(start)


def _undated(text: str) -> str:
    """Return the original page range of a text that a spreadsheet turned into a date."""
    if match := _DAY_MONTH.match(text):
        if month := _MONTHS.get(match[2]):
            return f"{int(match[1])}-{month}"
    elif match := _MONTH_YEAR.match(text):
        if month := _MONTHS.get(match[1]):
            return f"{month}-{int(match[2])}"
    elif match := _ISO_DATE.match(text):
        return f"{int(match[2])}-{int(match[1])}"
    return text


@lru_cache(maxsize=20_000)
def volume_numbers(text: str) -> frozenset[int]:
    """Return all numbers of a volume or issue field, also Roman ones ("XII (Pt 2)")."""
    if not text:
        return frozenset()
    low = text.lower()
    if low.isdecimal():
        return frozenset((int(low),)) if len(low) < 9 else frozenset()
    if match := _DAY_MONTH.match(low) or _MONTH_YEAR.match(low):
        low = _undated(match[0])
    found = set()
    for token in _NUMBER.findall(low):
        value = (
            int(token) if token.isdecimal() and len(token) < 9 else roman_value(token)
        )
        if value is not None:
            found.add(value)
    return frozenset(found)


@lru_cache(maxsize=20_000)
def is_supplement(volume: str, issue: str) -> bool:
    """Return True if volume or issue name a supplement ("88 Suppl 1", "S2")."""
    return bool(
        _SUPPLEMENT.search(volume) or _SUPPLEMENT.search(issue) or _TORN.match(volume)
    )
