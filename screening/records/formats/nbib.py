"""PubMed's MEDLINE/NBIB text format, and ERIC's variety of it.

Tags fill four columns before "- ". A record begins with `PMID-`, or, where there is
none (ERIC), with the first tag after a blank line. Wrapped values are indented.
Source of the tags: https://www.nlm.nih.gov/bsd/mms/medlineelements.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .citation import Citation
from .fields import (
    abstract_of,
    digits_of,
    distinct,
    doi_of,
    doi_of_link,
    fold,
    keywords_of,
    names_of,
    pages_of,
    year_of,
)
from .kinds import word_of_text
from .lines import TextLines
from .recognising import Recognised
from .report import Report

Fields = dict[str, list[str]]

TAG = re.compile(r"^([A-Z][A-Z0-9]{1,3}) {0,2}- ?(.*)$", re.S)
NOT_A_TITLE = frozenset({"[not available].", "[not available]", ""})


class _Piece:
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
        """Join the lines that continue the last value to it."""
        if self.tail:
            self.last[-1] = " ".join([self.last[-1], *self.tail])
            self.tail = []


def _pieces(lines: TextLines, report: Report) -> Iterator[_Piece]:
    piece: _Piece | None = None
    blank_before = True
    outside: list[str] = []
    outside_first = 0
    for line in lines:
        if line[:1] == " " and piece and not blank_before and line.strip():
            piece.continue_value(line)
            continue
        match = TAG.match(line)
        if match:
            tag, value = match.groups()
            if (
                piece is None
                or blank_before
                or (tag == "PMID" and "PMID" in piece.fields)
            ):
                if piece:
                    yield piece
                _flush(outside, outside_first, report)
                piece = _Piece(lines.number)
            piece.lines.append(line)
            piece.put(tag, value)
        elif line.strip() and piece and not blank_before:
            piece.continue_value(line)
        elif line.strip():
            if piece:
                yield piece
                piece = None
            outside_first = outside_first if outside else lines.number
            outside.append(line)
            blank_before = True
            continue
        blank_before = not line.strip()
    if piece:
        yield piece
    _flush(outside, outside_first, report)


def _flush(outside: list[str], first: int, report: Report) -> None:
    if outside:
        report.put_outside(first, "\n".join(outside))
        outside.clear()


def citations(
    lines: TextLines, recognised: Recognised, report: Report
) -> Iterator[Citation]:
    """Read NBIB records one by one; what has no content is skipped."""
    for piece in _pieces(lines, report):
        piece.settle()
        raw = "\n".join(piece.lines)
        useful = any(
            value.strip()
            for tag, values in piece.fields.items()
            if tag not in ("OWN", "STAT")
            for value in values
        )
        if not useful:
            report.warn("empty-record", piece.first, "The record has no content.")
            report.skip(piece.first, "The record has no content.", raw)
            continue
        yield _citation_of(piece.fields, piece.first, raw, report)


def _citation_of(fields: Fields, line: int, raw: str, report: Report) -> Citation:
    title = _title(fields)
    if not title:
        report.warn("no-title", line, "The record has no title.")
    pmid = digits_of(_first(fields, "PMID"))
    return Citation(
        title=title,
        authors=_authors(fields),
        year=_year(fields),
        journal=_journal(fields),
        volume=_first(fields, "VI"),
        issue=_first(fields, "IP"),
        pages=pages_of(_first(fields, "PG")),
        doi=_doi(fields),
        pmid=pmid,
        accession=_first(fields, "OID") or pmid or _first(fields, "JID"),
        abstract=abstract_of(fields.get("AB", ()))
        or abstract_of(fields.get("OAB", ())),
        keywords=keywords_of((*fields.get("OT", ()), *fields.get("MH", ()))),
        type=_type(fields),
        url=_url(fields, pmid),
        language=_first(fields, "LA"),
        issn="; ".join(distinct((*fields.get("IS", ()), *fields.get("ISSN", ())))),
        notes=" | ".join(distinct(fields.get("GN", ()))),
        raw=raw,
        line=line,
    )


def _first(fields: Fields, tag: str) -> str:
    return next((fold(value) for value in fields.get(tag, ()) if value.strip()), "")


def _title(fields: Fields) -> str:
    """TI; the title in the original language where PubMed has no translation."""
    for tag in ("TI", "TT", "BTI", "CTI"):
        title = _first(fields, tag)
        if title.lower() not in NOT_A_TITLE:
            return title
    return ""


def _authors(fields: Fields) -> tuple[str, ...]:
    """Full names where every author has one, else the short ones, else the group."""
    full, short = fields.get("FAU", []), fields.get("AU", [])
    people = full if len(full) >= len(short) else short
    return names_of(people or fields.get("CN", ()) or fields.get("FED", ()))


def _year(fields: Fields) -> int | None:
    for tag in ("DP", "DEP", "SO", "EDAT", "CRDT"):
        for value in fields.get(tag, ()):
            year = year_of(value) or year_of(value[:4])
            if year:
                return year
    return None


def _journal(fields: Fields) -> str:
    """JT, unless ERIC put the publisher of a report there."""
    eric = "ERIC" in fields.get("OWN", ["NLM"])[0]
    kinds = " ".join(fields.get("PT", ()))
    if eric and kinds and "Journal" not in kinds and "VI" not in fields:
        return ""
    return _first(fields, "JT") or _first(fields, "TA") or _first(fields, "BTI")


def _doi(fields: Fields) -> str:
    for tag in ("LID", "AID"):
        for value in fields.get(tag, ()):
            if "[doi]" in value.lower():
                return doi_of(value.split("[")[0] if value.count("[") == 1 else value)
    for tag in ("AID", "LID", "DOI"):
        for value in fields.get(tag, ()):
            doi = doi_of_link(value) or (
                doi_of(value) if value.startswith("10.") else ""
            )
            if doi:
                return doi
    match = re.search(r"\bdoi: ?(10\.\S+)", _first(fields, "SO"), re.I)
    return doi_of(match.group(1)) if match else ""


def _type(fields: Fields) -> str:
    """The most telling publication type; a plain word for an article."""
    kinds = distinct(fields.get("PT", ()))
    words = [word_of_text(kind) for kind in kinds]
    if "journal article" in words:
        return "journal article"
    return words[0] if words else ""


def _url(fields: Fields, pmid: str) -> str:
    for tag in ("LID", "AID", "4099", "URL"):
        for value in fields.get(tag, ()):
            if value.startswith(("http://", "https://")):
                return fold(value)
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else ""
