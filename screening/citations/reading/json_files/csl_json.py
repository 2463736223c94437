"""CSL-JSON reader, also for the JSON of APIs that resemble it.

Zotero, Mendeley, Paperpile, JabRef and pandoc write CSL. Crossref's API writes lists
where CSL has texts. Zotero's own JSON and OpenAlex use other names. Names:
https://docs.citationstyles.org/en/stable/specification.html (appendix IV).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

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
from screening.citations.markup import plain_text
from screening.citations.people import names_of
from screening.citations.reading.citation_checks import check_citation
from screening.citations.reading.format_marks import FormatMark, Platforms, Recognised
from screening.citations.reading.item_types import (
    NO_JOURNAL,
    NO_REFERENCE,
    word_of_item,
)
from screening.citations.reading.json_files.json_authors import authors_of
from screening.citations.reading.json_files.json_stream import (
    JsonItem,
    Object,
    json_records,
)
from screening.citations.reading.json_files.json_values import (
    json_number,
    json_text,
    json_texts,
    json_value_at,
)
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.translation import gettext as _
from screening.citations.writing.status_note import BAR, MARK

# Keys of every kind of CSL-JSON.
MARKS = (
    FormatMark(
        "key",
        re.compile(
            r'"(?:title|author|authors|issued|DOI|container-title|itemType|display_name)"'
            r"\s*:"
        ),
    ),
)
PLATFORMS: Platforms = (
    ("Zotero", r"zotero\.org/|\"itemType\"\s*:"),
    ("OpenAlex", r"openalex\.org/"),
    ("Crossref", r"\"is-referenced-by-count\"\s*:|\"message-type\"\s*:"),
)

TITLES = ("title", "display_name", "original-title", "title-short", "shorttitle")
YEARS = (
    "issued",
    "published-print",
    "published",
    "published-online",
    "publication_year",
    "publication_date",
    "year",
    "date",
    "original-date",
    "created",
)
JOURNALS = (
    "container-title",
    "publicationtitle",
    "booktitle",
    "proceedingstitle",
    "journal",
    "container-title-short",
    "short-container-title",
    "journalabbreviation",
)
PAGES = ("page", "pages", "article-number", "page-first")
KEYWORD_LISTS = ("keywords", "tags", "subject", "categories")
ABSTRACT_HEAD = re.compile(
    r"^\s*(?:<jats:sec[^<>]{0,99}>\s*)?<jats:title>\s*(?:Abstract|Summary)\s*</jats:title>",
    re.I,
)
NOTED_DOI = re.compile(r"\bDOI\s*[:=]\s*(\S{3,600})", re.I)
PUBMED_LINK = re.compile(r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(\d{1,8})\b", re.I)
WORDS_AT_MOST = 20_000


def read_csl_json(
    stream: BinaryIO, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read the items one by one. Notes and attachments of Zotero are not references."""
    for item in json_records(stream, recognised, report):
        value = _flat(item.value)
        kind = json_text(value.get("itemtype"))
        if kind in NO_REFERENCE:
            reason = _("“{type}” is not a reference.").format(type=kind)
            report.warn("unsupported-entry-skipped", item.line, reason)
            report.skip(item.line, reason, item.raw)
            continue
        citation = _as_written(_citation_of(item, value), value)
        yield from check_citation(citation, report, besides="accession")


def _flat(value: Object) -> Object:
    """Return the item with names in lower case. Zotero's API has it under "data"."""
    inner = value.get("data")
    if isinstance(inner, dict) and "itemType" in inner:
        value = inner
    flat: Object = {}
    for name, one in value.items():
        flat.setdefault(name.lower(), one)
    return flat


def _citation_of(item: JsonItem, value: Object) -> Citation:
    journal = _journal(value)
    kind = _type(value, journal)
    biblio = value.get("biblio")
    return Citation(
        title=_title(value),
        authors=names_of(authors_of(value)),
        year=_year(value),
        journal="" if kind in NO_JOURNAL else journal,
        volume=json_number(value.get("volume"))
        or json_number(json_value_at(biblio, "volume")),
        issue=json_number(value.get("issue"))
        or json_number(json_value_at(biblio, "issue"))
        or json_number(value.get("number")),
        pages=next(filter(None, (pages_of(json_text(value.get(n))) for n in PAGES)), "")
        or pages_of(
            json_number(json_value_at(biblio, "first_page")),
            json_number(json_value_at(biblio, "last_page")),
        ),
        doi=_doi(value),
        pmid=_pmid(value),
        accession=_accession(value),
        abstract=_abstract(value),
        keywords=_keywords(value),
        type=kind,
        url=_url(value),
        language=json_text(value.get("language")),
        issn="; ".join(
            distinct([*json_texts(value.get("issn")), *json_texts(value.get("isbn"))])
        ),
        notes=" | ".join(
            distinct([*json_texts(value.get("note")), *_extra(value), *_status(value)])
        ),
        raw=item.raw,
        line=item.line,
    )


def _as_written(citation: Citation, value: Object) -> Citation:
    """Return the citation with the values that our exports keep beside CSL's fields."""
    own = json_value_at(value, "custom", "reviewapp")
    if not isinstance(own, dict):
        return citation
    return replace(
        citation,
        # Text that looks like markup belongs to the record here.
        title=_as_it_is(value, "title"),
        abstract=_as_it_is(value, "abstract"),
        notes=" | ".join(
            filter(None, (_as_it_is(value, "note").removeprefix(BAR), *_status(value)))
        ),
        keywords=keywords_of([_as_it_is(value, "keyword")], comma=True),
        accession=json_text(own.get("accession")),
        doi=doi_of(json_text(own.get("doi"))),
        journal=json_text(own.get("journal")),
        language=json_text(own.get("language")),
        type=json_text(own.get("type")),
    )


