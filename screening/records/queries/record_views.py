"""A record as a value that every app can show."""

from __future__ import annotations

import re
from dataclasses import dataclass

from screening.records.models import Record
from screening.records.rules.flags import Flag, flags_of_notices

# Labels of structured abstracts: "BACKGROUND: …", "Methods. …".
_LABEL = re.compile(
    r"(?:(?<=^)|(?<=[.?!;)\]] ))"
    r"((?:[A-Z][A-Z/&,\- ]{3,40}|Abstract|Aims?|Background|Conclusions?|Context|Design"
    r"|Discussion|Findings|Introduction|Method|Methods|Objectives?|Participants"
    r"|Purpose|Results|Setting)):\s+"
)


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record as every app shows it. ``arm`` is "databases" or "other"."""

    code: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    journal: str
    volume: str
    issue: str
    pages: str
    doi: str
    pmid: str
    accession: str
    abstract: str
    keywords: tuple[str, ...]
    type: str
    url: str
    language: str
    issn: str
    notes: str
    source_code: str
    source_name: str
    arm: str
    flags: tuple[Flag, ...] = ()

    @property
    def short_authors(self) -> str:
        """Return "Byron et al.", both names of two authors, or "" without authors."""
        families = [author.split(",")[0] for author in self.authors]
        if len(families) > 2:
            return f"{families[0]} et al."
        return " & ".join(families)

    @property
    def published_in(self) -> str:
        """Return "Journal, 2018; 14(2): 112-119" from the known parts."""
        year = str(self.year) if self.year else ""
        issue = f"({self.issue})" if self.issue else ""
        place = f"{self.volume}{issue}"
        place = (
            f"{place}: {self.pages}" if place and self.pages else place or self.pages
        )
        head = ", ".join(part for part in (self.journal, year) if part)
        return "; ".join(part for part in (head, place) if part)

    @property
    def doi_url(self) -> str:
        """Return the address of the DOI, or ""."""
        return f"https://doi.org/{self.doi}" if self.doi else ""

    @property
    def web_url(self) -> str:
        """Return the record's own address if it is safe to link to, else ""."""
        return self.url if re.match(r"https?://", self.url, re.I) else ""

    @property
    def abstract_parts(self) -> tuple[tuple[str, str], ...]:
        """Return the abstract as pairs of label and text; the label may be ""."""
        pieces = _LABEL.split(self.abstract)
        parts = [("", pieces[0].strip())] if pieces[0].strip() else []
        for label, text in zip(pieces[1::2], pieces[2::2], strict=True):
            parts.append((label.strip().capitalize(), text.strip()))
        return tuple(parts)


def record_view(record: Record) -> RecordView:
    """Return the record as every app shows it (needs ``source``: select_related).

    Deferred texts stay empty, because a list must not fetch them one by one.
    """
    left_out = record.get_deferred_fields()
    return RecordView(
        code=record.code,
        title=record.title,
        authors=tuple(record.authors),
        year=record.year,
        journal=record.journal,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        doi=record.doi,
        pmid=record.pmid,
        accession=record.accession,
        abstract="" if "abstract" in left_out else record.abstract,
        keywords=() if "keywords" in left_out else tuple(record.keywords),
        type=record.type,
        url=record.url,
        language=record.language,
        issn=record.issn,
        notes="" if "notes" in left_out else record.notes,
        source_code=record.source.code,
        source_name=record.source.name,
        arm=record.arm,
        flags=flags_of_notices(record.notices)
        if "notices" not in left_out and record.notices
        else (),
    )
