"""Reader of refer, the format of EndNote's .enw files, in all its dialects.

A line `%A value` starts a value. A line without a tag continues the value. Programs
separate records differently: EndNote and Zotero start each record with `%0`, bepress
separates records by blank lines and writes `%0` anywhere or not at all, and Google
Scholar writes one record per file. `%0` therefore starts a record if the current one
has its own or if a blank line precedes it. Any tag after a blank line starts a record,
unless it must belong to the record that `%0` started. There is no end mark. Source of
the tags: https://www.cardiff.ac.uk/insrv/help/guides/endnote/endnote_codes.html
"""

from __future__ import annotations

import re
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
from screening.citations.people import names_of
from screening.citations.reading.format_marks import FormatMark, Platforms, Recognised
from screening.citations.reading.lines import TextLines
from screening.citations.reading.prior_decisions import take_prior
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reading.tagged_text.tagged import (
    Fields,
    StrayLines,
    TaggedEntry,
    first_value,
    is_indented_text,
    skip_empty,
    skip_overlong,
    tagged_lines,
    tagged_values,
)
from screening.citations.reference_types import word_of_text
from screening.citations.translation import gettext as _

MARKS = (
    FormatMark(
        "line", re.compile(r"^%[A-Z0-9@!?&()~^<>\[\]=+*] ?\S", re.M), at_least=2
    ),
)
PLATFORMS: Platforms = (
    ("Rayyan", r"RAYYAN-INCLUSION|^%M rayyan-"),
    (
        "bepress / Digital Commons",
        r"^%U https?://(?:aisel\.|\S*/(?:vol\d+/iss\d+/\d|cgi/viewcontent\.cgi))",
    ),
    (
        "Google Scholar",
        r"scholar\.google|\A%0 .+\n%T .+\n(?:%A .+\n){1,50}(?:%[JBVNP@] .+\n){0,6}"
        r"%D \d{4}\n(?:%I .+\n)?\s*(?:%0|\Z)",
    ),
    ("Zotero", r"^%~ .+\n(?:%[A-Z] .*\n){0,8}%[UW] \S+\n%8 \d{4}-\d\d"),
    ("EndNote", r"^%0 .+\n(?:%.*\n){0,60}%(?:\+|1|2|F|<|\[) "),
)

TAG = re.compile(r"\s{0,3}%([A-Z0-9@!?&()~^<>\[\]{}=+*#$.|])(?:[ \t]+(.*)|)", re.S)
# A record starts with one of these, in whatever order a program writes its tags.
BEGINS_RECORD = frozenset("0TAEDJBQ")
# Values that can contain blank lines.
LONG_VALUES = frozenset("XZK<O+")
NO_CONTENT = frozenset("0")

WORDS_OF_TYPE = {
    "book section": "book chapter",
    "computer program": "",
    "conference paper": "conference paper",
    "conference proceedings": "conference paper",
    "dataset": "data set",
    "electronic article": "journal article",
    "electronic book": "book",
    "electronic book section": "book chapter",
    "electronic source": "web page",
    "generic": "",
    "government document": "government document",
    "web page": "web page",
}


class _EnwScanner:
    """Turns lines into entries by the rules in the docstring of this module."""

    def __init__(self, report: ReadingReport) -> None:
        self.report = report
        self.strays = StrayLines(report)
        self.entry: TaggedEntry | None = None
        self.blank_before = False

    def entries(self, lines: TextLines) -> Iterator[TaggedEntry]:
        for line in lines:
            if done := self._take(line, lines.number):
                yield done
            self.blank_before = not line.strip()
            if self.entry and self.entry.overlong():
                skip_overlong(self.entry, self.report)
                self.entry = None
        if done := self._finish():
            yield done
        self.strays.flush()

    def _take(self, line: str, number: int) -> TaggedEntry | None:
        match = TAG.fullmatch(line) if "%" in line[:4] else None
        if not match or is_indented_text(line, self.entry):
            return self._untagged(line, number)
        tag, value = match.groups()
        done = None
        if self.entry and self._begins(tag, self.entry):
            done = self._finish()
        self.strays.flush()
        if self.entry is None:
            self.entry = TaggedEntry(number)
        self.entry.lines.append(line)
        self.entry.put(tag, value or "")
        return done

    def _begins(self, tag: str, entry: TaggedEntry) -> bool:
        if tag == "0":
            return self.blank_before or "0" in entry.fields
        if not self.blank_before:
            return False
        led = next(iter(entry.fields)) == "0"
        return not led or tag in BEGINS_RECORD or tag in entry.fields

    def _untagged(self, line: str, number: int) -> TaggedEntry | None:
        entry = self.entry
        if not line.strip():
            if entry:
                entry.lines.append(line)
            elif self.strays.lines:
                self.strays.add(line, number)
            return None
        if entry and (not self.blank_before or entry.tag in LONG_VALUES):
            entry.lines.append(line)
            entry.go_on(line.strip())
            return None
        done = self._finish()
        self.strays.add(line, number)
        return done

    def _finish(self) -> TaggedEntry | None:
        entry, self.entry = self.entry, None
        if entry:
            entry.settle()
        return entry


