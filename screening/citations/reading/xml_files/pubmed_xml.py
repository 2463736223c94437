"""Reader of PubMed's XML (E-utilities, the yearly baseline, "Save as XML").

Elements: https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from screening.citations.citation import Citation
from screening.citations.fields import (
    abstract_of,
    digits_of,
    distinct,
    doi_of,
    fold,
    pages_of,
    year_of,
)
from screening.citations.notices import (
    OF_LINKS,
    Notice,
    joined_notices,
    notices_of_types,
)
from screening.citations.people import names_of
from screening.citations.reading.citation_checks import check_citation
from screening.citations.reading.format_marks import FormatMark, Recognised
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.xml_files.xml_stream import XmlRecord, xml_records
from screening.citations.reading.xml_files.xml_values import (
    every_text,
    first_text,
    text_content,
)
from screening.citations.reference_types import word_of_text

MARKS = (
    FormatMark(
        "element",
        re.compile(r"<PubmedArticle|<PubmedBook|<MedlineCitation|<!DOCTYPE Pubmed"),
    ),
)

NAMES = "PubmedArticle|PubmedBookArticle|MedlineCitation"
NOT_A_TITLE = frozenset({"[not available].", "[not available]", "not available.", ""})
NO_LABEL = frozenset({"", "UNLABELLED", "UNASSIGNED"})
YEARS_OF_ARTICLE = (
    "Journal/JournalIssue/PubDate/Year",
    "Journal/JournalIssue/PubDate/MedlineDate",
    "Journal/JournalIssue/PubDate",
    "ArticleDate/Year",
)
YEARS_OF_BOOK = (
    "ContributionDate/Year",
    "Book/PubDate/Year",
    "Book/PubDate/MedlineDate",
    "Book/BeginningDate/Year",
)


def read_pubmed_xml(
    stream: BinaryIO, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read PubMed's articles and book chapters. Records that can't be read are skipped.

    Raises `UnreadableFile` (xml-entity-forbidden) if the file declares entities.
    """
    for record in xml_records(stream, recognised, report, NAMES):
        book = record.element.find("BookDocument")
        citation = _article(record) if book is None else _chapter(record, book)
        yield from check_citation(citation, report)


def _article(record: XmlRecord) -> Citation:
    root = record.element
    inner = root.find("MedlineCitation")
    medline = root if inner is None else inner
    article = medline.find("Article")
    pmid = digits_of(first_text(medline, "PMID")) or _own_id(root, "pubmed")
    return Citation(
        title=_title(article),
        authors=_authors(article),
        year=_year(article, YEARS_OF_ARTICLE) or _year(root, ("PubmedData/History",)),
        journal=first_text(article, "Journal/Title", "Journal/ISOAbbreviation")
        or first_text(medline, "MedlineJournalInfo/MedlineTA"),
        volume=first_text(article, "Journal/JournalIssue/Volume"),
        issue=first_text(article, "Journal/JournalIssue/Issue"),
        pages=_pages(article),
        doi=_doi(root, article),
        pmid=pmid,
        accession=pmid,
        abstract=_abstract(article, "Abstract/AbstractText")
        or _abstract(medline, "OtherAbstract/AbstractText"),
        keywords=_keywords(medline),
        type=_type(article),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else "",
        language="; ".join(distinct(every_text(article, "Language"))),
        issn="; ".join(
            distinct(
                [
                    *every_text(article, "Journal/ISSN"),
                    *every_text(medline, "MedlineJournalInfo/ISSNLinking"),
                ]
            )
        ),
        notes=" | ".join(distinct(every_text(medline, "GeneralNote"))),
        raw=record.raw,
        line=record.line,
        notices=_notices(medline, article),
    )


def _chapter(record: XmlRecord, book: Element) -> Citation:
    pmid = digits_of(first_text(book, "PMID"))
    title, whole = _title(book), first_text(book, "Book/BookTitle")
    return Citation(
        title=title or whole,
        authors=_authors(book) or _authors(book.find("Book")),
        year=_year(book, YEARS_OF_BOOK),
        journal=whole if title else "",
        volume=first_text(book, "Book/Volume"),
        pages=_pages(book),
        doi=_doi(record.element, book),
        pmid=pmid,
        accession=pmid or _own_id(book, "bookaccession"),
        abstract=_abstract(book, "Abstract/AbstractText"),
        keywords=distinct(every_text(book, "KeywordList/Keyword")),
        type="book chapter" if title and whole else "book",
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else "",
        language="; ".join(distinct(every_text(book, "Language"))),
        issn="; ".join(distinct(every_text(book, "Book/Isbn"))),
        raw=record.raw,
        line=record.line,
    )


