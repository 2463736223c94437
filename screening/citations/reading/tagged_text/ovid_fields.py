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
from screening.citations.kinds import WORDS, word_of_text
from screening.citations.reading.prior import take_prior
from screening.citations.reading.report import Report
from screening.citations.reading.tagged_text.ovid_people import authors_of, title_of
from screening.citations.reading.tagged_text.ovid_source import Source, source_of
from screening.citations.reading.tagged_text.tagged import (
    Fields,
    Piece,
    first_of,
    lines_of,
    texts,
)
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


def citation_of(piece: Piece, report: Report) -> Citation:
    """Return the citation of an entry, and warn if it has no title."""
    fields = piece.fields
    source = source_of(first_of(fields, "SO") or first_of(fields, "BT"))
    title = title_of(first_of(fields, "TI", "TT", "OT"))
    if not title:
        report.warn("no-title", piece.first, _("The record has no title."))
    prior = take_prior(" | ".join(distinct(texts(fields, "NT"))), _keywords(fields))
    return Citation(
        title=title,
        authors=_authors(fields),
        year=_year(fields, source),
        journal=_journal(fields, source),
        volume=fold(first_of(fields, "VO", "VL")) or source.volume,
        issue=fold(first_of(fields, "IP")) or source.issue,
        pages=pages_of(first_of(fields, "PG")) or source.pages,
        doi=_doi(fields),
        pmid=_pmid(fields),
        accession=_accession(fields),
        abstract=abstract_of(texts(fields, "AB", "AS")[:1]),
        keywords=prior.keywords,
        type=_type(fields),
        url=_url(fields),
        language=fold(first_of(fields, "LG", "LA")).rstrip("."),
        issn=_issn(fields),
        notes=prior.notes,
        raw=piece.raw,
        line=piece.first,
        prior_decisions=prior.decisions,
        prior_labels=prior.labels,
        prior_reasons=prior.reasons,
    )


def _authors(fields: Fields) -> tuple[str, ...]:
    """Return full names if every author has one, else short names, then the groups."""
    full = authors_of(texts(fields, "FA"))
    short = authors_of(texts(fields, "AU"))
    people = full if len(full) >= len(short) else short
    return people + distinct(lines_of(fields, "CA"))


def _year(fields: Fields, source: Source) -> int | None:
    for value in texts(fields, "YR", "DP", "YP"):
        year = year_of(value)
        if year:
            return year
    return source.year or year_of(first_of(fields, "ST", "DG", "PH"))


def _journal(fields: Fields, source: Source) -> str:
    """Return the full name.

    The source is more specific only for "Lancet (London, England)".
    """
    return fold(first_of(fields, "JN", "NJ", "JT")) or source.journal


def _doi(fields: Fields) -> str:
    for value in texts(fields, "DO", "DI"):
        doi = doi_of(" ".join(value.split()))
        if doi:
            return doi
    return next(filter(None, map(doi_of_link, texts(fields, "UR", "LK"))), "")


def _pmid(fields: Fields) -> str:
    """Return PM or, if the database is MEDLINE, the unique identifier."""
    pmid = digits_of(first_of(fields, "PM").removesuffix("."))
    if pmid:
        return pmid
    database = first_of(fields, "DB").lower()
    medline = "medline" in database or "pubmed" in database
    status = not database and MEDLINE_STATUS.search(first_of(fields, "ST"))
    return digits_of(first_of(fields, "UI")) if medline or status else ""


def _accession(fields: Fields) -> str:
    """Return the number of the record. PsycINFO has "Peer Reviewed Journal:" before it."""
    number = fold(first_of(fields, "UI", "AN")).rstrip(".")
    match = ACCESSION.fullmatch(number)
    return match.group(1) if match else number


def _keywords(fields: Fields) -> tuple[str, ...]:
    values = [
        line.lstrip("*").rstrip(".")
        for line in lines_of(fields, "KW", "KF", "MH", "OD", "SH", "DE", "MQ")
    ]
    identifiers = lines_of(fields, "ID")
    return distinct((*keywords_of(values), *keywords_of(identifiers, comma=True)))


def _type(fields: Fields) -> str:
    """Return the most specific type, as a plain word if there is one."""
    kinds = [
        kind.split(":")[0].strip().rstrip(".")
        for line in lines_of(fields, "DT", "PT")
        for kind in KINDS.split(line)
    ]
    words = [WORDS_OF_PT.get(kind.lower(), word_of_text(kind)) for kind in kinds]
    known = [word for word in words if word in WORDS and word != "journal"]
    return (known or words or [""])[0]


def _url(fields: Fields) -> str:
    for value in lines_of(fields, "UR", "LK", "XL"):
        if value.startswith(("http://", "https://")):
            return fold(value)
    return ""


def _issn(fields: Fields) -> str:
    values = lines_of(fields, "IS", "ES", "IT", "IB")
    return "; ".join(distinct(IN_BRACKETS.sub("", value) for value in values))
