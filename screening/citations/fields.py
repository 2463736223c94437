"""Normalisation of printed values to the form that `Citation` describes."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import unquote

from screening.citations.lists import list_items
from screening.citations.markup import ENTITY, has_markup, plain_text

YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)")
COMPACT_DATE = re.compile(
    r"(?<!\d)(1[4-9]\d\d|20\d\d)(?:0[1-9]|1[0-2])(?:[0-3]\d(?!\d)|$)"
)
# No DOI is longer. The limit also keeps hostile values cheap.
DOI = re.compile(r"10\.\d{4,9}(?:\.\d{1,9}){0,5}/\S{1,500}")
DOI_RESOLVER = re.compile(r"https?://(?:dx\.)?(?:www\.)?doi\.org/(10\.\S+)", re.I)
# CINAHL prints "PMID: NLM32012345".
PMID = re.compile(r"\b(?:PMID|PUBMED)(?: ID)?[\s:#=]*(?:NLM)?(\d{1,8})\b", re.I)
PUBMED_LINK = re.compile(
    r"(?:ncbi\.nlm\.nih\.gov/(?:pubmed/|m/pubmed/)?|europepmc\.org/\w+/med/)"
    r"(\d{1,8})(?![\w.])",
    re.I,
)
# Rayyan appends the next RIS lines to a value: "10.1/x     LK  - https://…".
GLUED_TAG = re.compile(r"\s+[A-Z][A-Z0-9] {1,2}- .*", re.S)

# Every branch starts with a fixed letter, which makes the search fast.
NOTICE_START = re.compile(
    r"Copyright of .{3,300}? is the property of"
    r"|Copyright\s*(?:©|\([cC]\))?\s*\d{4}\b"
    r"|©\s*(?:Copyright\s*)?\d{4}\b"
    r"|\([cC]\)\s*(?:Copyright\s*)?\d{4}\b"
    r"|\((?:APA )?Psyc(?:Info|INFO|Articles) Database Record\b"
    r"|APA Psyc(?:Info|INFO|Articles) Database Record\b"
    r"|Psyc(?:Info|INFO|Articles) Database Record\b"
)
# Every notice starts with one of these. "(APA " can precede the last one.
NOTICE_WORDS = ("Copyright", "©", "(c)", "(C)", "Psyc")
NOTICE_AT_MOST = 250
# The long notice of EBSCOhost with the journal's name. Notices are at the end of a
# text.
NOTICE_WITHIN = 1500
PAGE = re.compile(r"\d")
PAGE_WORD = re.compile(r"(?:pp?(?:\.\s*|\s+)|pages?\s+)(?=[\divxl])", re.I)
PAGE_RANGE = re.compile(r"\d\s*[-‐–]\s*\w")
ROMAN = re.compile(r"[\sivxlcdm‐–-]+", re.I)
# Between words, not inside "1,2-dichloroethane".
COMMA = re.compile(r",(?!\d)")
NO_ABSTRACT = re.compile(
    r"[\[(]?(?:no abstract(?: (?:is )?available)?|abstract (?:is )?not available)\.?[\])]?\.?",
    re.I,
)

# The beginnings of lists that a program printed into a text.
LIST_STARTS = ("['", '["', "('", '("', "{'", '{"', "c('", 'c("', "[{", "[u'", '"', "'")
LIST_SIGNS = frozenset(start[0] for start in LIST_STARTS)

Fold = Callable[[str], str]


def fold(text: str) -> str:
    """Return NFC text with every run of white space as one space."""
    text = text.strip()
    # The common cases come first, because imports fold millions of values.
    if text.isascii():
        if "\t" in text or "\n" in text or "\r" in text:
            return " ".join(text.split())
        return _with_single_spaces(text) if "  " in text else text
    plain = text.replace("\0", "") if "\0" in text else text
    # The plain space is the only printable white space.
    if not plain.isprintable():
        text = " ".join(text.split())
    elif "  " in text:
        text = _with_single_spaces(text)
    return unicodedata.normalize("NFC", text)


def _with_single_spaces(text: str) -> str:
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def year_of(text: str) -> int | None:
    """Return the first plausible year (1400 to 2099) of a date in any style, else None."""
    return _short_year(text) if len(text) < SHORT else _year(text)


def _year(text: str) -> int | None:
    match = YEAR.search(text) or COMPACT_DATE.search(text.strip())
    return int(match.group(1)) if match else None


# There are few different dates. Only short ones are worth the memory of the cache.
SHORT = 40
_short_year = lru_cache(maxsize=4096)(_year)


def doi_of(text: str) -> str:
    """Return the DOI in a value for DOIs, in lower case without resolver, else ""."""
    if "10" not in text:
        return ""
    if "%2f" in text.lower():
        text = unquote(text)
    if "&" in text:
        text = html.unescape(text)
    match = DOI.search(text)
    if not match:
        return ""
    doi = match.group()
    if "://" in text[: match.start()]:
        doi = re.split(r"[?#]", doi, maxsplit=1)[0]
    return _without_trail(doi).lower()


def doi_of_link(text: str) -> str:
    """Return the DOI of a link to the DOI resolver, else "".

    Other links are not certain.
    """
    match = DOI_RESOLVER.search(text)
    return doi_of(match.group()) if match else ""


def _without_trail(doi: str) -> str:
    while doi:
        last = doi[-1]
        unopened = last in ")]}>" and doi.count(last) > doi.count(
            {")": "(", "]": "[", "}": "{", ">": "<"}[last]
        )
        if last not in ".,;:'\"’”…" and not unopened:
            break
        doi = doi[:-1]
    return doi


def mentions_pmid(text: str) -> bool:
    """Return True if a text may contain a PMID. Fast; never False if it does."""
    return "PMID" in text or "ubMed" in text or "PUBMED" in text or "pmid" in text


def pmid_of(text: str) -> str:
    """Return the PMID that a text names ("PMID: 123", "PUBMED 123"), else ""."""
    match = PMID.search(text) if mentions_pmid(text) else None
    return match.group(1) if match else ""


def pmid_of_links(text: str) -> str:
    """Return the PMID of the links to PubMed in a text, if all have the same, else ""."""
    if ".gov/" not in text and "/MED/" not in text:
        return ""
    numbers = set(PUBMED_LINK.findall(text))
    return numbers.pop() if len(numbers) == 1 else ""


def digits_of(text: str) -> str:
    """Return the text if it is a PMID (1 to 8 digits) and nothing else, or ""."""
    bare = text.strip().removesuffix(".0")
    if not bare.isdecimal() or not bare.isascii() or len(bare) > 8:
        return ""
    return bare if bare.strip("0") else ""


def unlisted(text: str) -> str:
    """Return the items of Rayyan's ["1234-5678", "8765-4321"], separated by semicolons."""
    if not text.startswith('["') or not text.endswith('"]'):
        return text
    return "; ".join(fold(part).strip('"') for part in text[1:-1].split('",'))


