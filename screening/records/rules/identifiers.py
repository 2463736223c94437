"""DOI, PMID, ISSN and ISBN out of free text."""

from __future__ import annotations

import re
from urllib.parse import unquote

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_TAIL = re.compile(
    r"(?:\s*\[?doi\]?|[.,;:)\]}>\"']+|/(?:abstract|full|pdf|meta|epdf|full/html))$",
    re.I,
)
_VERSION = re.compile(r"(?:\.pub\d+|/v\d+|\.v\d+)$")
_ISSN = re.compile(r"(?<![\dxX-])(\d{4})-?(\d{3}[\dxX])(?![\dxX-])")
_DIGITS = re.compile(r"\d{1,9}")
_ISBN = re.compile(r"(?<!\d)(97[89][-\d ]{10,14}|\d[-\d ]{8,11}[\dxX])(?!\d)")


def parse_doi(text: str) -> str:
    """Lower-case DOI without address, label, trailing marks; "" if none."""
    if "10." not in text:
        return ""
    if "%" in text:
        text = unquote(text)
    match = _DOI.search(text.lower())
    if not match:
        return ""
    doi = match[0]
    while (shorter := _DOI_TAIL.sub("", doi)) != doi:
        if doi.endswith(")") and doi.count("(") >= doi.count(")"):
            break
        doi = shorter
    return doi


def doi_work(doi: str) -> str:
    """The DOI of the work: without the version of a Cochrane review or preprint."""
    return _VERSION.sub("", doi)


def parse_pmid(text: str) -> str:
    """The PubMed number without leading zeros; "" if none."""
    match = _DIGITS.search(text)
    return match[0].lstrip("0") if match else ""


def parse_issns(text: str) -> frozenset[str]:
    """All ISSNs in the text as eight characters."""
    if not text:
        return frozenset()
    return frozenset(a + b.upper() for a, b in _ISSN.findall(text))


def parse_isbns(text: str) -> frozenset[str]:
    """All ISBNs in the text, without the check digit and the 978 prefix."""
    if not text:
        return frozenset()
    bare = (re.sub(r"[- ]", "", found) for found in _ISBN.findall(text))
    return frozenset(
        n[3:12] if len(n) == 13 else n[:9] for n in bare if len(n) in (10, 13)
    )
