"""EndNote XML writer, one record at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from screening.citations.citation import Citation
from screening.citations.fields import fold
from screening.citations.writing.status_note import (
    ExportRow,
    ScreeningStatus,
    keywords_with,
    note_of,
)

# Our reader knows by it that an accession number is a PMID.
PUBMED = "PubMed"
HEAD = '<?xml version="1.0" encoding="UTF-8"?><xml><records>\n'
TAIL = "</records></xml>\n"
# EndNote's reference types and their numbers.
GENERIC = ("Generic", 13)
TYPES = {
    "": GENERIC,
    "article in press": ("Journal Article", 17),
    "book": ("Book", 6),
    "book chapter": ("Book Section", 5),
    "catalogue": ("Catalog", 8),
    "conference paper": ("Conference Paper", 47),
    "conference proceedings": ("Conference Proceedings", 10),
    "data set": ("Dataset", 59),
    "database": ("Online Database", 45),
    "edited book": ("Edited Book", 28),
    "government document": ("Government Document", 46),
    "journal article": ("Journal Article", 17),
    "magazine article": ("Magazine Article", 19),
    "newspaper article": ("Newspaper Article", 23),
    "pamphlet": ("Pamphlet", 24),
    "patent": ("Patent", 25),
    "report": ("Report", 27),
    "serial": ("Serial", 57),
    "standard": ("Standard", 58),
    "thesis": ("Thesis", 32),
    "unpublished work": ("Unpublished Work", 34),
    "video": ("Film or Broadcast", 21),
    "web page": ("Web Page", 12),
}
# Types with an exact name in EndNote. Others are written as the type of work.
SAME = TYPES.keys() - {"article in press", "catalogue", "database", "video"}
# Characters that XML 1.0 forbids, as characters or as numbers (section 2.2).
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def endnote_xml_text(rows: Iterable[ExportRow]) -> Iterator[str]:
    """Yield EndNote XML. The screening status becomes keywords and research notes."""
    yield HEAD
    for number, (citation, status) in enumerate(rows, start=1):
        yield _record(number, citation, status)
    yield TAIL


def xml_text(text: str) -> str:
    """Return escaped text for XML, without characters that XML forbids."""
    return escape(fold(FORBIDDEN.sub("", text)))


def _record(number: int, citation: Citation, status: ScreeningStatus) -> str:
    name, code = TYPES.get(citation.type, GENERIC)
    authors = "".join(_styled("author", author) for author in citation.authors)
    words = keywords_with(citation, status)
    keywords = "".join(_styled("keyword", word) for word in words)
    titles = _styled("title", citation.title) + _styled(
        "secondary-title", citation.journal
    )
    year = _styled("year", str(citation.year or ""))
    parts = (
        '<database name="reviewapp">reviewapp</database>',
        '<source-app name="reviewapp">reviewapp</source-app>',
        f"<rec-number>{number}</rec-number>",
        f"<ref-type name={quoteattr(name)}>{code}</ref-type>",
        _around("contributors", _around("authors", authors)),
        _around("titles", titles),
        _around("periodical", _styled("full-title", citation.journal)),
        _styled("pages", citation.pages),
        _styled("volume", citation.volume),
        _styled("number", citation.issue),
        _around("keywords", keywords),
        _around("dates", year),
        _styled("isbn", citation.issn),
        *_numbers(citation),
        _styled("abstract", citation.abstract),
        _styled("notes", citation.notes),
        _styled("research-notes", note_of(status)),
        _styled("work-type", "" if citation.type in SAME else citation.type),
        _around("urls", _around("related-urls", _styled("url", citation.url))),
        _styled("electronic-resource-num", citation.doi),
        _styled("language", citation.language),
    )
    return f"<record>{''.join(parts)}</record>\n"


def _numbers(citation: Citation) -> tuple[str, ...]:
    """Return accession number and PMID. EndNote keeps a PMID as accession number."""
    is_free = bool(citation.pmid) and not fold(citation.accession)
    number = citation.pmid if is_free else citation.accession
    return (
        _styled("accession-num", number),
        _styled("custom1", f"PMID: {citation.pmid}" if citation.pmid else ""),
        _styled("remote-database-name", PUBMED if is_free else ""),
    )


def _styled(name: str, value: str) -> str:
    """Return an element in EndNote's form, "" for an empty value."""
    text = xml_text(value)
    if not text:
        return ""
    style = f'<style face="normal" font="default" size="100%">{text}</style>'
    return f"<{name}>{style}</{name}>"


def _around(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>" if inner else ""
