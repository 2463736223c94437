"""CSL-JSON writer for Zotero, pandoc and citeproc (schema csl-data.json 1.0.2)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from screening.citations.citation import Citation
from screening.citations.fields import fold
from screening.citations.reference_types import WORDS
from screening.citations.writing.languages import iso_language
from screening.citations.writing.names import person_parts
from screening.citations.writing.status_note import (
    BAR,
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
# Types of which a style prints the genre.
WITH_GENRE = frozenset(
    ["document", "manuscript", "motion_picture", "report", "standard", "thesis"]
)
VARIABLE = re.compile(r"[\w-]+\s*:")


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
    kind = TYPES.get(citation.type) or _guessed(citation)
    found: dict[str, Any] = {
        "id": status.code or str(number),
        "type": kind,
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
        "language": iso_language(citation.language),
        "abstract": fold(citation.abstract),
        "keyword": keywords_text(keywords_with(citation, status)),
        "note": _note(citation, status),
        "genre": _genre(citation, kind),
        "custom": _custom(citation),
    }
    return {name: value for name, value in found.items() if value}


def _guessed(citation: Citation) -> str:
    """Return a type for a source's own word. What a journal printed is an article."""
    is_known = citation.type in WORDS and citation.type not in ("", "abstract")
    return "article-journal" if citation.journal and not is_known else "document"


def _genre(citation: Citation, kind: str) -> str:
    """Return the source's own word for the type of work.

    Styles print it after the title, so it is left out where the type says it all.
    """
    is_own = citation.type not in WORDS and kind in WITH_GENRE
    return fold(citation.type) if is_own else ""


def _note(citation: Citation, status: ScreeningStatus) -> str:
    """Return notes that pandoc keeps together.

    It moves a beginning like "word: " to a variable of this name.
    """
    note = notes_with(citation, status)
    return f"{BAR}{note}" if VARIABLE.match(note) else note


def _name(author: str) -> dict[str, str]:
    """Return family and given name, or the name of an organisation as it is."""
    parts = person_parts(author)
    if parts is None:
        return {"literal": fold(author)}
    return {"family": parts[0], "given": parts[1]}


def _custom(citation: Citation) -> dict[str, dict[str, str]]:
    """Return values that CSL has no or another field for, so that our reader finds them."""
    own = {
        "accession": citation.accession,
        "doi": citation.doi,
        "journal": citation.journal,
        "language": citation.language,
        "type": citation.type,
    }
    return {"reviewapp": {name: fold(value) for name, value in own.items() if value}}
