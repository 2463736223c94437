"""Fields of an Ovid record as a citation.

Source of the tags: Ovid's database field guides (https://ospguides.ovid.com).
"""

from __future__ import annotations

import re

from screening.citations.citation import Citation
from screening.citations.fields import (
    abstract_of,
    digits_of,
    distinct,
    doi_of,
    doi_of_link,
    fold,
    keywords_of,
    pages_of,
    year_of,
)
from screening.citations.notices import notices_of_types
from screening.citations.reading.prior_decisions import take_prior
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.tagged_text.ovid_people import authors_of, title_of
from screening.citations.reading.tagged_text.ovid_source import OvidSource, source_of
from screening.citations.reading.tagged_text.tagged import (
    Fields,
    TaggedEntry,
    first_value,
    tagged_lines,
    tagged_values,
)
from screening.citations.reference_types import WORDS, word_of_text
from screening.citations.translation import gettext as _

NO_CONTENT = frozenset({"VN", "DB"})

TAGS_OF_LABELS = {
    "abstract": "AB",
    "accession number": "AN",
    "author": "AU",
    "author keywords": "KW",
    "author(s)": "AU",
    "authors": "AU",
    "authors full name": "FA",
    "book title": "BT",
    "candidate terms": "KW",
    "corporate author": "CA",
    "database": "DB",
    "date of publication": "DP",
    "digital object identifier": "DO",
    "document type": "PT",
    "doi": "DO",
    "doi number": "DO",
    "electronic issn": "IS",
    "emtree heading": "MH",
    "emtree headings": "MH",
    "english title": "TI",
    "heading word": "MH",
    "isbn": "IB",
    "issn": "IS",
    "issn electronic": "IS",
    "issn print": "IS",
    "issue": "IP",
    "issue/part": "IP",
    "journal": "JN",
    "journal name": "JN",
    "journal title": "JN",
    "key concepts": "KW",
    "key phrase identifiers": "KW",
    "keyword heading": "KW",
    "keywords": "KW",
    "language": "LG",
    "language of document": "LG",
    "link to the external link resolver": "XL",
    "link to the ovid full text or citation": "XL",
    "mesh date": "DA",
    "mesh subject headings": "MH",
    "nlm journal name": "JN",
    "original title": "TT",
    "page": "PG",
    "pages": "PG",
    "pagination": "PG",
    "pmid": "PM",
    "publication date": "DP",
    "publication type": "PT",
    "publication year": "YR",
    "pubmed id": "PM",
    "pubmed identifier": "PM",
    "references": "RF",
    "score": "SC",
    "source": "SO",
    "source title": "JN",
    "status": "ST",
    "subject headings": "MH",
    "title": "TI",
    "translated title": "TT",
    "unique identifier": "UI",
    "url": "UR",
    "version id": "VI",
    "volume": "VO",
    "year": "YR",
    "year of publication": "YR",
}
MEDLINE_STATUS = re.compile(
    r"MEDLINE|PubMed-not-MEDLINE|In-Process|In-Data-Review|OLDMEDLINE", re.I
)
ACCESSION = re.compile(r"(?:Peer[ -]Reviewed[^:]{0,40}|[A-Z][\w -]{2,40}): ?(\S+)")
IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
# "Journal Article. Randomized Controlled Trial.", "Journal; Peer Reviewed Journal"
KINDS = re.compile(r";\s*|\.\s+(?=[A-Z])")
WORDS_OF_PT = {
    "book": "book",
    "chapter": "book chapter",
    "conference abstract": "abstract",
    "conference paper": "conference paper",
    "dissertation abstract": "thesis",
    "meeting abstract": "abstract",
    "meeting paper": "conference paper",
    "original article": "journal article",
    "peer reviewed journal": "journal article",
    "research articles": "journal article",
}


def tag_of_label(line: str) -> str:
    """Return the tag for a label of the Citation format, "" for other lines."""
    return TAGS_OF_LABELS.get(line.strip().rstrip(":").lower(), "")


