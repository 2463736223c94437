"""What the tags of RIS mean in each dialect: one mapping table, few exceptions.

The order of tags in a row of `READ_FROM` is the order of trust; the first that holds a
value gives it. Sources: the RIS specification (Refman), the exports named in
docs/methods/import-formats.md.
"""

from __future__ import annotations

import re

from .citation import Citation
from .fields import (
    abstract_of,
    digits_of,
    distinct,
    doi_of,
    doi_of_link,
    fold,
    keywords_of,
    names_of,
    pages_of,
    pmid_of,
    without_glued_tag,
    year_of,
)
from .kinds import word_of_ris, word_of_text
from .report import Report

Fields = dict[str, list[str]]

READ_FROM = {
    "title": ("TI", "T1", "CT", "BT", "TT", "ST"),
    "journal": ("JF", "T2", "JO", "JA", "J2", "J1", "JI", "J9", "NL"),
    "volume": ("VL",),
    "issue": ("IS", "CP"),
    "language": ("LA", "LG"),
}
YEARS = ("PY", "Y1", "DA", "YR")
# A second title of these is a series or nothing, never a journal.
NO_JOURNAL = frozenset({"BOOK", "EBOOK", "EDBOOK", "THES", "PAT"})
TITLED_BY_BOOK = frozenset({"BOOK", "EBOOK", "EDBOOK"})
DOI_TAGS = ("DO", "L3", "DI", "M3")
DOI_LINKS = ("UR", "L2", "L1", "LK", "N1")
ONLY_ONE = (("TY", "type"), ("TI", "title"), ("T1", "title"), ("DO", "DOI"))
MENTIONS_PMID = (
    "AN",
    "U1",
    "U2",
    "U3",
    "U4",
    "U5",
    "N1",
    "M1",
    "M2",
    "C1",
    "C3",
    "C4",
    "ID",
)
EMBASE_ID = re.compile(r"L\d{6,}")
EBSCO_ACCESSION = re.compile(r"Accession Number: ([^;\s]+?)(?:[.;]|\s|$)")
SCOPUS_EID = re.compile(r"[?&]eid=(2-s2\.0-\d+)")
EBSCO_AN = re.compile(r"[?&]AN=([\w.-]+)")


def citation_of(
    fields: Fields, platform: str, line: int, raw: str, report: Report
) -> Citation:
    """The citation one record's tags make; conflicts and junk are reported."""
    _warn_of_conflicts(fields, line, report)
    kind = fields.get("TY", [""])[0].strip().upper()
    title = _first(fields, "title") or _book_title(fields, kind)
    if not title:
        report.warn("no-title", line, "The record has no title.")
    pages = _pages(fields)
    return Citation(
        title=title,
        authors=_authors(fields),
        year=_year(fields),
        journal=_journal(fields, kind),
        volume=_first(fields, "volume"),
        issue=_first(fields, "issue"),
        pages=pages,
        doi=_doi(fields, line, report),
        pmid=_pmid(fields, platform),
        accession=_accession(fields),
        abstract=_abstract(fields),
        keywords=keywords_of(fields.get("KW", ())),
        type=_type(fields, kind),
        url=_url(fields),
        language=_first(fields, "language"),
        issn="; ".join(distinct(fields.get("SN", ()))),
        notes=" | ".join(distinct(fields.get("N1", ()))),
        raw=raw,
        line=line,
    )


def _first(fields: Fields, field: str) -> str:
    for tag in READ_FROM[field]:
        if tag in fields:
            for value in fields[tag]:
                text = fold(value)
                if text:
                    return text
    return ""


def _book_title(fields: Fields, kind: str) -> str:
    if kind not in TITLED_BY_BOOK:
        return ""
    return next((fold(value) for value in fields.get("T2", ()) if value.strip()), "")


def _warn_of_conflicts(fields: Fields, line: int, report: Report) -> None:
    """One value is needed where a tag came twice with two values: the first is kept."""
    conflicts = []
    for tag, what in ONLY_ONE:
        values = fields.get(tag, ())
        if len(values) > 1:
            given = {doi_of(value) if tag == "DO" else fold(value) for value in values}
            if len(given - {""}) > 1:
                conflicts.append(what)
    years = (*fields.get("PY", ()), *fields.get("Y1", ()))
    if len(years) > 1 and len(set(map(year_of, years)) - {None}) > 1:
        conflicts.append("year")
    if conflicts:
        report.warn(
            "duplicate-tag-conflict",
            line,
            f"The record gives more than one {' and '.join(dict.fromkeys(conflicts))}; "
            "the first was kept.",
        )


