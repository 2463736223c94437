"""The reference list of the published review (`cited.ris`), as works of the demo."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from reviewapp.demo.journals import abbreviate
from reviewapp.demo.work import (
    ExclusionReason,
    FoundBy,
    PlannedStatus,
    Traits,
    Work,
    WorkKind,
)

FOLDER = Path(__file__).parent
CITED = FOLDER / "cited.ris"
FATES = FOLDER / "cited_status.tsv"

# Number in cited.ris -> fields that are wrong in the list, with the correct values.
REPAIRS: dict[int, dict[str, str]] = {
    # The list gives Myers the DOI of the next entry, Nabatchi et al. 2017.
    103: {"doi": ""},
    90: {"doi": "10.1037/prj0000171"},
    97: {
        "title": "Peer support for people with severe mental illness versus usual care in high-, middle- and low-income countries: Study protocol for a pragmatic, multicenter randomised controlled trial (UPSIDES-RCT)"
    },
    116: {
        "title": "Beneficial effects of peer support in psychiatric hospitals. A critical reflection on the results of a qualitative interview and focus group study",
        "journal": "Journal of Mental Health",
    },
    127: {"journal": "Psychiatric Rehabilitation Journal"},
    140: {
        "title": "From client to co-worker: A case study of the transition to peer work within a multi-disciplinary hepatitis C treatment team in Toronto, Canada",
        "journal": "Harm Reduction Journal",
    },
    145: {"journal": "Annals of Internal Medicine"},
    155: {"journal": "Human Resources for Health"},
    19: {"journal": "Public Management Review"},
    63: {"journal": "Frontiers in Sociology"},
    # A short DOI of the publisher, cut in the list.
    7: {"doi": ""},
    147: {"doi": ""},
    38: {
        "journal": "Journal of Mental Health Training, Education & Practice",
        "volume": "10",
    },
    94: {"journal": "Public Performance & Management Review", "volume": "44"},
    112: {"journal": "Journal of Substance Abuse Treatment", "volume": "132"},
    115: {"journal": "British Journal of Management", "volume": "24"},
    138: {"journal": "European Journal of Social Work", "volume": "16"},
}
_REASONS = {r.name.casefold(): r for r in ExclusionReason}
_WAYS = {
    "reference-list": FoundBy.REFERENCE_LIST,
    "expert": FoundBy.EXPERT,
    "scanning": FoundBy.SCANNING,
}
_PUBLISHERS = (
    "Cambridge University Press",
    "Routledge",
    "Edward Elgar Publishing",
    "Macmillan International Higher Education. Bloomsbury Publishing",
    "Penguin Books Limited",
    "Springer International Publishing",
    "Frontiers in Sociology",
)


@dataclass(frozen=True, slots=True)
class CitedStatus:
    """One row of cited_status.tsv."""

    author: str
    year: int
    planned: PlannedStatus
    traits: Traits | None


@cache
def cited_status() -> tuple[CitedStatus, ...]:
    """Return the rows of cited_status.tsv."""
    lines = FATES.read_text(encoding="utf-8").splitlines()
    return tuple(_fate(line) for line in lines if not line.startswith("#"))


def _fate(line: str) -> CitedStatus:
    _, author, year, kind, why, country, focus, role = line.split("\t")
    near = kind != "title-abstract"
    status = PlannedStatus(
        passes=near, reason=_REASONS.get(why), way=_WAYS.get(why), near=near
    )
    traits = Traits(country, focus, role) if country else None
    return CitedStatus(author, int(year), status, traits)


@cache
def cited_works() -> tuple[Work, ...]:
    """Return the 167 cited references in the order of the list, without abstracts."""
    entries = _entries(CITED.read_text(encoding="utf-8"))
    pairs = zip(entries, cited_status(), strict=True)
    return tuple(_work(i, entry, status) for i, (entry, status) in enumerate(pairs))


def _entries(text: str) -> list[dict[str, list[str]]]:
    found: list[dict[str, list[str]]] = []
    for line in text.splitlines():
        tag, value = line[:2], line[6:].strip()
        if tag == "TY":
            found.append({})
        if line.strip() and tag != "ER":
            found[-1].setdefault(tag, []).append(value)
    return found


def _work(number: int, entry: dict[str, list[str]], row: CitedStatus) -> Work:
    def first(tag: str) -> str:
        return entry.get(tag, [""])[0]

    title, publisher = _title_and_publisher(first("TI"))
    work = Work(
        number=number,
        title=title,
        authors=tuple(entry.get("AU", ())),
        year=int(first("PY")),
        journal=first("JO"),
        abbreviation="",
        issn="",
        volume=first("VL"),
        issue=first("IS"),
        first_page=first("SP"),
        last_page=first("EP"),
        doi=first("DO").lower(),
        pmid="",
        abstract="",
        keywords=(),
        kind=WorkKind.ARTICLE,
        publisher=publisher,
        domain="cited",
        invented=False,
        planned=row.planned,
        traits=row.traits,
    )
    work = replace(work, **REPAIRS.get(number, {}))  # type: ignore[arg-type]
    return replace(work, kind=_kind(work), abbreviation=abbreviate(work.journal))


def _kind(work: Work) -> WorkKind:
    if work.journal:
        return WorkKind.ARTICLE
    return WorkKind.CHAPTER if "encyclopedia" in work.title else WorkKind.BOOK


def _title_and_publisher(title: str) -> tuple[str, str]:
    """Split a book's publisher and edition from the end of its title."""
    title = re.sub(r"\. Available from \S+$", "", title)
    for publisher in _PUBLISHERS:
        if title.endswith(publisher):
            title = title.removesuffix(publisher).rstrip(" .")
            return re.sub(r" \(1st ed\.\)$", "", title), publisher
    return title, ""
