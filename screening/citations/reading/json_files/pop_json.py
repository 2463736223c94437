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
    names_of,
    names_of_list,
    pages_of,
    year_of,
)
from screening.citations.kinds import WORDS
from screening.citations.reading.entries import checked, plain
from screening.citations.reading.format_marks import FormatMark, Recognised
from screening.citations.reading.item_kinds import word_of_item
from screening.citations.reading.json_files.json_stream import Item, items
from screening.citations.reading.json_files.json_values import number, text, texts
from screening.citations.reading.report import Report

# Keys that only Publish or Perish writes.
MARKS = (
    FormatMark("key", re.compile(r'"(?:cites_url|related_url|article_url|ecc)"\s*:')),
)

# "W Guo", "LR Keller": Google Scholar writes initials before the family name.
INITIALS_FIRST = re.compile(r"\s*[^\W\d_a-z]{1,4}\.? \S")


def citations(
    stream: BinaryIO, recognised: Recognised, report: Report
) -> Iterator[Citation]:
    """Read the results one by one. Results that can't be read are skipped."""
    for item in items(stream, recognised, report):
        yield from checked(_citation_of(item), report)


def _citation_of(item: Item) -> Citation:
    value = item.value
    links = [text(value.get(name)) for name in ("article_url", "fulltext_url")]
    kind = word_of_item(text(value.get("type")))
    return Citation(
        title=text(value.get("title")),
        authors=_authors(value.get("authors")),
        year=year_of(text(value.get("year"))) or year_of(text(value.get("date"))),
        journal=text(value.get("source")),
        volume=number(value.get("volume")),
        issue=number(value.get("issue")),
        pages=pages_of(number(value.get("startpage")), number(value.get("endpage"))),
        doi=doi_of(text(value.get("doi")))
        or next(filter(None, map(doi_of_link, links)), ""),
        accession=text(value.get("uid")),
        abstract=abstract_of([plain(text(value.get("abstract")))]),
        # The engine's own words ("PDF", "CITATION") do not describe the work.
        type=kind if kind in WORDS else "",
        url=next(filter(None, links), ""),
        issn="; ".join(distinct(texts(value.get("issn")))),
        raw=item.raw,
        line=item.line,
    )


def _authors(value: Any) -> tuple[str, ...]:
    if not isinstance(value, str):
        return names_of(texts(value))
    parts = [part for part in value.split(",") if part.strip(" .…")]
    if all(map(INITIALS_FIRST.match, parts)):
        return names_of(parts)
    return names_of_list(value)
