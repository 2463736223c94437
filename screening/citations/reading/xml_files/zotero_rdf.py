"""Reader of Zotero RDF: a graph of items and of the journals and books that contain
them.

A journal can be a separate node before or after its articles. The file is therefore
read twice: first for such nodes, which are kept in memory, and then for the items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree.ElementTree import Element

from screening.citations.citation import Citation
from screening.citations.fields import (
    abstract_of,
    distinct,
    doi_of,
    doi_of_link,
    fold,
    pages_of,
    pmid_of,
    year_of,
)
from screening.citations.markup import plain_text
from screening.citations.people import names_of
from screening.citations.reading.citation_checks import check_citation
from screening.citations.reading.format_marks import FormatMark, Platforms, Recognised
from screening.citations.reading.item_types import (
    NO_JOURNAL,
    NO_REFERENCE,
    word_of_item,
)
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.xml_files.xml_stream import (
    NAME,
    XmlRecord,
    xml_records,
)
from screening.citations.reading.xml_files.xml_values import local_name, text_content

MARKS = (FormatMark("element", re.compile(r"<rdf:RDF")),)
PLATFORMS: Platforms = (("Zotero", r"zotero\.org/|itemType"),)

NODES = rf"(?!(?:rdf:)?RDF\b){NAME}"
# Nodes without an item type that are still references.
REFERENCES = frozenset(
    {
        "Article",
        "Book",
        "BookSection",
        "ConferenceProceedings",
        "Description",
        "Document",
        "Legislation",
        "Letter",
        "Manuscript",
        "Patent",
        "Report",
        "Thesis",
    }
)
CONTAINERS_AT_MOST = 200_000
NAMED_DOI = re.compile(
    r"\bDOI\s*[:=]?\s*(?:https?://(?:dx\.)?doi\.org/)?(10\.\S{3,500})", re.I
)
# Creators of an item without authors. Others (editors, translators) did not create it.
MAKERS = ("authors", "creator", "presenters", "inventors", "directors", "programmers")


@dataclass(slots=True)
class _Container:
    """Values of a journal, book or series for the items in it."""

    kind: str
    title: str = ""
    volume: str = ""
    issue: str = ""
    identifiers: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Graph:
    """Containers by their names, and the names that items refer to."""

    containers: dict[str, _Container] = field(default_factory=dict)
    containing: set[str] = field(default_factory=set)

    def take(self, node: Element) -> None:
        """Keep the parts of a node that are needed when its items are read."""
        if len(self.containing) < CONTAINERS_AT_MOST:
            for part in _children(node, "isPartOf"):
                if resource := _attribute(part, "resource"):
                    self.containing.add(resource)
        about = _attribute(node, "about")
        room = len(self.containers) < CONTAINERS_AT_MOST
        if about and room and not _text(node, "itemType"):
            self.containers.setdefault(about, _container(node))


def read_zotero_rdf(
    stream: BinaryIO, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read the items. Attachments, notes and collections are not references.

    Raises `UnreadableFile` (xml-entity-forbidden) if the file declares entities.
    """
    graph = _Graph()
    # Warnings of the first reading are given again in the second.
    for record in xml_records(stream, recognised, ReadingReport(), NODES, nested=True):
        graph.take(record.element)
    stream.seek(0)
    for record in xml_records(stream, recognised, report, NODES, nested=True):
        if _is_reference(record.element, graph):
            citation = _citation_of(record, graph)
            yield from check_citation(citation, report)


def _is_reference(node: Element, graph: _Graph) -> bool:
    kind = _text(node, "itemType")
    if kind or local_name(node) not in REFERENCES:
        return bool(kind) and kind not in NO_REFERENCE
    return (
        bool(_text(node, "title")) and _attribute(node, "about") not in graph.containing
    )