def _authors(fields: Fields) -> tuple[str, ...]:
    """AU and A1 as one list; a name under both tags counts once.

    Two namesakes under the same tag stay two. A2 to A4 are editors and cited authors.
    """
    first, second = names_of(fields.get("AU", ())), names_of(fields.get("A1", ()))
    if not first or not second:
        return first or second
    return first + tuple(name for name in second if name not in first)


def _year(fields: Fields) -> int | None:
    for tag in YEARS:
        for value in fields.get(tag, ()):
            year = year_of(value)
            if year:
                return year
    return None


def _journal(fields: Fields, kind: str) -> str:
    if kind in NO_JOURNAL:
        fields = {tag: values for tag, values in fields.items() if tag != "T2"}
    return _first(fields, "journal")


def _pages(fields: Fields) -> str:
    starts, ends = fields.get("SP", [""]), fields.get("EP", [""])
    article = fields.get("C7", [""])[0]
    return pages_of(starts[0], ends[0]) or (
        pages_of(article) if "10." not in article else ""
    )


def _doi(fields: Fields, line: int, report: Report) -> str:
    for tag in DOI_TAGS:
        for value in fields.get(tag, ()):
            clean = without_glued_tag(value)
            if len(clean) != len(value):
                report.warn(
                    "field-junk-stripped", line, "The DOI held more than a DOI."
                )
            doi = doi_of(clean)
            if doi:
                return doi
    for tag in DOI_LINKS:
        for value in fields.get(tag, ()):
            doi = doi_of_link(value)
            if doi:
                return doi
    return ""


def _pmid(fields: Fields, platform: str) -> str:
    """The PubMed number: named as such, or where the dialect is known to keep it."""
    places = ["PM"]
    if platform in ("Scopus", ""):
        places.append("C2")
    if platform in ("Embase / embase.com", ""):
        places.append("C5")
    if platform in ("Ovid", "EBSCOhost") and _is_medline(fields):
        places += ["AN", "ID"]
    for tag in places:
        for value in fields.get(tag, ()):
            found = digits_of(value) if tag != "PM" else digits_of(value.split(" ")[0])
            if found:
                return found
    for tag in MENTIONS_PMID:
        if tag in fields:
            for value in fields[tag]:
                found = pmid_of(value)
                if found:
                    return found
    return ""


def _is_medline(fields: Fields) -> bool:
    names = " ".join(fields.get("DB", ())).lower()
    return "medline" in names or any(
        value.strip().lower() in ("mdc", "cmedm", "mnh")
        for value in fields.get("DB", ())
    )


def _accession(fields: Fields) -> str:
    """The source's own identifier, wherever the dialect hides it."""
    for tag in ("AN", "UT"):
        for value in fields.get(tag, ()):
            if value.strip():
                return fold(value)
    for tag in ("U2", "N1"):
        for value in fields.get(tag, ()):
            if EMBASE_ID.fullmatch(value.strip()):
                return value.strip()
    for tag, pattern in (
        ("N1", EBSCO_ACCESSION),
        ("UR", EBSCO_AN),
        ("UR", SCOPUS_EID),
    ):
        for value in fields.get(tag, ()):
            match = pattern.search(value)
            if match:
                return match.group(1)
    return next((fold(value) for value in fields.get("ID", ()) if value.strip()), "")


def _abstract(fields: Fields) -> str:
    for tag in ("AB", "N2"):
        abstract = abstract_of(fields.get(tag, ()))
        if abstract:
            return abstract
    return ""


def _type(fields: Fields, kind: str) -> str:
    """TY as a plain word; M3 says more where TY is the type without qualities."""
    if kind in ("GEN", ""):
        for value in fields.get("M3", ()):
            if value.strip() and not doi_of(value):
                return word_of_text(fold(value))
    return word_of_ris(kind)


def _url(fields: Fields) -> str:
    for tag in ("UR", "L2", "LK", "L1"):
        for value in fields.get(tag, ()):
            first = value.split()[:1]
            if first and first[0].startswith(("http://", "https://")):
                return first[0]
    return ""
