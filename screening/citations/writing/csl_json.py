"""CSL-JSON writer for Zotero, pandoc and citeproc (schema csl-data.json 1.0.2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from screening.citations.citation import Citation
from screening.citations.fields import fold
from screening.citations.writing.status_note import (
    ExportRow,
    ScreeningStatus,
    keywords_text,
    keywords_with,
    notes_with,
)

TYPES = {
    "article in press": "article-journal",
    "book": "book",
    "book chapter": "chapter",
    "catalogue": "book",
    "conference paper": "paper-conference",
    "conference proceedings": "paper-conference",
    "data set": "dataset",
    "edited book": "book",
    "government document": "report",
    "journal": "periodical",
    "journal article": "article-journal",
    "magazine article": "article-magazine",
    "newspaper article": "article-newspaper",
    "pamphlet": "pamphlet",
    "patent": "patent",
    "report": "report",
    "serial": "periodical",
    "standard": "standard",
    "thesis": "thesis",
    "unpublished work": "manuscript",
    "video": "motion_picture",
    "web page": "webpage",
}


def csl_json_text(rows: Iterable[ExportRow]) -> Iterator[str]:
    """Yield a JSON array, one item at a time. `id` is the code of the record."""
    before = "[\n"
    for number, (citation, status) in enumerate(rows, start=1):
        item = _item(citation, status, number)
        yield before + json.dumps(item, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _item(citation: Citation, status: ScreeningStatus, number: int) -> dict[str, Any]:
    year = citation.year
    found: dict[str, Any] = {
        "id": status.code or str(number),
        "type": TYPES.get(citation.type) or _guessed(citation),
        "title": fold(citation.title),
        "author": [_name(author) for author in citation.authors],
        "issued": {"date-parts": [[year]]} if year else None,
        "container-title": fold(citation.journal),
        "volume": fold(citation.volume),
        "issue": fold(citation.issue),
        "page": fold(citation.pages),
        "DOI": fold(citation.doi),
        "PMID": fold(citation.pmid),
        "URL": fold(citation.url),
        "ISSN": fold(citation.issn),
        "language": fold(citation.language),
        "abstract": fold(citation.abstract),
        "keyword": keywords_text(keywords_with(citation, status)),
        "note": notes_with(citation, status),
        "genre": fold(citation.type),
        "custom": _custom(citation),
    }
    return {name: value for name, value in found.items() if value}


def _guessed(citation: Citation) -> str:
    return "article-journal" if citation.journal and not citation.type else "document"


def _name(author: str) -> dict[str, str]:
    """Return family and given name. A name without a comma is not split."""
    family, comma, given = fold(author).partition(",")
    if not (comma and family.strip() and given.strip()):
        return {"literal": fold(author)}
    return {"family": family.strip(), "given": given.strip()}


def _custom(citation: Citation) -> dict[str, dict[str, str]]:
    """Return the values that CSL has no field for, so that our reader finds them."""
    own = {
        "accession": citation.accession,
        "doi": citation.doi,
        "journal": citation.journal,
        "type": citation.type,
    }
    return {"reviewapp": {name: fold(value) for name, value in own.items() if value}}
