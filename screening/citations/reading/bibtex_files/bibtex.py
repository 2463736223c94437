"""BibTeX and BibLaTeX reader: from entries to citations.

`bibtex_entries` separates and parses entries, `bibtex_latex` decodes LaTeX and
`bibtex_names` reads names. An entry with `crossref` inherits missing fields from its
parent. BibTeX requires the parent after its children; BibLaTeX allows it anywhere.
Children therefore wait for their parent, but for at most `WAITING_AT_MOST` entries, so
that memory stays constant. Citations keep the order of the file. Entries with the same
key are all kept.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

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
from screening.citations.reading.bibtex_files.bibtex_entries import (
    BibtexEntry,
    read_bibtex_entries,
)
from screening.citations.reading.bibtex_files.bibtex_latex import link_of, text_of
from screening.citations.reading.bibtex_files.bibtex_names import names_of
from screening.citations.reading.format_marks import FormatMark, Platforms, Recognised
from screening.citations.reading.lines import TextLines
from screening.citations.reading.prior_decisions import take_prior
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reference_types import WORDS, word_of_text
from screening.citations.translation import gettext as _

MARKS = (FormatMark("line", re.compile(r"^[ \t]*@[A-Za-z]+[ \t]*[{(]", re.M)),)
PLATFORMS: Platforms = (
    ("Rayyan", r"RAYYAN-INCLUSION|rayyan-\d"),
    ("Scopus", r"www\.scopus\.com/inward|source\s*=\s*\{Scopus\}"),
    (
        "Web of Science",
        r"^[ \t]*unique-id\s*=\s*[{\"]*\s*(?:WOS|ISI|BCI|CCC|MEDLINE|KJD):"
        r"|^[ \t]*@\w+\{ ?(?:WOS|ISI):",
    ),
    ("JabRef", r"^% Encoding:|created with JabRef|@comment\{jabref-meta"),
    ("Mendeley", r"Mendeley Desktop|mendeley-(?:tags|groups)\s*="),
    ("DBLP", r"^[ \t]*bibsource\s*=\s*[{\"]dblp|@\w+\{DBLP:"),
    ("ACM Digital Library", r"^@\w+\{10\.1145/"),
    ("IEEE Xplore", r"^@\w+\{\s*\d{6,8}\s*,"),
    (
        "Zotero",
        r"^[ \t]*(?:shorttitle|urldate|langid)\s*=\s*\{[\s\S]{0,2000}^[ \t]*file\s*=",
    ),
)

WORDS_OF_ENTRY = {
    "article": "journal article",
    "book": "book",
    "bookinbook": "book chapter",
    "booklet": "pamphlet",
    "collection": "edited book",
    "conference": "conference paper",
    "data": "data set",
    "dataset": "data set",
    "electronic": "web page",
    "inbook": "book chapter",
    "incollection": "book chapter",
    "inproceedings": "conference paper",
    "inreference": "book chapter",
    "manual": "report",
    "mastersthesis": "thesis",
    "misc": "",
    "mvbook": "book",
    "mvcollection": "edited book",
    "mvproceedings": "conference proceedings",
    "newspaper": "newspaper article",
    "online": "web page",
    "patent": "patent",
    "periodical": "journal",
    "phdthesis": "thesis",
    "proceedings": "conference proceedings",
    "report": "report",
    "suppperiodical": "journal article",
    "techreport": "report",
    "thesis": "thesis",
    "unpublished": "unpublished work",
    "www": "web page",
}
# Field of our own exports with the plain word, if the entry type says less.
OWN_TYPE = "reviewapp-type"
IN_A_BOOK = frozenset(
    ["conference", "inbook", "incollection", "inproceedings", "inreference"]
)
# Entries that are settings and not references.
NO_RECORDS = frozenset(["control", "ieeetranbstctl", "set", "xdata"])
NO_CONTENT = frozenset(["crossref", "file", "groups", "owner", "timestamp", "xdata"])
# Fields that a child inherits, and their names in the child.
INHERITED = {
    "booktitle": "booktitle",
    "date": "date",
    "isbn": "isbn",
    "issn": "issn",
    "journal": "journal",
    "journaltitle": "journaltitle",
    "maintitle": "maintitle",
    "month": "month",
    "publisher": "publisher",
    "series": "series",
    "subtitle": "booksubtitle",
    "title": "booktitle",
    "volume": "volume",
    "year": "year",
}
PARENTS_AT_MOST = 20_000
PARENT_CHARS = 4_000
WAITING_AT_MOST = 1_000
WAITING_CHARS = 4 << 20


class _Family:
    """Yields entries in the order of the file, each with its inherited fields."""

    def __init__(self) -> None:
        self.parents: dict[str, dict[str, str]] = {}
        self.waiting: deque[BibtexEntry] = deque()
        self.chars = 0

    def complete(self, stream: Iterator[BibtexEntry]) -> Iterator[BibtexEntry]:
        for entry in stream:
            self._remember(entry)
            self.waiting.append(entry)
            self.chars += len(entry.raw)
            while self.waiting and self._ready():
                yield self._next()
        while self.waiting:
            yield self._next()

    def _remember(self, entry: BibtexEntry) -> None:
        """Keep an entry that can be a parent. Articles and the like never are."""
        known = WORDS_OF_ENTRY.get(entry.type, "")
        parent = known not in ("journal article", "conference paper", "book chapter")
        if entry.key and parent and len(self.parents) < PARENTS_AT_MOST:
            self.parents.setdefault(
                entry.key.lower(),
                {
                    name: value
                    for name, value in entry.fields.items()
                    if name in INHERITED and len(value) <= PARENT_CHARS
                },
            )

    def _ready(self) -> bool:
        parent = self.waiting[0].fields.get("crossref") or self.waiting[0].fields.get(
            "xdata"
        )
        return (
            not parent
            or parent.strip().lower() in self.parents
            or len(self.waiting) > WAITING_AT_MOST
            or self.chars > WAITING_CHARS
        )

    def _next(self) -> BibtexEntry:
        entry = self.waiting.popleft()
        self.chars -= len(entry.raw)
        for link in ("xdata", "crossref"):
            name = entry.fields.get(link, "").strip().lower()
            for given, value in self.parents.get(name, {}).items():
                taken = INHERITED[given] if link == "crossref" else given
                if taken == "booksubtitle" or value.strip():
                    entry.fields.setdefault(taken, value)
        return entry


def read_bibtex(
    lines: TextLines, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read BibTeX entries one by one. Entries without content are skipped."""
    for entry in _Family().complete(read_bibtex_entries(lines.blocks(), report)):
        if entry.type in NO_RECORDS:
            reason = _("“@{type}” is not a reference.").format(type=entry.type)
            report.warn("unsupported-entry-skipped", entry.line, reason)
            report.skip(entry.line, reason, entry.raw)
            continue
        if any(
            value.strip("{} \t\n")
            for name, value in entry.fields.items()
            if name not in NO_CONTENT
        ):
            yield _citation_of(entry, report)
        else:
            reason = _("The record has no content.")
            report.warn("empty-record", entry.line, reason)
            report.skip(entry.line, reason, entry.raw)


