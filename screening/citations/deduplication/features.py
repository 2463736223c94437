"""Features: two references as one row of numbers for the trees.

Every number is symmetric in the two references and has a readable name. It is
not-a-number if one reference lacks the field.
"""

from __future__ import annotations

from math import log1p, nan

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from screening.citations.deduplication.cleaning import Cleaned
from screening.citations.deduplication.evidence import Evidence, PageMatch, has_digit

NAMES: dict[str, int] = {
    "title_ratio": 1,
    "title_partial": 1,
    "title_words_shared": 1,
    "title_length": 0,
    "title_length_ratio": 0,
    "title_contained": 0,
    "title_lacking_less": -1,
    "title_lacking_more": -1,
    "title_numbers_differ": -1,
    "title_generic": -1,
    "part": 1,
    "first_author": 1,
    "authors_shared": 1,
    "authors_fewer": 0,
    "authors_count_ratio": 0,
    "last_author": 1,
    "year_gap": -1,
    "journal": 1,
    "journal_ratio": 1,
    "serial_number": 1,
    "volume": 1,
    "volume_gap": -1,
    "issue": 1,
    "pages": 1,
    "first_page_gap": -1,
    "first_page": 0,
    "page_count": 0,
    "doi": 1,
    "doi_ratio": 0,
    "pmid": 1,
    "abstract": 1,
    "answer_on_one_side": -1,
    "supplement_sides": 0,
    "supplement_on_one_side": -1,
    "protocol_on_one_side": -1,
    "cochrane": 1,
    "fields_of_poorer": 0,
    "fields_of_richer": 0,
}
"""Each feature with its direction: with 1, a higher value never lowers the score; with
-1, it never raises it; 0 is free.
"""


def _three(agree: bool | None) -> float:
    return nan if agree is None else float(agree)


def pair_features(a: Cleaned, b: Cleaned, evidence: Evidence) -> tuple[float, ...]:
    """Return the row for one pair, in the order of ``NAMES``."""
    return (
        *_title(a, b, evidence),
        *_authors(a, b, evidence),
        nan if evidence.year_gap is None else min(evidence.year_gap, 10),
        *_journal(a, b, evidence),
        *_place(a, b, evidence),
        *_numbers(a, b, evidence),
        nan if evidence.abstract < 0 else evidence.abstract,
        *_signs(a, b),
    )


def _title(a: Cleaned, b: Cleaned, evidence: Evidence) -> tuple[float, ...]:
    generic = float("generic" in a.flags or "generic" in b.flags)
    parts = nan if a.part is None and b.part is None else float(a.part == b.part)
    if evidence.title < 0:
        return (nan, nan, nan, 0, nan, nan, nan, nan, nan, generic, parts)
    one, other = a.letters, b.letters
    short, long = sorted((len(one), len(other)))
    if evidence.title == 100:
        return (100, 100, 100, short, 1, 0, 0, 0, 0, generic, parts)
    less, more = sorted(
        (sum(map(len, evidence.only_a)), sum(map(len, evidence.only_b)))
    )
    digits = has_digit(evidence.only_a + evidence.only_b)
    return (
        evidence.title,
        fuzz.partial_ratio(one, other),
        fuzz.token_set_ratio(a.title, b.title),
        short,
        short / long,
        float(evidence.contained),
        less,
        more,
        float(digits),
        generic,
        parts,
    )


def _authors(a: Cleaned, b: Cleaned, evidence: Evidence) -> tuple[float, ...]:
    few, many = sorted((len(a.surnames), len(b.surnames)))
    if not few:
        return (nan, nan, few, nan, nan)
    one, other = a.surnames[0], b.surnames[0]
    first = 1.0 if evidence.first_author else JaroWinkler.similarity(one, other)
    last = float(a.surnames[-1] == b.surnames[-1]) if few > 1 else nan
    return (first, evidence.authors, few, few / many, last)


def _journal(a: Cleaned, b: Cleaned, evidence: Evidence) -> tuple[float, ...]:
    if a.journal and b.journal:
        if a.journal == b.journal:
            ratio = 100.0
        else:
            ratio = fuzz.token_set_ratio(" ".join(a.journal), " ".join(b.journal))
    else:
        ratio = nan
    serial = float(bool(a.issns & b.issns)) if a.issns and b.issns else nan
    return (_three(evidence.journal), ratio, serial)


def _place(a: Cleaned, b: Cleaned, evidence: Evidence) -> tuple[float, ...]:
    volume_gap = nan
    if evidence.volume is not None:
        volume_gap = (
            0.0
            if evidence.volume
            else min(min(abs(x - y) for x in a.volumes for y in b.volumes), 50)
        )
    pages: float = nan if evidence.pages == PageMatch.MISSING else evidence.pages
    gap, first, count = nan, nan, nan
    if a.pages and b.pages:
        gap = log1p(abs(a.pages.first - b.pages.first))
        first = min(a.pages.first, b.pages.first, 2000)
        count = min(max(a.pages.last - a.pages.first, b.pages.last - b.pages.first), 99)
    return (
        _three(evidence.volume),
        volume_gap,
        _three(evidence.issue),
        pages,
        gap,
        first,
        count,
    )


def _numbers(a: Cleaned, b: Cleaned, evidence: Evidence) -> tuple[float, ...]:
    ratio = nan
    if evidence.doi is not None:
        ratio = 100.0 if evidence.doi else fuzz.ratio(a.doi, b.doi)
    return (_three(evidence.doi), ratio, _three(evidence.pmid))


def _signs(a: Cleaned, b: Cleaned) -> tuple[float, ...]:
    odd = a.flags ^ b.flags
    cochrane = float(a.cochrane == b.cochrane) if a.cochrane and b.cochrane else nan
    poorer, richer = sorted((a.completeness, b.completeness))
    return (
        float(bool(odd & {"erratum", "reply", "comment"})),
        float(("supplement" in a.flags) + ("supplement" in b.flags)),
        float("supplement" in odd),
        float("protocol" in odd),
        cochrane,
        poorer,
        richer,
    )