def _title(article: Element | None) -> str:
    """Return the title, or the one in the original language if there is no translation."""
    for path in ("ArticleTitle", "VernacularTitle"):
        title = first_text(article, path)
        if title.lower() not in NOT_A_TITLE:
            return title
    return ""


def _authors(article: Element | None) -> tuple[str, ...]:
    """Return people and groups of the first list that is not a list of editors."""
    if article is None:
        return ()
    lists = article.findall("AuthorList")
    lists.sort(key=lambda found: found.get("Type") == "editors")
    names: list[str] = []
    for author in lists[0].iterfind("Author") if lists else ():
        family, group = (
            first_text(author, "LastName"),
            first_text(author, "CollectiveName"),
        )
        given = " ".join(
            filter(
                None,
                (
                    first_text(author, "ForeName", "Initials"),
                    first_text(author, "Suffix"),
                ),
            )
        )
        if family:
            names.append(f"{family}, {given}" if given else family)
        elif group or given:
            names.append((group or given).replace(";", ","))
    return names_of(names)


def _year(element: Element | None, paths: tuple[str, ...]) -> int | None:
    if element is not None:
        for path in paths:
            for found in element.iterfind(path):
                year = year_of(" ".join(found.itertext()))
                if year:
                    return year
    return None


def _pages(article: Element | None) -> str:
    pages = first_text(article, "Pagination/MedlinePgn")
    return pages_of(pages) or pages_of(
        first_text(article, "Pagination/StartPage"),
        first_text(article, "Pagination/EndPage"),
    )


def _own_id(root: Element, kind: str) -> str:
    """Return an identifier of the article itself, never of one in its references."""
    for path in ("PubmedData", "PubmedBookData", "."):
        for found in root.iterfind(f"{path}/ArticleIdList/ArticleId"):
            if found.get("IdType") == kind and found.text:
                return fold(found.text)
    return ""


def _doi(root: Element, article: Element | None) -> str:
    for found in article.iterfind("ELocationID") if article is not None else ():
        if found.get("EIdType") == "doi" and found.get("ValidYN") != "N":
            doi = doi_of(text_content(found))
            if doi:
                return doi
    return doi_of(_own_id(root, "doi")) or (
        doi_of(_own_id(article, "doi")) if article is not None else ""
    )


def _abstract(element: Element | None, path: str) -> str:
    """Return the paragraphs, each with its label in a structured abstract."""
    paragraphs = []
    for found in element.iterfind(path) if element is not None else ():
        text, label = fold(text_content(found)), fold(found.get("Label", ""))
        if text and label.upper() not in NO_LABEL:
            text = f"{label}: {text}"
        paragraphs.append(text)
    return abstract_of(paragraphs)


def _keywords(medline: Element) -> tuple[str, ...]:
    """Return the authors' keywords, then MeSH headings as PubMed prints them in NBIB."""
    headings = []
    for heading in medline.iterfind("MeshHeadingList/MeshHeading"):
        parts = [
            f"*{text_content(part)}"
            if part.get("MajorTopicYN") == "Y"
            else text_content(part)
            for part in heading
            if part.tag in ("DescriptorName", "QualifierName")
        ]
        headings.append("/".join(parts))
    return distinct([*every_text(medline, "KeywordList/Keyword"), *headings])


def _notices(medline: Element, article: Element | None) -> tuple[Notice, ...]:
    """Return retractions and errata, from the publication types and from links."""
    types = every_text(article, "PublicationTypeList/PublicationType")
    links = [
        (OF_LINKS[kind], first_text(found, "RefSource"))
        for found in medline.iterfind("CommentsCorrectionsList/CommentsCorrections")
        if (kind := found.get("RefType", "")) in OF_LINKS
    ]
    return joined_notices(notices_of_types(types), links)


def _type(article: Element | None) -> str:
    """Return a plain word for an article, else the first publication type."""
    words = [
        word_of_text(kind)
        for kind in every_text(article, "PublicationTypeList/PublicationType")
    ]
    if "journal article" in words:
        return "journal article"
    return words[0] if words else ""
