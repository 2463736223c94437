"""EndNote XML reader, for files of EndNote, Zotero, Mendeley and databases.

It also reads the XML of EndNote 7 and earlier, with names in upper case (<RECORD>,
<REFERENCE_TYPE>). Numbers and names of reference types: EndNote's RefTypeTable and the
DTD RSXML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

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
    pmid_of,
    year_of,
)
from screening.citations.notices import notices_of_types
from screening.citations.people import names_of
from screening.citations.reading.citation_checks import check_citation
from screening.citations.reading.format_marks import FormatMark, Platforms, Recognised
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.xml_files.xml_stream import XmlRecord, xml_records
from screening.citations.reading.xml_files.xml_values import leaf_texts
from screening.citations.reference_types import WORDS, word_of_text

MARKS = (
    FormatMark(
        "element",
        re.compile(
            r"<xml>\s*<records>|<records>\s*<record>|source-app"
            r"|<XML>\s*<RECORDS>|<ref-type|<RECORD>\s*<REFERENCE_TYPE"
        ),
    ),
)
PLATFORMS: Platforms = (
    ("EndNote", r"<source-app name=\"EndNote"),
    ("Zotero", r"<source-app name=\"Zotero"),
    ("Mendeley", r"<source-app name=\"Mendeley"),
    ("EPPI-Reviewer", r"<source-app name=\"EPPI|eppi-reviewer"),
    ("EndNote", r"<RECORD>\s*<REFERENCE_TYPE|<key app=\"EN\"|\.enl\b"),
)

# Our own exports write a type that EndNote has no name for into <work-type>.
OWN_APP = "reviewapp"
WORDS_OF_NUMBER = {
    "3": "audiovisual material",
    "5": "book chapter",
    "6": "book",
    "10": "conference proceedings",
    "12": "web page",
    "13": "",
    "17": "journal article",
    "19": "magazine article",
    "23": "newspaper article",
    "25": "patent",
    "27": "report",
    "28": "edited book",
    "32": "thesis",
    "34": "unpublished work",
    "43": "journal article",
    "44": "book",
    "46": "government document",
    "47": "conference paper",
    "57": "serial",
    "58": "standard",
    "59": "data set",
}
# EndNote 7 numbered the types differently.
WORDS_OF_OLD_NUMBER = {
    "0": "journal article",
    "1": "book",
    "2": "thesis",
    "3": "conference proceedings",
    "5": "newspaper article",
    "7": "book chapter",
    "8": "magazine article",
    "9": "edited book",
    "10": "report",
    "15": "patent",
    "16": "web page",
}
WORDS_OF_NAME = {
    "book section": "book chapter",
    "dataset": "data set",
    "electronic article": "journal article",
    "electronic book": "book",
    "electronic book section": "book chapter",
    "electronic source": "web page",
    "generic": "",
    "manuscript": "unpublished work",
    "unpublished": "unpublished work",
}
# The second title of these types is a series, never a journal. Only <periodical> is
# one.
NO_JOURNAL = frozenset({"book", "edited book", "thesis", "patent", "report"})
JOURNAL = (
    "periodical/full-title",
    "titles/secondary-title",
    "secondary-title",
    "titles/alt-title",
    "alt-periodical/full-title",
    "periodical/abbr-1",
    "titles/tertiary-title",
    "alt-title",
)
PUBMED = re.compile(r"medline|pubmed|\bnlm\b", re.I)
PUBMED_URL = re.compile(r"(?:pubmed\S{0,80}?|list_uids=|pubmed/)(\d{4,8})\b", re.I)
LINES = re.compile(r"[\r\n]+")

Values = dict[str, list[str]]


def read_endnote_xml(
    stream: BinaryIO, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read EndNote XML record by record. Records that can't be read are skipped.

    Raises `UnreadableFile` (xml-entity-forbidden) if the file declares entities.
    """
    for record in xml_records(stream, recognised, report, "record|RECORD"):
        citation = _citation_of(record)
        yield from check_citation(citation, report)


