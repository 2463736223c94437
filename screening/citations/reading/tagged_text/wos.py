"""Reader of Web of Science's tagged format ("Plain text"), old and new.

`PT` starts a record, `ER` ends it. Values continue on lines that are indented by three
spaces. In lists of people and references, every line is a value. MEDLINE, BIOSIS, KCI,
SciELO and Derwent in Web of Science use the same format. Source of the tags:
https://images.webofknowledge.com/images/help/WOS/hs_wos_fieldtags.html
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
    fold,
    keywords_of,
    pages_of,
    pmid_of,
    year_of,
)
from screening.citations.notices import notices_of_types
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
    skip_empty,
    skip_overlong,
    tagged_lines,
    tagged_values,
)
from screening.citations.reference_types import WORDS, word_of_text
from screening.citations.translation import gettext as _

MARKS = (
    FormatMark("line", re.compile(r"^(?:FN|VR|PT) \S.*$", re.M), at_least=2),
    FormatMark("line", re.compile(r"^(?:PT [A-Z]|UT [A-Z]{2,8}:\S+)$", re.M)),
)
PLATFORMS: Platforms = (
    ("Web of Science", r"^FN .*(?:Web of Science|ISI|Clarivate|Thomson)|^UT \w+:"),
)

TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*))?", re.S)
FILE_TAGS = frozenset({"FN", "VR", "EF"})
# In a file without indentation only these start a value within a text, because a line
# of an abstract can start with "AN important".
KNOWN_TAGS = frozenset(
    [
        "PT",
        "AU",
        "AF",
        "BA",
        "BF",
        "BE",
        "ED",
        "CA",
        "GP",
        "TI",
        "SO",
        "SE",
        "BS",
        "LA",
        "DT",
        "CT",
        "CY",
        "CL",
        "SP",
        "HO",
        "DE",
        "ID",
        "AB",
        "C1",
        "C3",
        "RP",
        "EM",
        "RI",
        "OI",
        "FU",
        "FP",
        "FX",
        "CR",
        "NR",
        "TC",
        "Z9",
        "U1",
        "U2",
        "PU",
        "PI",
        "PA",
        "SN",
        "EI",
        "BN",
        "J9",
        "JI",
        "PD",
        "PY",
        "VL",
        "IS",
        "PN",
        "SU",
        "SI",
        "MA",
        "BP",
        "EP",
        "AR",
        "DI",
        "DL",
        "D2",
        "EA",
        "PG",
        "P2",
        "WC",
        "WE",
        "SC",
        "GA",
        "UT",
        "PM",
        "OA",
        "HC",
        "HP",
        "DA",
        "ER",
        "EF",
        "FN",
        "VR",
    ]
)
TEXT_TAGS = frozenset({"AB", "TI", "FX", "SO", "DE", "ID", "C1", "RP", "CR"})
MAKES_RECORD = frozenset({"TI", "AU", "UT", "SO", "DI"})
NO_CONTENT = frozenset({"PT", "FN", "VR", "ER", "EF"})

WORDS_OF_PT = {
    "J": "journal article",
    "B": "book",
    "C": "conference paper",
    "P": "patent",
}
WORDS_OF_DT = {
    "article": "journal article",
    "book": "book",
    "book chapter": "book chapter",
    "early access": "",
    "meeting abstract": "abstract",
    "proceedings paper": "conference paper",
}


class _WosScanner:
    """Turns lines into entries by the rules in the docstring of this module."""

    def __init__(self, report: ReadingReport) -> None:
        self.report = report
        self.strays = StrayLines(report)
        self.entry: TaggedEntry | None = None
        self.loose = False

    def entries(self, lines: TextLines) -> Iterator[TaggedEntry]:
        for line in lines:
            entry = self.entry
            # The most frequent line comes first: most of a file is indented references.
            if entry and line[:1] == " " and line.strip():
                entry.lines.append(line)
                entry.go_on(line.strip())
            elif done := self._take(line, lines.number):
                yield done
            if self.entry and self.entry.overlong():
                skip_overlong(self.entry, self.report)
                self.entry = None
        if done := self._finish():
            yield done
        self.strays.flush()

    def _take(self, line: str, number: int) -> TaggedEntry | None:
        match = TAG.fullmatch(line.rstrip())
        tag, value = match.groups() if match else ("", "")
        entry = self.entry
        if tag == "ER" and not (value or "").strip():
            return self._end(line)
        if tag == "PT" or (tag in FILE_TAGS and self._is_of_file(tag)):
            done = self._finish()
            self.strays.flush()
            if tag == "PT":
                self.entry = self._begun(TaggedEntry(number), line, tag, value)
            return done
        if entry and (not tag or self._is_text(entry, tag)):
            self.loose = self.loose or bool(line.strip())
            entry.lines.append(line)
            if line.strip():
                entry.go_on(line.strip())
        elif entry:
            self._begun(entry, line, tag, value)
        elif tag:
            self.entry = self._begun(TaggedEntry(number, begun=False), line, tag, value)
        elif line.strip() or self.strays.lines:
            self.strays.add(line, number)
        return None

    def _is_text(self, entry: TaggedEntry, tag: str) -> bool:
        """Return True if "AN important" continues a text (files without indentation)."""
        return self.loose and entry.tag in TEXT_TAGS and tag not in KNOWN_TAGS

    def _is_of_file(self, tag: str) -> bool:
        """Return True for tags of the file (FN, VR, EF).

        Inside a record, VR and FN are data.
        """
        return tag == "EF" or not self.entry or "TI" in self.entry.fields

    @staticmethod
    def _begun(
        entry: TaggedEntry, line: str, tag: str, value: str | None
    ) -> TaggedEntry:
        entry.lines.append(line)
        entry.put(tag, value or "")
        return entry

    def _end(self, line: str) -> TaggedEntry | None:
        if self.entry:
            self.entry.lines.append(line)
            self.entry.ended = True
        return self._finish()

    def _finish(self) -> TaggedEntry | None:
        entry, self.entry = self.entry, None
        if entry is None:
            return None
        entry.settle()
        if not entry.begun:
            if not MAKES_RECORD.intersection(entry.fields):
                for line in entry.lines:
                    self.strays.add(line, entry.first)
                return None
            self.report.warn(
                "missing-record-start",
                entry.first,
                _("The record does not start with PT."),
            )
        self.strays.flush()
        if not entry.ended:
            self.report.warn(
                "record-not-terminated",
                entry.first,
                _("The record has no ER line. It may be incomplete."),
            )
        return entry


def read_wos(
    lines: TextLines, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read Web of Science records one by one. Records without content are skipped."""
    for entry in _WosScanner(report).entries(lines):
        if entry.has_content(NO_CONTENT):
            yield _citation_of(entry, report)
        else:
            skip_empty(entry, report)


