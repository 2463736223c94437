"""Reader of PubMed's MEDLINE/NBIB text format and of ERIC's variant.

A tag fills four columns before "- ". A record starts with `PMID-` or, without one
(ERIC), with the first tag after a blank line. Continued lines are indented. Source of
the tags: https://www.nlm.nih.gov/bsd/mms/medlineelements.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from screening.citations.citation import Citation
from screening.citations.fields import (
    Fold,
    abstract_of,
    digits_of,
    distinct,
    doi_of,
    doi_of_link,
    fold,
    keywords_of_joined,
    pages_of,
    year_of,
)
from screening.citations.notices import (
    NBIB_TAGS,
    OF_LINKS,
    Notice,
    joined_notices,
    notices_of_types,
)
from screening.citations.people import names_of_joined
from screening.citations.reading.drafts import CitationDraft
from screening.citations.reading.format_marks import FormatMark, Platforms, Recognised
from screening.citations.reading.lines import TextLines
from screening.citations.reading.plain_text import fold_plain, is_plain
from screening.citations.reading.reading_report import ReadingReport
from screening.citations.reference_types import WORDS, word_of_text
from screening.citations.translation import gettext as _

MARKS = (FormatMark("line", re.compile(r"^PMID- ?\d|^OWN ?- \w", re.M)),)
PLATFORMS: Platforms = (
    ("ERIC", r"^OWN ?- ERIC|eric\.ed\.gov"),
    ("PubMed", r"^PMID- ?\d"),
)

Fields = dict[str, list[str]]
# Its fields, its first line, its text, and True if it is known to be plain text.
Record = tuple[Fields, int, str, bool]

TAG = re.compile(r"^([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)$", re.S)
# A line that no regular record has: no tag in four columns, no indented text.
IRREGULAR = re.compile(
    r"\n(?![A-Z][A-Z0-9](?:  |[A-Z0-9][A-Z0-9 ])- |      [^\S\n]*+[^\s])"
)
# The tags that are read. The others, mostly affiliations, are half of the text and are
# not parsed. The pattern is built letter by letter, which makes the search fast.
READ = {
    "A": ("B", "ID", "U"),
    "B": ("TI",),
    "C": ("N", "RDT", "RI", "TI"),
    "D": ("EP", "OI", "P"),
    "E": ("CF", "CI", "DAT", "FR", "IN"),
    "F": ("AU", "ED"),
    "G": ("N",),
    "I": ("P", "S", "SSN"),
    "J": ("ID", "T"),
    "L": ("A", "ID"),
    "M": ("H",),
    "O": ("AB", "ID", "T", "WN"),
    "P": ("G", "MID", "T"),
    "R": ("IN", "OF", "PI", "RI"),
    "S": ("O",),
    "T": ("A", "I", "T"),
    "U": ("RL",),
    "V": ("I",),
}
_READ = "|".join(
    f"{letter}(?:{'|'.join(f'{rest:3}' for rest in tags)})"
    for letter, tags in READ.items()
)
# A tag with its value, its continued lines, and further values with the same tag.
READ_TAGS = re.compile(rf"\n({_READ})- (.*(?:\n(?:      |\1- ).*)*+)")
WRAPPED = "\n      "
# PubMed leaves this at the end of a line that continues.
WRAPPED_AT_SPACE = " \n      "
BLANK_LINE = "\n\n"
# Text without a blank line is not held back for longer than this.
PENDING_CHARS = 2 << 20
# Longer text is read line by line, which has no limit on the number of parts.
PARTS_AT_MOST = 1000
# The usual form in PubMed, which needs no decoding.
PLAIN_DOI = re.compile(r"(10\.\d{4,9}/[A-Za-z0-9._/-]{0,200}[A-Za-z0-9]) \[doi\]")
LINK_TAGS = frozenset(NBIB_TAGS)
NOT_A_TITLE = frozenset({"[not available].", "[not available]", ""})


class _NbibEntry:
    __slots__ = ("fields", "first", "last", "lines", "tail")

    def __init__(self, first: int) -> None:
        self.first = first
        self.fields: Fields = {}
        self.lines: list[str] = []
        self.last: list[str] = []
        self.tail: list[str] = []

    def put(self, tag: str, value: str) -> None:
        self.settle()
        self.last = self.fields.setdefault(tag, [])
        self.last.append(value)

    def continue_value(self, line: str) -> None:
        self.lines.append(line)
        self.tail.append(line.strip())

    def settle(self) -> None:
        """Append the continued lines to the last value."""
        if self.tail:
            self.last[-1] = " ".join([self.last[-1], *self.tail])
            self.tail = []


class _NbibScanner:
    """Separates text into records.

    Text between two blank lines is parsed as a whole if it is regular: tags in four
    columns, continued lines indented. The rest is read line by line.
    """

    def __init__(self, report: ReadingReport) -> None:
        self.report = report
        self.outside: list[str] = []
        self.outside_first = 0

    def records(self, lines: TextLines) -> Iterator[Record]:
        """Yield the records. Text that belongs to no record goes to the report."""
        rest, first = "", 1
        is_begun, is_plain = False, True
        for block in lines.blocks():
            is_plain = lines.plain and (is_plain or not rest)
            parts = (f"{rest}\n{block}" if is_begun else block).split(BLANK_LINE)
            is_begun = True
            rest = parts.pop()
            for part in parts:
                yield from self._part(part, first, is_plain)
                first += part.count("\n") + 2
            if parts:
                is_plain = lines.plain
            if len(rest) > PENDING_CHARS:
                # There was no blank line for long: cut before a record or a line.
                cut = rest.rfind("\nPMID-")
                cut = cut if cut > 0 else rest.rfind("\n")
                if cut > 0:
                    yield from self._part(rest[:cut], first, is_plain)
                    first += rest.count("\n", 0, cut) + 1
                    rest = rest[cut + 1 :]
        if is_begun:
            yield from self._part(rest, first, is_plain)
        self._flush()

    def _part(self, part: str, first: int, is_plain: bool) -> Iterator[Record]:
        text = part.strip("\n")
        if not text:
            return
        begins = first + part.find(text[0]) if part[0] == "\n" else first
        fields = self._whole(text)
        if fields is not None:
            self._flush()
            yield fields, begins, text, is_plain
            return
        for entry in self._pieces(text.split("\n"), begins):
            entry.settle()
            yield entry.fields, entry.first, "\n".join(entry.lines), False

    def _whole(self, text: str) -> Fields | None:
        """Return the fields of a regular record, None if it is not regular."""
        if text[0] == " ":
            return None
        text = f"\n{text}"
        if IRREGULAR.search(text):
            return None
        fields: Fields = {}
        for columns, value in READ_TAGS.findall(text):
            if "\n" in value:
                if WRAPPED in value:
                    value = value.replace(WRAPPED_AT_SPACE, " ").replace(WRAPPED, " ")
                values = value.split(f"\n{columns}- ")
            else:
                values = [value]
            tag = columns.rstrip()
            if tag in fields:
                fields[tag] += values
            else:
                fields[tag] = values
        is_one = len(fields.get("PMID", ())) < 2
        return fields if is_one and _is_useful(fields) else None

    def _pieces(self, lines: list[str], first: int) -> Iterator[_NbibEntry]:
        entry: _NbibEntry | None = None
        blank_before = True
        for number, line in enumerate(lines, first):
            if line[:1] == " " and entry and not blank_before and line.strip():
                entry.continue_value(line)
                continue
            match = TAG.match(line)
            if match:
                tag, value = match.groups()
                again = entry and tag == "PMID" and "PMID" in entry.fields
                if entry is None or blank_before or again:
                    if entry:
                        yield entry
                    self._flush()
                    entry = _NbibEntry(number)
                entry.lines.append(line)
                entry.put(tag, value)
            elif line.strip() and entry and not blank_before:
                entry.continue_value(line)
            elif line.strip():
                if entry:
                    yield entry
                    entry = None
                self.outside_first = self.outside_first if self.outside else number
                self.outside.append(line)
                blank_before = True
                continue
            blank_before = not line.strip()
        if entry:
            yield entry

    def _flush(self) -> None:
        if self.outside:
            self.report.put_outside(self.outside_first, "\n".join(self.outside))
            self.outside = []


def read_nbib_fields(lines: TextLines, report: ReadingReport) -> Iterator[Record]:
    """Yield the records as tagged fields, with their first lines and their texts."""
    return _NbibScanner(report).records(lines)


def read_nbib(
    lines: TextLines, recognised: Recognised, report: ReadingReport
) -> Iterator[Citation]:
    """Read NBIB records one by one. Records without content are skipped."""
    for fields, first, raw, plain in read_nbib_fields(lines, report):
        if not _is_useful(fields):
            report.warn("empty-record", first, _("The record has no content."))
            report.skip(first, _("The record has no content."), raw)
            continue
        folded = fold_plain if plain or is_plain(raw) else fold
        yield _citation_of(fields, first, raw, folded, report)


def _is_useful(fields: Fields) -> bool:
    """Return True if a field has a value, other than those that every record has."""
    if "PMID" in fields and fields["PMID"][0].isdecimal():
        return True
    return any(
        value and not value.isspace()
        for tag, values in fields.items()
        if tag not in ("OWN", "STAT")
        for value in values
    )


def _citation_of(
    fields: Fields, line: int, raw: str, folded: Fold, report: ReadingReport
) -> Citation:
    title = _title(fields, folded)
    if not title:
        report.warn("no-title", line, _("The record has no title."))
    pmid = digits_of(_first(fields, "PMID", folded))
    draft = CitationDraft(raw, line)
    draft.title = title
    draft.authors = _authors(fields, folded)
    draft.year = _year(fields)
    draft.journal = _journal(fields, folded)
    draft.volume = _first(fields, "VI", folded)
    draft.issue = _first(fields, "IP", folded)
    draft.pages = pages_of(_first(fields, "PG", folded))
    draft.doi = _doi(fields)
    draft.pmid = pmid
    draft.accession = (
        _first(fields, "OID", folded) or pmid or _first(fields, "JID", folded)
    )
    draft.abstract = abstract_of(fields.get("AB", ()), folded) or abstract_of(
        fields.get("OAB", ()), folded
    )
    draft.keywords = _keywords(fields, folded)
    draft.type = _type_of(tuple(fields.get("PT", ())))
    draft.url = _url(fields, pmid)
    draft.language = _first(fields, "LA", folded)
    draft.issn = _issn((*fields.get("IS", ()), *fields.get("ISSN", ())))
    draft.notes = " | ".join(distinct(fields["GN"])) if "GN" in fields else ""
    draft.notices = _notices(fields, folded)
    return draft.done()


def _notices(fields: Fields, folded: Fold) -> tuple[Notice, ...]:
    """Return retractions and errata, from the publication types and from links."""
    found = notices_of_types(fields.get("PT", ()))
    if LINK_TAGS.isdisjoint(fields):
        return found
    links = (
        (OF_LINKS[tag], folded(value))
        for tag in NBIB_TAGS
        for value in fields.get(tag, ())
    )
    return joined_notices(found, links)


def _first(fields: Fields, tag: str, folded: Fold) -> str:
    if tag in fields:
        for value in fields[tag]:
            text = folded(value)
            if text:
                return text
    return ""


def _title(fields: Fields, folded: Fold) -> str:
    """Return TI, or the title in the original language if there is no translation."""
    for tag in ("TI", "TT", "BTI", "CTI"):
        title = _first(fields, tag, folded)
        if title.lower() not in NOT_A_TITLE:
            return title
    return ""


def _authors(fields: Fields, folded: Fold) -> tuple[str, ...]:
    """Return full names if every author has one, else short names, then the groups."""
    full, short = fields.get("FAU", []), fields.get("AU", [])
    people = full if len(full) >= len(short) else short
    people = [*people, *fields.get("CN", ())] or fields.get("FED", [])
    return names_of_joined(folded("\0".join(people)))


def _keywords(fields: Fields, folded: Fold) -> tuple[str, ...]:
    words = (*fields.get("OT", ()), *fields.get("MH", ()))
    return keywords_of_joined(folded("\0".join(words)))


def _year(fields: Fields) -> int | None:
    for tag in ("DP", "DEP", "SO", "EDAT", "CRDT"):
        for value in fields.get(tag, ()):
            year = year_of(value) or year_of(value[:4])
            if year:
                return year
    return None


def _journal(fields: Fields, folded: Fold) -> str:
    """Return JT, unless ERIC has the publisher of a report there."""
    eric = "ERIC" in fields.get("OWN", ["NLM"])[0]
    kinds = " ".join(fields.get("PT", ()))
    if eric and kinds and "Journal" not in kinds and "VI" not in fields:
        return ""
    return (
        _first(fields, "JT", folded)
        or _first(fields, "TA", folded)
        or _first(fields, "BTI", folded)
    )


def _doi(fields: Fields) -> str:
    for tag in ("LID", "AID"):
        for value in fields.get(tag, ()):
            plain = PLAIN_DOI.fullmatch(value)
            if plain:
                return plain.group(1).lower()
            if "[doi]" in value.lower():
                return doi_of(value.split("[")[0] if value.count("[") == 1 else value)
    for tag in ("AID", "LID", "DOI"):
        for value in fields.get(tag, ()):
            doi = doi_of_link(value) or (
                doi_of(value) if value.startswith("10.") else ""
            )
            if doi:
                return doi
    match = re.search(r"\bdoi: ?(10\.\S+)", _first(fields, "SO", fold), re.I)
    return doi_of(match.group(1)) if match else ""


# There are few types and few journals, so they are cached.
@lru_cache(maxsize=1024)
def _type_of(kinds: tuple[str, ...]) -> str:
    """Return the most specific publication type, as a plain word for an article."""
    words = [word_of_text(kind) for kind in distinct(kinds)]
    if "journal article" in words:
        return "journal article"
    known = [word for word in words if word in WORDS]
    return (known or words or [""])[0]


@lru_cache(maxsize=1024)
def _issn(values: tuple[str, ...]) -> str:
    return "; ".join(distinct(values))


def _url(fields: Fields, pmid: str) -> str:
    for tag in ("LID", "AID", "URL"):
        for value in fields.get(tag, ()):
            if value.startswith(("http://", "https://")):
                return fold(value)
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else ""