def _citation_of(entry: BibtexEntry, report: ReadingReport) -> Citation:
    fields = entry.fields
    title = _title(fields)
    if not title:
        report.warn("no-title", entry.line, _("The record has no title."))
    prior = take_prior(_notes(fields), _keywords(fields))
    return Citation(
        title=title,
        authors=names_of(fields["author"]) if "author" in fields else (),
        year=_year(fields),
        journal=_journal(entry),
        volume=_text(fields, "volume"),
        issue=_text(fields, "number", "issue"),
        pages=_pages(fields),
        doi=_doi(fields),
        pmid=_pmid(fields),
        accession=_accession(fields),
        abstract=abstract_of([text_of(fields["abstract"])])
        if "abstract" in fields
        else "",
        keywords=prior.keywords,
        type=_type(entry),
        url=_url(fields),
        language=_text(fields, "language", "langid"),
        issn="; ".join(
            distinct(
                text_of(fields[n]) for n in ("issn", "eissn", "isbn") if n in fields
            )
        ),
        notes=prior.notes,
        raw=entry.raw,
        notices=notices_of_types((_text(fields, "document_type", "type"),)),
        line=entry.line,
        prior_decisions=prior.decisions,
        prior_labels=prior.labels,
        prior_reasons=prior.reasons,
    )


def _text(fields: dict[str, str], *names: str) -> str:
    """Return the first of these fields that has text, else ""."""
    for name in names:
        if name in fields:
            text = text_of(fields[name])
            if text:
                return text
    return ""