def _citation_of(entry: TaggedEntry, report: ReadingReport) -> Citation:
    fields = entry.fields
    title = first_value(fields, "TI", "X1", "Y1", "Z1", "FT")
    journal = first_value(fields, "SO", "SE", "CT", "J9", "JI")
    if not title and first_value(fields, "PT") in ("B", "S"):
        # A whole book has its title in the field that names the book for its chapters.
        title, journal = journal, first_value(fields, "SE")
    if not title:
        report.warn("no-title", entry.first, _("The record has no title."))
    accession = first_value(fields, "UT", "PN")
    prior = take_prior("", _keywords(fields))
    return Citation(
        title=fold(title),
        authors=_authors(fields),
        year=_year(fields),
        journal=fold(journal),
        volume=fold(first_value(fields, "VL")),
        issue=fold(first_value(fields, "IS")),
        pages=pages_of(first_value(fields, "BP"), first_value(fields, "EP"))
        or fold(first_value(fields, "AR", "P2")),
        doi=doi_of(first_value(fields, "DI")) or _doi_of_book(fields),
        pmid=_pmid(fields, accession),
        accession=fold(accession),
        abstract=abstract_of(tagged_values(fields, "AB"))
        or abstract_of(tagged_values(fields, "X4", "Y4", "Z4")[:1]),
        keywords=prior.keywords,
        type=_type(fields),
        url=first_value(fields, "DL", "UR") if "DI" not in fields else "",
        language=fold(first_value(fields, "LA")),
        issn="; ".join(distinct(tagged_lines(fields, "SN", "EI", "BN"))),
        raw=entry.raw,
        notices=notices_of_types(first_value(fields, "DT").split(";")),
        line=entry.first,
        prior_decisions=prior.decisions,
        prior_labels=prior.labels,
        prior_reasons=prior.reasons,
    )


def _authors(fields: Fields) -> tuple[str, ...]:
    """Return full names if every author has one, else short names, then the groups."""
    for full, short in (("AF", "AU"), ("BF", "BA")):
        long, brief = tagged_lines(fields, full), tagged_lines(fields, short)
        people = names_of(long if len(long) >= len(brief) else brief)
        if people:
            return people + distinct(tagged_lines(fields, "CA"))
    return distinct(tagged_lines(fields, "CA") or tagged_lines(fields, "GP"))


def _year(fields: Fields) -> int | None:
    """Return the year of PY, or else of online first (EA) or the date (PD)."""
    for value in tagged_values(fields, "PY", "EA", "PD", "CY"):
        year = year_of(value)
        if year:
            return year
    return None


def _doi_of_book(fields: Fields) -> str:
    """Return D2, the DOI of a book. A chapter's own DOI is in DI."""
    return (
        "" if "TI" in fields and "SO" in fields else doi_of(first_value(fields, "D2"))
    )


def _pmid(fields: Fields, accession: str) -> str:
    pmid = digits_of(first_value(fields, "PM")) or pmid_of(first_value(fields, "PM"))
    if not pmid and accession.upper().startswith("MEDLINE:"):
        return digits_of(accession[8:])
    return pmid


def _keywords(fields: Fields) -> tuple[str, ...]:
    """Return the authors' keywords, Keywords Plus, and headings of MEDLINE and SciELO."""
    joined = [" ".join(value.split()) for value in tagged_values(fields, "DE", "ID")]
    other = tagged_values(fields, "X5", "Y5", "Z5") if not joined else []
    return keywords_of((*joined, *other, *tagged_lines(fields, "MH")))


def _type(fields: Fields) -> str:
    kinds = [
        part.strip() for part in first_value(fields, "DT").split(";") if part.strip()
    ]
    words = [WORDS_OF_DT.get(kind.lower(), word_of_text(kind)) for kind in kinds]
    if "book chapter" in words:
        return "book chapter"
    known = [word for word in words if word in WORDS]
    if known or any(words):
        return next(word for word in (*known[:1], *words) if word)
    return WORDS_OF_PT.get(first_value(fields, "PT"), "")