def _citation_of(record: XmlRecord, graph: _Graph) -> Citation:
    node = record.element
    kind = word_of_item(_text(node, "itemType") or local_name(node))
    containers = _containers(node, graph)
    identifiers = [value for one in containers for value in one.identifiers]
    identifiers = [*_identifiers(node), *identifiers]
    descriptions = [
        fold(text_content(child)) for child in _children(node, "description")
    ]
    doi = _doi(identifiers, descriptions)
    return Citation(
        title=_text(node, "title") or _text(node, "shortTitle"),
        authors=_authors(node),
        year=year_of(_text(node, "date")) or year_of(_text(node, "issued")),
        journal=_journal(node, kind, containers),
        volume=_text(node, "volume") or _of(containers, "volume"),
        issue=_text(node, "number") or _of(containers, "issue"),
        pages=pages_of(_text(node, "pages")),
        doi=doi,
        pmid=next(filter(None, map(pmid_of, [*descriptions, *identifiers])), ""),
        accession=_text(node, "citationKey") or _text(node, "citekey"),
        abstract=abstract_of([plain_text(_text(node, "abstract"))]),
        keywords=distinct(_subjects(node)),
        type=kind,
        url=_url(node, identifiers),
        language=_text(node, "language"),
        issn="; ".join(distinct(_numbered(identifiers))),
        notes=" | ".join(distinct(descriptions)),
        raw=record.raw,
        line=record.line,
    )


def _children(node: Element, name: str) -> list[Element]:
    # With or without a namespace. Called for about thirty names of every node.
    within = "}" + name
    return [c for c in node if c.tag.endswith(within) or c.tag == name]


def _text(node: Element, name: str) -> str:
    """Return the folded text of the first child with this name that has any."""
    for child in _children(node, name):
        text = fold(text_content(child))
        if text:
            return text
    return ""


def _attribute(element: Element, name: str) -> str:
    for key, value in element.items():
        if key == name or key.endswith("}" + name):
            return value
    return ""


def _container(node: Element) -> _Container:
    return _Container(
        local_name(node),
        _text(node, "title"),
        _text(node, "volume"),
        _text(node, "number"),
        _identifiers(node),
    )


def _containers(node: Element, graph: _Graph) -> list[_Container]:
    """Return the containers of an item: journals and books before series."""
    found = []
    for part in _children(node, "isPartOf"):
        named = graph.containers.get(_attribute(part, "resource"))
        if named:
            found.append(named)
        for inner in part:
            found.append(_container(inner))
            # The book of a chapter can itself be part of a series.
            found += [
                _container(deep) for p in _children(inner, "isPartOf") for deep in p
            ]
    found.sort(key=lambda one: one.kind == "Series")
    return found


def _of(containers: list[_Container], name: str) -> str:
    return next((value for one in containers if (value := getattr(one, name))), "")


def _journal(node: Element, kind: str, containers: list[_Container]) -> str:
    if kind in NO_JOURNAL:
        return ""
    for one in containers:
        if one.title:
            return one.title
    for conference in _children(node, "presentedAt"):
        for inner in conference:
            return _text(inner, "title")
    return _text(node, "publicationTitle") or _text(node, "proceedingsTitle")


def _authors(node: Element) -> tuple[str, ...]:
    for name in MAKERS:
        for child in _children(node, name):
            people = [
                found
                for found in child.iter()
                if local_name(found) in ("Person", "Organization", "Agent")
            ]
            names = names_of(map(_name, people) if people else [text_content(child)])
            if names:
                return names
    return ()


def _name(person: Element) -> str:
    family = _text(person, "surname") or _text(person, "familyName")
    given = (
        _text(person, "givenName")
        or _text(person, "givenname")
        or _text(person, "firstName")
    )
    if family and given:
        return f"{family}, {given}".replace(";", ",")
    return (family or given or _text(person, "name")).replace(";", ",")


def _identifiers(node: Element) -> list[str]:
    return [fold(text_content(child)) for child in _children(node, "identifier")]


def _doi(identifiers: list[str], descriptions: list[str]) -> str:
    """Return a DOI that is named as one, preferably the item's own."""
    for value in identifiers:
        if value[:3].upper() == "DOI" or value.startswith("10."):
            doi = doi_of(value)
            if doi:
                return doi
    for value in descriptions:
        match = NAMED_DOI.search(value)
        if match:
            return doi_of(match.group(1))
    return next(filter(None, map(doi_of_link, identifiers)), "")


def _numbered(identifiers: list[str]) -> Iterator[str]:
    for value in identifiers:
        word, _, number = value.partition(" ")
        if word.upper() in ("ISSN", "ISBN"):
            yield number


def _subjects(node: Element) -> Iterator[str]:
    """Yield tags, including those of library catalogues, without call numbers."""
    for child in _children(node, "subject"):
        if not any(local_name(inner) in ("LCC", "DDC") for inner in child):
            yield text_content(child)


def _url(node: Element, identifiers: list[str]) -> str:
    about = _attribute(node, "about")
    for value in (*identifiers, about):
        if value.startswith(("http://", "https://")):
            return value.split()[0]
    return ""
