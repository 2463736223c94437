"""DOI, PMID, ISSN, ISBN and trial numbers from free text."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from urllib.parse import unquote

NONE: frozenset[str] = frozenset()
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_TAIL = re.compile(
    r"(?:\s*\[?doi\]?|[.,;:)\]}>\"']+|/(?:abstract|full|pdf|meta|epdf|full/html))$",
    re.I,
)
# The end of a SICI ("…>3.0.CO;2-T") is a form of the text and a check digit.
_VERSION = re.compile(r"(?:\.pub\d+|/v\d+|\.v\d+|(?<=>)\d\.\d\.[a-z]{2};\d-[a-z\d#])$")
# "…pone.0094853.g001" is a figure, "…elife.06487.001" a digest of the work.
_PART_OF_WORK = re.compile(r"(?<=\d)\.[gts]\d{3}$|(?<=elife\.\d{5})\.\d{3}$", re.I)
_ONE_SIGN = str.maketrans("_./–‐", "-----")
_LOST_SIGN = re.compile(r"(?<!\d)-|-(?!\d)")
_ISSN = re.compile(r"(?<![\dxX-])(\d{4})-?(\d{3}[\dxX])(?![\dxX-])")
_DIGITS = re.compile(r"\d{1,9}")
_TRIAL = re.compile(
    r"\b(?:(NCT)\W?(\d{8})|(ISRCTN)\W?(\d{8})|(ACTRN)\W?(\d{14})"
    r"|(EUCTR|EudraCT)\W{0,3}(?:no\.?|number)?\W{0,3}(20\d\d-\d{6}-\d\d)"
    r"|(ChiCTR)\W?((?:[A-Z]{2,4}-?)?\d{8,10})|(DRKS)\W?(\d{8}))\b",
    re.I,
)
_NOTICE = re.compile(r"(?:corr|err(?:atum)?|corrigendum|retract(?:ion)?)\d*$")
_PREPRINT = re.compile(
    r"^10\.(?:1101/(?:20\d\d\.|\d{6})|48550/|2139/ssrn|21203/rs|20944/preprints|31234/|31219/|26434/"
    r"|36227/|22541/au|12688/verixiv|62329/)"
)
_ISBN = re.compile(r"(?<!\d)(97[89][-\d ]{10,14}|\d[-\d ]{8,11}[\dxX])(?!\d)")


def parse_doi(text: str) -> str:
    """Return the DOI in lower case without address and label, or ""."""
    if "10." not in text:
        return ""
    if "%" in text:
        text = unquote(text)
    if "&" in text:
        text = html.unescape(html.unescape(text))
    match = _DOI.search(text.lower())
    if not match:
        return ""
    doi = match[0]
    while (shorter := _DOI_TAIL.sub("", doi)) != doi:
        if doi.endswith(")") and doi.count("(") >= doi.count(")"):
            break
        doi = shorter
    return doi


@lru_cache(maxsize=100_000)
def doi_work(doi: str) -> str:
    """Return the DOI of the work, in one form for comparison.

    It has no version, no figure or table of the work, and no end of a SICI. Signs
    count as one, and only between digits, because programs replace and lose them.
    """
    work = _PART_OF_WORK.sub("", _VERSION.sub("", doi))
    return _LOST_SIGN.sub("", work.translate(_ONE_SIGN))


_ISSUED_BY = re.compile(r"10\.\d+/[^\d]*")


@lru_cache(maxsize=20_000)
def doi_journal(doi: str) -> str:
    """Return the part of a DOI that is common to a journal: up to its first number.

    "10.1016/j.appet." of "10.1016/j.appet.2012.05.003". DOIs of numbers alone have the
    publisher's prefix only.
    """
    match = _ISSUED_BY.match(doi)
    return match[0] if match else doi


def parse_pmid(text: str) -> str:
    """Return the PMID without leading zeros, "" if there is none."""
    match = _DIGITS.search(text)
    return match[0].lstrip("0") if match else ""


def parse_trial(text: str) -> str:
    """Return the number of a trial register in the text, "" for none or several."""
    if not _names_register(text):
        return ""
    found = {"".join(part or "" for part in m).upper() for m in _TRIAL.findall(text)}
    return found.pop() if len(found) == 1 else ""


def _names_register(text: str) -> bool:
    """Return True if the letters of a register occur.

    All except the German one have "CT".
    """
    if "CT" not in text:
        return "DRKS0" in text
    for sign in (
        "NCT0",
        "NCT ",
        "ISRCTN",
        "ACTRN",
        "EUCTR",
        "EudraCT",
        "ChiCTR",
        "DRKS0",
    ):
        if sign in text:
            return True
    return False


def is_notice(doi: str) -> bool:
    """Return True if the DOI ends like those of corrections ("…corr1")."""
    return _NOTICE.search(doi) is not None


def is_preprint(doi: str) -> bool:
    """Return True if the DOI is from a preprint server."""
    return _PREPRINT.match(doi) is not None


@lru_cache(maxsize=20_000)
def parse_issns(text: str) -> frozenset[str]:
    """Return all ISSNs in the text as eight characters."""
    if not text:
        return NONE
    return frozenset(a + b.upper() for a, b in _ISSN.findall(text))


@lru_cache(maxsize=20_000)
def parse_isbns(*texts: str) -> frozenset[str]:
    """Return all ISBNs in the texts, without the check digit and the 978 prefix."""
    text = " ".join(texts)
    if len(text) < 10:
        return NONE
    bare = (re.sub(r"[- ]", "", found) for found in _ISBN.findall(text))
    return frozenset(
        n[3:12] if len(n) == 13 else n[:9] for n in bare if len(n) in (10, 13)
    )