def citation_of_ovid(entry: TaggedEntry, report: ReadingReport) -> Citation:
    """Return the citation of an entry, and warn if it has no title."""
    fields = entry.fields
    source = source_of(first_value(fields, "SO") or first_value(fields, "BT"))
    title = title_of(first_value(fields, "TI", "TT", "OT"))
    if not title:
        report.warn("no-title", entry.first, _("The record has no title."))
    prior = take_prior(
        " | ".join(distinct(tagged_values(fields, "NT"))), _keywords(fields)
    )
    return Citation(
        title=title,
        authors=_authors(fields),
        year=_year(fields, source),
        journal=_journal(fields, source),
        volume=fold(first_value(fields, "VO", "VL")) or source.volume,
        issue=fold(first_value(fields, "IP")) or source.issue,
        pages=pages_of(first_value(fields, "PG")) or source.pages,
        doi=_doi(fields),
        pmid=_pmid(fields),
        accession=_accession(fields),
        abstract=abstract_of(tagged_values(fields, "AB", "AS")[:1]),
        keywords=prior.keywords,
        type=_type(fields),
        url=_url(fields),
        language=fold(first_value(fields, "LG", "LA")).rstrip("."),
        issn=_issn(fields),
        notes=prior.notes,
        raw=entry.raw,
        notices=notices_of_types(_kinds(fields)),
        line=entry.first,
        prior_decisions=prior.decisions,
        prior_labels=prior.labels,
        prior_reasons=prior.reasons,
    )


def _authors(fields: Fields) -> tuple[str, ...]:
    """Return full names if every author has one, else short names, then the groups."""
    full = authors_of(tagged_values(fields, "FA"))
    short = authors_of(tagged_values(fields, "AU"))
    people = full if len(full) >= len(short) else short
    return people + distinct(tagged_lines(fields, "CA"))


def _year(fields: Fields, source: OvidSource) -> int | None:
    for value in tagged_values(fields, "YR", "DP", "YP"):
        year = year_of(value)
        if year:
            return year
    return source.year or year_of(first_value(fields, "ST", "DG", "PH"))


def _journal(fields: Fields, source: OvidSource) -> str:
    """Return the full name.

    The source is more specific only for "Lancet (London, England)".
    """
    return fold(first_value(fields, "JN", "NJ", "JT")) or source.journal


def _doi(fields: Fields) -> str:
    for value in tagged_values(fields, "DO", "DI"):
        doi = doi_of(" ".join(value.split()))
        if doi:
            return doi
    return next(filter(None, map(doi_of_link, tagged_values(fields, "UR", "LK"))), "")


def _pmid(fields: Fields) -> str:
    """Return PM or, if the database is MEDLINE, the unique identifier."""
    pmid = digits_of(first_value(fields, "PM").removesuffix("."))
    if pmid:
        return pmid
    database = first_value(fields, "DB").lower()
    medline = "medline" in database or "pubmed" in database
    status = not database and MEDLINE_STATUS.search(first_value(fields, "ST"))
    return digits_of(first_value(fields, "UI")) if medline or status else ""


def _accession(fields: Fields) -> str:
    """Return the number of the record. PsycINFO has "Peer Reviewed Journal:" before it."""
    number = fold(first_value(fields, "UI", "AN")).rstrip(".")
    match = ACCESSION.fullmatch(number)
    return match.group(1) if match else number


def _keywords(fields: Fields) -> tuple[str, ...]:
    values = [
        line.lstrip("*").rstrip(".")
        for line in tagged_lines(fields, "KW", "KF", "MH", "OD", "SH", "DE", "MQ")
    ]
    identifiers = tagged_lines(fields, "ID")
    return distinct((*keywords_of(values), *keywords_of(identifiers, comma=True)))


def _kinds(fields: Fields) -> list[str]:
    return [
        kind.split(":")[0].strip().rstrip(".")
        for line in tagged_lines(fields, "DT", "PT")
        for kind in KINDS.split(line)
    ]


def _type(fields: Fields) -> str:
    """Return the most specific type, as a plain word if there is one."""
    kinds = _kinds(fields)
    words = [WORDS_OF_PT.get(kind.lower(), word_of_text(kind)) for kind in kinds]
    known = [word for word in words if word in WORDS and word != "journal"]
    return (known or words or [""])[0]


def _url(fields: Fields) -> str:
    for value in tagged_lines(fields, "UR", "LK", "XL"):
        if value.startswith(("http://", "https://")):
            return fold(value)
    return ""


def _issn(fields: Fields) -> str:
    values = tagged_lines(fields, "IS", "ES", "IT", "IB")
    return "; ".join(distinct(IN_BRACKETS.sub("", value) for value in values))