def pages_of(start: str, end: str = "") -> str:
    """Return first and last page as "475-480".

    Words such as "No Specified" are not pages.
    """
    first, last = _page(start), _page(end)
    if not first or not last or first == last or PAGE_RANGE.search(first):
        return first or last
    return f"{first}-{last}"


def _page(text: str) -> str:
    if text.isdecimal() or not text:
        return text
    if not (PAGE.search(text) or ROMAN.fullmatch(text)):
        return ""
    return PAGE_WORD.sub("", fold(text), count=1) if text[:1] in "pP" else fold(text)


def abstract_of(values: Iterable[str], folded: Fold = fold) -> str:
    """Return the paragraphs of an abstract without repetitions and publishers' notices."""
    paragraphs: list[str] = []
    for value in values:
        text = without_notice(folded(value))
        if text and text not in paragraphs:
            paragraphs.append(text)
    return " ".join(paragraphs)


def without_notice(text: str) -> str:
    """Return an abstract without the copyright notice at its end."""
    if not _may_hold_notice(text):
        return "" if len(text) < 40 and NO_ABSTRACT.fullmatch(text) else text
    is_long = "is the property of" in text or "Database Record" in text
    begin = max(0, len(text) - (NOTICE_WITHIN if is_long else NOTICE_AT_MOST))
    # To find its first word is much faster than to search for the pattern.
    words = [place for word in NOTICE_WORDS if (place := text.find(word, begin)) >= 0]
    if not words:
        return text
    for match in NOTICE_START.finditer(text, max(begin, min(words) - len("(APA "))):
        tail = text[match.start() :]
        certain = "is the property of" in tail or "Database Record" in tail
        if certain or (match.start() and len(tail) <= NOTICE_AT_MOST):
            return text[: match.start()].rstrip()
    return text


def _may_hold_notice(text: str) -> bool:
    """Return True if a notice is possible. Long searches look only at the last letters."""
    end = text[-NOTICE_AT_MOST:]
    return (
        "Copyright" in end
        or "©" in end
        or "(c)" in end
        or "(C)" in end
        or "is the property of" in text
        or "Database Record" in text
    )


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Return the folded values in their order, without empty and repeated ones."""
    # All values are folded at once, joined by NUL, which no value contains.
    return distinct_joined(fold("\0".join(values)))


def distinct_joined(folded: str) -> tuple[str, ...]:
    """Return the same for values that are joined with NUL and were folded together."""
    if " \0" in folded or "\0 " in folded:
        folded = folded.replace(" \0", "\0").replace("\0 ", "\0")
    unique = dict.fromkeys(folded.split("\0"))
    unique.pop("", None)
    return tuple(unique)


def keywords_of(values: Iterable[str], comma: bool = False) -> tuple[str, ...]:
    """Return the keywords, split at semicolons, and at bars or commas on request."""
    separated: list[str] = []
    for value in values:
        if has_markup(value):
            value = plain_text(value)
        listed = list_items(value) if value.startswith(LIST_STARTS) else None
        if listed is not None:
            separated += listed
        elif ";" in value:
            separated += value.split(";")
        elif comma:
            separated += value.split("|") if "|" in value else COMMA.split(value)
        else:
            separated.append(value)
    return distinct(separated)


def keywords_of_joined(folded: str) -> tuple[str, ...]:
    """Return the keywords of values that are joined with NUL and were folded together."""
    if "<" in folded or ("&" in folded and ENTITY.search(folded)):
        folded = fold(plain_text(folded))
    if folded[:1] in LIST_SIGNS and folded.startswith(LIST_STARTS):
        return keywords_of(folded.split("\0"))
    return distinct_joined(folded.replace(";", "\0"))


def without_glued_tag(text: str) -> str:
    """Return the value without a RIS line that another program appended to it."""
    return GLUED_TAG.sub("", text) if "  - " in text or " - " in text else text
