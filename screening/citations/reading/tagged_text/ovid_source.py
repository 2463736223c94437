"""The source line of Ovid's exports, taken apart.

Every Ovid database words it in its own way:

- `Ecohydrology. 8(6):1048-1064, September 2015.`
- `BMJ. 34(2):123-30, 2004 Mar 5.`
- `Behavioural Psychotherapy. Vol.43(5), Sep 2015, pp. 562-577.`
- `Lancet. 380 (9839) (pp 341-350), 2012. Date of Publication: 28 Jul 2012.`
- `Acta Chirurgica Belgica November/December 2010;6:611-613`
- `Journal of Political Studies 12, Winter 2007: 7-14.`
- `Hydrobiologia. 2007 15 June; 433-441.`
- `Kamp, Roza Maria [Editor]. Methods in proteome analysis.:371`
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from screening.citations.fields import YEAR, fold

# A longer line is not a source. The limit also keeps hostile values cheap.
SOURCE_CHARS = 2000

NUMBER = r"[A-Z]?\d{1,6}[A-Za-z]?(?:[-/]\d{1,6})?"
PAGES = (
    r"[A-Za-z]{0,3}\d{1,8}[A-Za-z]?\d{0,4}(?:\s?[-–]\s?[A-Za-z]{0,3}\d{1,8}[A-Za-z]?)?"
)
VOLUME = re.compile(
    rf"\b[Vv]ol(?:ume)?\.? ?(?P<v1>{NUMBER})(?: ?\((?P<i1>[^()]{{1,60}})\))?"
    r"(?: ?,? [Nn]o\.? ?(?P<n1>\w{1,10}))?"
    rf"|(?:(?<=[ .,;])|^)(?P<v2>{NUMBER}) ?\((?P<i2>[^()]{{1,60}})\)(?= ?[:,.(]| ?$)"
    rf"|(?<=[ .;])(?P<v6>{NUMBER}) (?P<i6>Suppl(?:ement)?\.?(?: [\w-]{{1,8}})?)(?= ?:)"
    r"|(?<=[ .,])\((?P<i7>\d{1,4})\)(?=:)"
    r"|(?<=[\d.] )(?P<v5>\d{1,4}): (?P<i5>\d{1,4}), (?=\d)"
    rf"|(?:(?<=[ .;])|^)(?P<v3>{NUMBER}):(?= ?{PAGES})"
    r"|(?<=[a-z\]] )(?P<v4>\d{1,4})(?=, [A-Z]?[\w/ ]{0,20}\b(?:1[5-9]|20)\d\d\b)"
)
PAGES_AT = re.compile(
    rf"\bpp?\.? ?(?P<p1>{PAGES})|[:;] ?(?P<p2>{PAGES})(?=[.,; ]|$)"
    rf"|, (?P<p3>{PAGES})\.?$"
)
DATE_WORD = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
    r"|Spring|Summer|Autumn|Fall|Winter)\.?"
)
# The date before the volume or the pages.
DATE_TAIL = re.compile(
    rf"[ .,;]+(?:\d{{1,2}} )?(?:{DATE_WORD}(?: ?[-/] ?{DATE_WORD})?)?"
    r"(?: \d{1,2},?)? ?(?:1[5-9]|20)\d\d"
    rf"(?:[ .,;]{{1,2}}(?:\d{{1,2}}(?!\d)|{DATE_WORD})){{0,3}}[ .,;]{{0,3}}$"
)
YEAR_AND_MORE = re.compile(r"[.,;] (?:1[5-9]|20)\d\d\b.*$")
EDITORS = re.compile(r"^.{0,1500}\[Ed(?:itor|s?\.|\])[^\]]{0,80}\]?[.,\s]*")
BOOK_PAGES = re.compile(r"\.?\s?:\s?(?P<p>\d[\w-]{0,20})(?=[\s.,;]|$)")
CONFERENCE = re.compile(r"\.? Conference: ")


@dataclass(frozen=True, slots=True)
class OvidSource:
    """The values of a source line; "" and None for missing ones."""

    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    year: int | None = None


def source_of(text: str) -> OvidSource:
    """Return journal, volume, issue, pages and year of an Ovid source line."""
    text = fold(text[:SOURCE_CHARS])
    text, _, published = text.partition("Date of Publication:")
    if "[Ed" in text:
        return _of_book(text)
    volume = VOLUME.search(text)
    after = volume.end() if volume else 0
    groups = volume.groupdict() if volume else {}
    pages = PAGES_AT.search(text, max(after - 1, 0))
    if pages and _is_year(pages):
        pages = None
    rest = _without(text, volume, pages)
    years = YEAR.findall(rest) or YEAR.findall(published)
    if not years and volume and (whole := YEAR.fullmatch(_first(groups, "v"))):
        # "Journal, 2013(1): 3-28": the year is in the place of the volume.
        years = [whole.group()]
    head = next((match.start() for match in (volume, pages) if match), None)
    journal = DATE_TAIL.sub("", text[:head])
    if head is None:
        journal = YEAR_AND_MORE.sub("", journal)
    return OvidSource(
        journal=_journal(journal) or _journal(text),
        volume=_first(groups, "v"),
        issue=_first(groups, "i") or _first(groups, "n"),
        pages=_first(pages.groupdict(), "p").replace(" ", "") if pages else "",
        year=int(years[-1]) if years else None,
    )


def _of_book(text: str) -> OvidSource:
    """Return the source of a chapter: its editors, the book, the pages."""
    book = EDITORS.sub("", text, count=1)
    pages = BOOK_PAGES.search(book)
    years = YEAR.findall(book)
    return OvidSource(
        journal=_journal(book[: pages.start()] if pages else book),
        pages=pages.group("p") if pages else "",
        year=int(years[-1]) if years else None,
    )


def _is_year(match: re.Match[str]) -> bool:
    """Return True if the match is a bare year after a comma, not a page."""
    return bool(match["p3"] and YEAR.fullmatch(match["p3"])) or (
        match["p2"] is not None
        and bool(YEAR.fullmatch(match["p2"]))
        and match.string[match.start()] == ";"
    )


def _without(text: str, *matches: re.Match[str] | None) -> str:
    for match in sorted(filter(None, matches), key=lambda m: -m.start()):
        text = f"{text[: match.start()]} {text[match.end() :]}"
    return text


def _first(groups: dict[str, str | None], kind: str) -> str:
    values = (value for name, value in groups.items() if name.startswith(kind))
    return next((value for value in values if value), "")


def _journal(text: str) -> str:
    return CONFERENCE.split(text, maxsplit=1)[0].strip(" .,;:")
