"""Invented works that the sample files show, and the values expected of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from reviewapp.demo.generator import write_work
from reviewapp.demo.planned_counts import Brief
from reviewapp.demo.source_variants import SourceVariant, family_and_given, initials
from reviewapp.demo.sources import BY_KEY
from reviewapp.demo.titles import TitleMaker, Wish
from reviewapp.demo.work import PlannedStatus, Work, WorkKind

# Above the numbers of the demo, so that no work is in both.
FIRST_NUMBER = 200_000
ARTICLES = 90
DOMAINS = ("nursing", "psychiatry", "education", "addiction", "socialwork", "digital")
DESIGNS = ("qualitative", "quantitative", "trial", "mixed", "review")
PREFIX = 80
"""Letters of an abstract that are compared."""

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample file, and the values expected from its reader."""

    name: str
    content: bytes
    format: str
    records: list[Entry] = field(default_factory=list)
    platform: str = ""
    encoding: str | None = "utf-8"
    warnings: tuple[str, ...] = ()
    skipped: int = 0
    refusal: str = ""
    members: dict[str, int] = field(default_factory=dict)
    difficulties: str = ""

    def entry(self) -> Entry:
        """Return the entry of the file in ``expected.json``."""
        found: Entry = {
            "outcome": "refuse" if self.refusal else "import",
            "difficulties": self.difficulties,
            "format": self.format or None,
            "platform": self.platform,
            "encoding": self.encoding,
            "expected_records": sum(self.members.values()) or len(self.records),
            "skipped_records": self.skipped,
            "warnings": sorted(self.warnings),
        }
        if self.refusal:
            return found | {"refusal": self.refusal}
        if self.members:
            found["members"] = self.members
        records = [{"index": n, **one} for n, one in enumerate(self.records)]
        return found | {"records": records}


@cache
def _made() -> tuple[Work, ...]:
    maker = TitleMaker()
    kinds = [WorkKind.ARTICLE] * ARTICLES + [
        WorkKind.BOOK,
        WorkKind.CHAPTER,
        WorkKind.THESIS,
    ] * 3
    made = []
    for place, kind in enumerate(kinds):
        designs = DESIGNS if kind is WorkKind.ARTICLE else ("qualitative",)
        wish = Wish(DOMAINS[place % len(DOMAINS)], designs)
        brief = Brief(wish, PlannedStatus(passes=False), kind, since=2012)
        made.append(write_work(FIRST_NUMBER + place, brief, maker))
    return tuple(made)


def articles(start: int, end: int) -> list[Work]:
    """Return articles that have a DOI and a PubMed number, by their places."""
    whole = [w for w in _made() if w.kind is WorkKind.ARTICLE and w.doi and w.pmid]
    found = whole[start:end]
    if len(found) != end - start:
        raise ValueError(f"there are {len(whole)} articles")
    return found


def without_doi(number: int) -> list[Work]:
    """Return articles that have no DOI."""
    return [w for w in _made() if w.kind is WorkKind.ARTICLE and not w.doi][:number]


def others(kind: WorkKind) -> list[Work]:
    """Return the three books, chapters or theses."""
    return [w for w in _made() if w.kind is kind]


def erratum(work: Work) -> Work:
    """Return the erratum to an article, in the same journal two issues later."""
    return replace(
        work,
        number=work.number + 1_000,
        title=f"Erratum to: {work.title}",
        issue=str(int(work.issue or 1) + 2),
        first_page="e9" if not work.last_page else str(int(work.first_page) + 300),
        last_page="",
        doi=f"{work.doi}.err",
        pmid=str(int(work.pmid) + 500) if work.pmid else "",
        abstract="",
    )


def seen(work: Work, source: str, **changes: Any) -> SourceVariant:
    """Return the work as a database of the demo prints it, undamaged."""
    whole = SourceVariant(
        work=work,
        source=BY_KEY[source],
        copy=1,
        title=work.title,
        authors=work.authors,
        year=work.year,
        journal=work.journal,
        volume=work.volume,
        issue=work.issue,
        first_page=work.first_page,
        last_page=work.last_page,
        doi=work.doi,
        abstract=work.abstract,
        accession=work.number * 10 + 1,
    )
    return replace(whole, **changes)


def wanted(work: Work, **changes: Any) -> Entry:
    """Return the values expected from any complete export of the work.

    ``changes`` are the values of a dialect that differ; a value of ``...`` is not
    compared.
    """
    entry: Entry = {
        "title": work.title,
        "authors": list(work.authors),
        "year": work.year,
        "journal": work.journal or None,
        "volume": work.volume or None,
        "issue": work.issue or None,
        "pages": pages(work) or None,
        "doi": work.doi or None,
        "abstract_prefix": work.abstract[:PREFIX].strip() or None,
    }
    entry |= changes
    return {key: value for key, value in entry.items() if value is not ...}


def pages(work: Work) -> str:
    """Return the pages as a range, or the one page or article number."""
    return "-".join(page for page in (work.first_page, work.last_page) if page)


def dotted(name: str, gap: str = "") -> str:
    """Return the name as "Family, A.B.", or with a gap as "Family, A. B."."""
    family, given = family_and_given(name)
    return f"{family}, {initials(given, '.' + gap).strip()}"


def bare(name: str) -> str:
    """Return the name as "Family, AB"."""
    family, given = family_and_given(name)
    return f"{family}, {initials(given, '')}"


def glued(name: str) -> str:
    """Return the name as "Family AB", as PubMed prints it."""
    return bare(name).replace(", ", " ")


def lines(*fields: tuple[str, str], end: str = "\n", dash: str = "  - ") -> str:
    """Return tagged lines; those without a value are left out."""
    return "".join(f"{tag}{dash}{value}{end}" for tag, value in fields if value)


def columns(names: str) -> list[str]:
    """Return the names of columns that are parted by commas or spaces."""
    return names.split("," if "," in names else " ")
