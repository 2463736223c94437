"""Reader of Publish or Perish's JSON: results of Google Scholar and other search
engines.

Text that a search engine cut off with "…" is not changed. A number of 0 means none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from screening.citations.citation import Citation
from screening.citations.fields import (
    abstract_of,
    distinct,
    doi_of,
    doi_of_link,
    pages_of,
    year_of,
)
from screening.citations.markup import plain_text
from screening.citations.people import names_of, names_of_list
from screening.citations.reading.citation_checks import check_citation
from screening.citations.reading.format_marks import FormatMark, Recognised
from screening.citations.reading.item_types import word_of_item
from screening.citations.reading.json_files.json_stream import JsonItem, json_records
from screening.citations.reading.json_files.json_values import (
    json_number,
    json_text,
    json_texts,
)
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reference_types import WORDS

# Keys that only Publish or Perish writes.
MARKS = (
    FormatMark("key", re.compile(r'"(?:cites_url|related_url|article_url|ecc)"\s*:')),
)

# "W Guo", "LR Keller": Google Scholar writes initials before the family name.
INITIALS_FIRST = re.compile(r"\s*[^\W\d_a-z]{1,4}\.? \S")


def read_pop_json(
    stream: BinaryIO, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read the results one by one. Results that can't be read are skipped."""
    for item in json_records(stream, recognised, report):
        yield from check_citation(_citation_of(item), report)


def _citation_of(item: JsonItem) -> Citation:
    value = item.value
    links = [json_text(value.get(name)) for name in ("article_url", "fulltext_url")]
    kind = word_of_item(json_text(value.get("type")))
    return Citation(
        title=json_text(value.get("title")),
        authors=_authors(value.get("authors")),
        year=year_of(json_text(value.get("year")))
        or year_of(json_text(value.get("date"))),
        journal=json_text(value.get("source")),
        volume=json_number(value.get("volume")),
        issue=json_number(value.get("issue")),
        pages=pages_of(
            json_number(value.get("startpage")), json_number(value.get("endpage"))
        ),
        doi=doi_of(json_text(value.get("doi")))
        or next(filter(None, map(doi_of_link, links)), ""),
        accession=json_text(value.get("uid")),
        abstract=abstract_of([plain_text(json_text(value.get("abstract")))]),
        # The engine's own words ("PDF", "CITATION") do not describe the work.
        type=kind if kind in WORDS else "",
        url=next(filter(None, links), ""),
        issn="; ".join(distinct(json_texts(value.get("issn")))),
        raw=item.raw,
        line=item.line,
    )


def _authors(value: Any) -> tuple[str, ...]:
    if not isinstance(value, str):
        return names_of(json_texts(value))
    parts = [part for part in value.split(",") if part.strip(" .…")]
    if all(map(INITIALS_FIRST.match, parts)):
        return names_of(parts)
    return names_of_list(value)