def _citation_of(record: XmlRecord) -> Citation:
    values = leaf_texts(record.element)
    kind = _type(record, values)
    urls = _all(values, "urls/", "url", "link")
    accession = _first(values, "accession-num", "accession-number")
    return Citation(
        title=_first(values, "titles/title", "title", "titles/short-title"),
        authors=_authors(values),
        year=_year(values),
        journal=_first(values, *(JOURNAL[:1] if kind in NO_JOURNAL else JOURNAL)),
        volume=_first(values, "volume"),
        issue=_first(values, "number", "issue"),
        pages=pages_of(_first(values, "pages")),
        doi=_doi(values, urls),
        pmid=_pmid(values, accession, urls),
        accession="" if _is_our_pmid(values, accession) else accession,
        abstract=abstract_of(values.get("abstract", ())),
        keywords=keywords_of(_lines(values, "keywords/keyword", "keywords")),
        type=kind,
        url=_url(urls),
        language=_first(values, "language"),
        issn="; ".join(distinct(_lines(values, "isbn", "issn"))),
        notes=" | ".join(distinct(_all(values, "notes", "research-notes"))),
        raw=record.raw,
        notices=notices_of_types(_all(values, "work-type")),
        line=record.line,
    )


def _first(values: Values, *paths: str) -> str:
    for path in paths:
        for value in values.get(path, ()):
            text = fold(value)
            if text:
                return text
    return ""


def _all(values: Values, *paths: str) -> list[str]:
    """Return the values at the paths.

    A path that ends in "/" includes all paths below it.
    """
    found: list[str] = []
    for path in paths:
        if path.endswith("/"):
            for key, texts in values.items():
                if key.startswith(path):
                    found += texts
        else:
            found += values.get(path, [])
    return found


def _lines(values: Values, *paths: str) -> list[str]:
    """Return the values at the paths.

    One element can have several values, one per line.
    """
    return [line for value in _all(values, *paths) for line in LINES.split(value)]


def _authors(values: Values) -> tuple[str, ...]:
    for path in (
        "contributors/authors/author",
        "authors/author",
        "contributors/authors",
        "author",
    ):
        names = names_of(_lines(values, path))
        if names:
            return names
    return ()


def _year(values: Values) -> int | None:
    for path in ("dates/year", "year", "dates/pub-dates/date", "date", "dates/"):
        for value in _all(values, path):
            year = year_of(value)
            if year:
                return year
    return None


def _doi(values: Values, urls: list[str]) -> str:
    for value in values.get("electronic-resource-num", []) + values.get("doi", []):
        doi = doi_of(value)
        if doi:
            return doi
    return next(filter(None, map(doi_of_link, urls)), "")


def _pmid(values: Values, accession: str, urls: list[str]) -> str:
    """Return the accession number of a PubMed record, or a number named as a PMID."""
    number = digits_of(accession)
    databases = " ".join(
        _all(
            values,
            "remote-database-name",
            "remote-database-provider",
            "database-provider",
        )
    )
    if number and PUBMED.search(databases):
        return number
    for url in urls:
        match = PUBMED_URL.search(url)
        if match and (match.group(1) == number or "ncbi.nlm.nih.gov" in url):
            return match.group(1)
    places = ("accession-num", "notes", "custom1", "custom2", "label")
    return next(filter(None, map(pmid_of, _all(values, *places))), "")


def _is_our_pmid(values: Values, accession: str) -> bool:
    """Return True if our own export wrote the PMID as the accession number too."""
    return (
        _first(values, "source-app") == OWN_APP
        and _first(values, "remote-database-name") == "PubMed"
        and _first(values, "custom1") == f"PMID: {accession}"
    )


def _type(record: XmlRecord, values: Values) -> str:
    old = _first(values, "reference-type")
    if old:
        return WORDS_OF_OLD_NUMBER.get(old, word_of_text(old) if old > ":" else "")
    own = _first(values, "source-app") == OWN_APP and _first(values, "work-type")
    if own:
        return own
    element = record.element.find("ref-type")
    name = element.get("name", "") if element is not None else ""
    number = _first(values, "ref-type")
    if not name:
        return WORDS_OF_NUMBER.get(number, "" if number.isdecimal() else number)
    lower = fold(name).lower()
    if lower in WORDS_OF_NAME:
        return WORDS_OF_NAME[lower]
    return lower if lower in WORDS else word_of_text(fold(name))


def _url(urls: list[str]) -> str:
    for value in urls:
        for word in value.split():
            if word.startswith(("http://", "https://")):
                return word
    return ""