def _title(fields: dict[str, str]) -> str:
    title = _text(fields, "title", "booktitle", "maintitle")
    subtitle = _text(fields, "subtitle") if title else ""
    if subtitle and subtitle.lower() not in title.lower():
        return f"{title}{'' if title[-1] in ':?!' else ':'} {subtitle}"
    return title


def _year(fields: dict[str, str]) -> int | None:
    for name in ("year", "date", "issued", "eventdate", "pubdate"):
        if name in fields:
            year = year_of(text_of(fields[name]))
            if year:
                return year
    return None


def _journal(entry: BibtexEntry) -> str:
    """Return the journal, or the book or proceedings that contain the item."""
    fields = entry.fields
    journal = _text(
        fields, "fjournal", "journal", "journaltitle", "journal-full", "journalfull"
    )
    book = _text(fields, "booktitle", "maintitle")
    if entry.type in IN_A_BOOK and book:
        subtitle = _text(fields, "booksubtitle")
        whole = f"{book}: {subtitle}" if subtitle else book
        return "" if whole == _title(fields) else whole
    if journal:
        return journal
    return book if book and "title" in fields else ""


def _pages(fields: dict[str, str]) -> str:
    pages = _text(fields, "pages", "eid", "article-number", "articleno", "art_number")
    return pages_of(pages.replace("–", "-").replace("—", "-"))


def _doi(fields: dict[str, str]) -> str:
    if "doi" in fields:
        doi = doi_of(link_of(fields["doi"]))
        if doi:
            return doi
    for name in ("url", "ee", "link", "howpublished", "bdsk-url-1", "note"):
        if name in fields:
            doi = doi_of_link(link_of(fields[name]))
            if doi:
                return doi
    if fields.get("eprinttype", "").lower() == "doi":
        return doi_of(link_of(fields.get("eprint", "")))
    return ""


def _pmid(fields: dict[str, str]) -> str:
    archive = fields.get("eprinttype", fields.get("archiveprefix", "")).lower()
    names = ["pmid", "pubmed_id", "pubmedid", "pubmed-id"]
    if archive in ("pubmed", "pmid", "medline"):
        names.append("eprint")
    for name in names:
        pmid = digits_of(_text(fields, name))
        if pmid:
            return pmid
    return next(
        filter(None, (pmid_of(fields.get(name, "")) for name in ("pmid", "note"))), ""
    )


def _accession(fields: dict[str, str]) -> str:
    """Return the identifier that a database gave the record, or arXiv's for a preprint."""
    number = _text(
        fields,
        "unique-id",
        "unique_id",
        "accession",
        "accession_number",
        "accession-number",
        "an",
        "scopus-id",
        "mrnumber",
    )
    archive = fields.get("eprinttype", fields.get("archiveprefix", "")).lower()
    if not number and archive == "arxiv" and "eprint" in fields:
        eprint = link_of(fields["eprint"])
        return eprint if eprint.lower().startswith("arxiv") else f"arXiv:{eprint}"
    return number


def _keywords(fields: dict[str, str]) -> tuple[str, ...]:
    found: list[str] = []
    for name in (
        "keywords",
        "keyword",
        "author_keywords",
        "keywords-plus",
        "mendeley-tags",
    ):
        if name in fields:
            text = text_of(fields[name])
            found += keywords_of((text,), comma=";" not in text)
    return distinct(found)


def _notes(fields: dict[str, str]) -> str:
    names = ("note", "annote", "annotation", "comment", "notes")
    return " | ".join(
        distinct(text_of(fields[name]) for name in names if name in fields)
    )


def _type(entry: BibtexEntry) -> str:
    if OWN_TYPE in entry.fields:
        return text_of(entry.fields[OWN_TYPE])
    word = WORDS_OF_ENTRY.get(entry.type)
    if word:
        return word
    said = word_of_text(_text(entry.fields, "document_type", "type", "entrysubtype"))
    if said in WORDS or word is None:
        return said or ("" if word == "" else entry.type)
    return word


def _url(fields: dict[str, str]) -> str:
    for name in ("url", "link", "ee", "howpublished", "bdsk-url-1"):
        if name in fields:
            link = link_of(fields[name])
            if link.startswith(("http://", "https://", "ftp://", "www.")):
                return fold(link.split(" ")[0])
    return ""