def _as_it_is(value: Object, name: str) -> str:
    found = value.get(name)
    return fold(found) if isinstance(found, str) else ""


def _extra(value: Object) -> Iterator[str]:
    extra = value.get("extra")
    if isinstance(extra, str):
        yield fold(extra)


def _status(value: Object) -> Iterator[str]:
    """Yield our status note where pandoc moves it: a note "name: value" is a field."""
    custom = value.get("custom")
    for found in (value.get("reviewapp"), json_value_at(custom, "reviewapp")):
        if isinstance(found, str):
            yield f"{MARK}{fold(found)}"


def _title(value: Object) -> str:
    """Return the title, with the subtitle that Crossref keeps separately."""
    title = next(filter(None, (json_text(value.get(name)) for name in TITLES)), "")
    subtitle = json_text(value.get("subtitle"))
    if title and subtitle and subtitle.lower() not in title.lower():
        return f"{title.rstrip(' :')}: {subtitle}"
    return title


def _year(value: Object) -> int | None:
    for name in YEARS:
        year = _year_of_date(value.get(name))
        if year:
            return year
    return None


def _year_of_date(date: Any) -> int | None:
    """Return the year of a CSL date (numbers or texts) or of a date as text."""
    if isinstance(date, str):
        return year_of(date)
    if isinstance(date, dict):
        parts = date.get("date-parts")
        first = parts[0] if isinstance(parts, list) and parts else None
        if isinstance(first, list):
            first = first[0] if first else None
        for part in (first, date.get("raw"), date.get("literal"), date.get("year")):
            year = year_of(part) if isinstance(part, str) else None
            if year:
                return year
        return year_of(json_text(date.get("date-time")))
    return None


def _journal(value: Object) -> str:
    for name in JOURNALS:
        journal = json_text(value.get(name))
        if journal:
            return journal
    return json_text(
        json_value_at(value, "primary_location", "source", "display_name")
    ) or json_text(json_value_at(value, "host_venue", "display_name"))


def _type(value: Object, journal: str) -> str:
    """Return a plain word. In CSL, an "article" without a journal is a preprint."""
    kind = json_text(value.get("type_crossref")) or json_text(value.get("type"))
    kind = kind or json_text(value.get("itemtype"))
    if kind.lower() == "article" and journal:
        return "journal article"
    return word_of_item(kind)


def _doi(value: Object) -> str:
    for found in (
        *json_texts(value.get("doi")),
        *json_texts(json_value_at(value, "ids", "doi")),
    ):
        doi = doi_of(found)
        if doi:
            return doi
    for found in json_texts(value.get("url")):
        doi = doi_of_link(found)
        if doi:
            return doi
    match = NOTED_DOI.search(_notes(value))
    return doi_of(match.group(1)) if match else ""


def _notes(value: Object) -> str:
    return " ".join([*json_texts(value.get("note")), *json_texts(value.get("extra"))])


def _pmid(value: Object) -> str:
    for found in (
        json_text(value.get("pmid")),
        json_text(json_value_at(value, "ids", "pmid")),
        json_text(value.get("pubmed")),
    ):
        link = PUBMED_LINK.search(found)
        pmid = digits_of(found) or (link.group(1) if link else pmid_of(found))
        if pmid:
            return pmid
    return pmid_of(_notes(value))


def _accession(value: Object) -> str:
    """Return the id of the item in its library.

    A bare number is only its place in the file.
    """
    for name in ("id", "citation-key", "citationkey", "key"):
        found = value.get(name)
        if isinstance(found, str) and found.strip() and not found.strip().isdecimal():
            return fold(found)
    return ""


def _abstract(value: Object) -> str:
    for name in ("abstract", "abstractnote"):
        found = value.get(name)
        if isinstance(found, list):
            found = " ".join(one for one in found if isinstance(one, str))
        if isinstance(found, str) and found.strip():
            return abstract_of([plain_text(ABSTRACT_HEAD.sub("", found))])
    return _abstract_of_index(value.get("abstract_inverted_index"))


def _abstract_of_index(index: Any) -> str:
    """Return the abstract from OpenAlex's index of the places of each word."""
    if not isinstance(index, dict):
        return ""
    placed = [
        (int(place), word)
        for word, places in index.items()
        if isinstance(places, list)
        for place in places
        if isinstance(place, str) and place.isdecimal() and len(place) < 7
    ]
    return abstract_of([" ".join(word for _, word in sorted(placed)[:WORDS_AT_MOST])])


def _keywords(value: Object) -> tuple[str, ...]:
    """Return the keywords, from CSL's text with commas or from a list."""
    found = [*keywords_of(json_texts(value.get("keyword")), comma=True)]
    for name in KEYWORD_LISTS:
        found += keywords_of(json_texts(value.get(name)))
    return distinct(found)


def _url(value: Object) -> str:
    for found in json_texts(value.get("url")):
        if found.startswith(("http://", "https://")):
            return found
    for other in (
        json_value_at(value, "primary_location", "landing_page_url"),
        value.get("id"),
    ):
        link = json_text(other)
        if link.startswith(("http://", "https://")) and "zotero.org/" not in link:
            return link
    return ""