def read_enw(
    lines: TextLines, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read refer records one by one. Records without content are skipped."""
    for entry in _EnwScanner(report).entries(lines):
        if entry.has_content(NO_CONTENT):
            yield _citation_of(entry, report)
        else:
            skip_empty(entry, report)


def _citation_of(entry: TaggedEntry, report: ReadingReport) -> Citation:
    fields = entry.fields
    title = fold(first_value(fields, "T", "!"))
    if not title:
        report.warn("no-title", entry.first, _("The record has no title."))
    accession = first_value(fields, "M")
    notes = " | ".join(distinct(tagged_values(fields, "Z", "O", "<")))
    prior = take_prior(notes, _keywords(fields))
    return Citation(
        title=title,
        authors=names_of(tagged_lines(fields, "A"))
        or distinct(tagged_lines(fields, "Q")),
        year=_year(fields),
        journal=_journal(fields),
        volume=fold(first_value(fields, "V")),
        issue=fold(first_value(fields, "N")),
        pages=pages_of(first_value(fields, "P").replace("--", "-")),
        doi=_doi(fields),
        pmid=_pmid(fields, accession),
        accession=fold(accession),
        abstract=abstract_of(tagged_values(fields, "X")),
        keywords=prior.keywords,
        type=_type(fields),
        url=first_value(fields, "U").partition(" ")[0],
        language=fold(first_value(fields, "G")),
        issn="; ".join(distinct(tagged_lines(fields, "@"))),
        notes=prior.notes,
        raw=entry.raw,
        line=entry.first,
        prior_decisions=prior.decisions,
        prior_labels=prior.labels,
        prior_reasons=prior.reasons,
    )


def _year(fields: Fields) -> int | None:
    for value in tagged_values(fields, "D", "8"):
        year = year_of(value)
        if year:
            return year
    return None


def _journal(fields: Fields) -> str:
    """Return %J, the journal, or %B, the book or with some programs the journal."""
    chapter = "section" in first_value(fields, "0").lower()
    return fold(first_value(fields, *("BJ" if chapter else "JB")))


def _doi(fields: Fields) -> str:
    for value in tagged_values(fields, "R"):
        doi = doi_of(value)
        if doi:
            return doi
    for value in tagged_values(fields, "U", ">"):
        doi = doi_of_link(value)
        if doi:
            return doi
    return ""


def _pmid(fields: Fields, accession: str) -> str:
    """Return the accession number of a PubMed record, or the PMID in a note."""
    database = " ".join(tagged_values(fields, "W", "~", "U")).lower()
    if "pubmed" in database or "medline" in database or "nlm" in database:
        pmid = digits_of(accession)
        if pmid:
            return pmid
    return next(
        filter(None, map(pmid_of, tagged_values(fields, "M", "2", "Z", "O"))), ""
    )


def _keywords(fields: Fields) -> tuple[str, ...]:
    """Return the keywords, one per line.

    A single line without semicolons may use commas.
    """
    values = tagged_lines(fields, "K")
    return keywords_of(values, comma=len(values) == 1 and ";" not in values[0])


def _type(fields: Fields) -> str:
    kind = fold(first_value(fields, "0"))
    return WORDS_OF_TYPE.get(kind.lower(), word_of_text(kind))
