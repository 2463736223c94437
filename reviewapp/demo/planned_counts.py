"""Planned counts of the invented works of the demo.

The totals are those of the published review (docs/published-review.md): 13 178
references at title and abstract, 434 of them read in full (445 with the 11 from
other methods), 273 excluded with a reason, 172 included.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from reviewapp.demo.cited import cited_works
from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.titles import Wish
from reviewapp.demo.words import sections
from reviewapp.demo.work import ExclusionReason, PlannedStatus, Traits, WorkKind

K = TypeVar("K")

SCREENED = 13_178
PUBLISHED_SINCE_2017 = 116
# Numbers of invented studies among the included studies of these services.
VETERANS, FORENSIC = 4, 2

# Full-text exclusions per reason. The paper names the reasons but not the counts.
REASON_COUNTS: dict[ExclusionReason, int] = {
    ExclusionReason.MUTUAL: 68,
    ExclusionReason.OPINION: 61,
    ExclusionReason.INCOMPLETE: 22,
    ExclusionReason.UNCLEAR: 47,
    ExclusionReason.RESEARCH: 24,
    ExclusionReason.EDUCATION: 16,
    ExclusionReason.COLLEGE: 14,
    ExclusionReason.YOUTH: 13,
    ExclusionReason.LANGUAGE: 8,
}
# Included studies per region and per focus and role; see docs/published-review.md
# for differences from the printed numbers.
REGION_COUNTS = {
    "United States": 72,
    "Oceania": 35,
    "Great Britain": 23,
    "Canada": 15,
    "Europe excluding Great Britain": 18,
    "Asia": 8,
    "South America": 1,
}
FOCUS_AND_ROLE_COUNTS = {
    ("outcomes", "pre-determined"): 19,
    ("qualities", "pre-determined"): 2,
    ("outcomes", "peer support"): 29,
    ("qualities", "peer support"): 49,
    ("implementation", "peer support"): 67,
    ("outcomes", "co-creation"): 1,
    ("qualities", "co-creation"): 1,
    ("implementation", "co-creation"): 4,
}
REGIONS = {
    "United States": ("United States",),
    "Oceania": ("Australia", "New Zealand"),
    "Great Britain": ("United Kingdom",),
    "Canada": ("Canada",),
    "Europe excluding Great Britain": (
        "Norway",
        "Sweden",
        "Denmark",
        "Finland",
        "Netherlands",
        "Belgium",
        "Germany",
        "Switzerland",
        "Austria",
        "France",
        "Spain",
        "Italy",
        "Ireland",
        "Czechia",
    ),
    "Asia": ("Japan", "South Korea", "Hong Kong", "Taiwan", "Singapore", "India"),
    "South America": ("Chile", "Brazil"),
}
_EMPIRICAL = ("qualitative", "qualitative", "qualitative", "mixed", "quantitative")
_FULL_TEXT_DOMAINS = {
    ExclusionReason.MUTUAL: ("mutual", _EMPIRICAL),
    ExclusionReason.OPINION: ("opinion", ("review", "review", "commentary")),
    ExclusionReason.INCOMPLETE: ("incomplete", ("mixed", "qualitative")),
    ExclusionReason.UNCLEAR: ("unclear", _EMPIRICAL),
    ExclusionReason.RESEARCH: ("research", _EMPIRICAL),
    ExclusionReason.EDUCATION: ("teaching", _EMPIRICAL),
    ExclusionReason.COLLEGE: ("college", _EMPIRICAL),
    ExclusionReason.YOUTH: ("youth", _EMPIRICAL),
    ExclusionReason.LANGUAGE: ("grey", ("qualitative", "mixed")),
}
# Domains of works excluded at title and abstract, in thousandths.
_FIELDS = {
    "other": 120,
    "coproduction": 130,
    "psychiatry": 165,
    "addiction": 130,
    "nursing": 125,
    "socialwork": 105,
    "education": 110,
    "digital": 65,
    "medicine": 50,
}
_ANY_DESIGN = ("qualitative", "quantitative", "trial", "mixed", "review", "commentary")
_TRIALS = ("trial", "quantitative", "quantitative", "mixed")


@dataclass(frozen=True, slots=True)
class Brief:
    """One invented work to be written."""

    wish: Wish
    planned: PlannedStatus
    kind: WorkKind = WorkKind.ARTICLE
    since: int = 2010
    until: int = 2021
    traits: Traits | None = None


@cache
def all_briefs() -> tuple[Brief, ...]:
    """Return all invented works, in an order unrelated to their decisions."""
    cited = [w for w in cited_works() if w.planned.way is None]
    written = [*_included(), *_excluded_at_full_text()]
    rest = SCREENED - len(cited) - len(written)
    written += _excluded_at_title(rest)
    return tuple(SeededRandom.named("briefs").shuffled(written))


def region_of(country: str) -> str:
    """Return the region of a country."""
    return next(r for r, countries in REGIONS.items() if country in countries)


def _included() -> list[Brief]:
    """Return the studies that complete the published distributions."""
    known = [(w.traits, w.year) for w in cited_works() if w.planned.included]
    chance = SeededRandom.named("included")
    regions = dict(REGION_COUNTS)
    aims = dict(FOCUS_AND_ROLE_COUNTS)
    for traits, _ in known:
        if traits:
            regions[region_of(traits.country)] -= 1
            aims[traits.focus, traits.role] -= 1
    recent = PUBLISHED_SINCE_2017 - sum(year >= 2017 for _, year in known)
    places = sorted(_spread(regions), key=lambda r: r in _LATE_REGIONS)
    places = chance.shuffled(places[: -_late(places)]) + places[-_late(places) :]
    pairs = zip(places, chance.shuffled(_spread(aims)), strict=True)
    total = len(places)
    return [
        _included_brief(i, chance, region, aim, i >= total - recent)
        for i, (region, aim) in enumerate(pairs)
    ]


# According to the paper, all studies from Northern Europe and Asia are recent.
_LATE_REGIONS = {"Europe excluding Great Britain", "Asia"}


def _late(places: list[str]) -> int:
    return sum(place in _LATE_REGIONS for place in places)


def _spread(counts: dict[K, int]) -> list[K]:
    return [key for key, count in counts.items() for _ in range(count)]


# Together with the cited studies these are the 13 studies of veterans' services and
# the 8 of forensic peer support that the paper counts (its 2 perinatal are cited).
_SPECIAL = ("veterans' health care",) * VETERANS + ("forensic",) * FORENSIC


def _included_brief(
    i: int, chance: SeededRandom, region: str, aim: tuple[str, str], recent: bool
) -> Brief:
    focus, role = aim
    designs = _TRIALS if focus == "outcomes" else _EMPIRICAL
    country = chance.choice(REGIONS[region])
    special = _SPECIAL[i] if i < len(_SPECIAL) else ""
    context, people, settings = _context(special, chance)
    people = people or _ordinary_people()
    return Brief(
        Wish("core", designs, people, settings, (country,)),
        PlannedStatus(passes=True, near=True),
        since=2017 if recent else 2010,
        until=2021 if recent else 2016,
        traits=Traits(country, focus, role, context=context),
    )


_ORDINARY = {
    "community mental health": ("community mental health centres", "municipal services", "outpatient clinics", "assertive outreach teams", "day centres", "integrated care networks"),
    "inpatient": ("acute psychiatric wards", "district hospitals", "university hospitals"),
    "crisis and emergency": ("crisis resolution teams", "emergency departments", "home treatment teams"),
    "substance use": ("specialist addiction clinics", "residential programmes", "street outreach teams"),
    "primary care": ("primary care practices",),
    "housing": ("supported housing projects",),
    "voluntary sector": ("voluntary organisations", "drop-in centres"),
}  # fmt: skip


def _context(
    special: str, chance: SeededRandom
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return a type of service, with people and settings that fit it."""
    if special == "forensic":
        return special, (), ("forensic units", "prison health services")
    if special:
        return special, ("veterans",), ()
    context = chance.weighted(tuple(_ORDINARY), (9, 4, 4, 4, 2, 2, 2))
    return context, (), _ORDINARY[context]


def _ordinary_people() -> tuple[str, ...]:
    people = sections("peer")["core.populations"]
    named = {"veterans", "women leaving prison", "people on probation"}
    return tuple(p for p in people if p not in named)


def _excluded_at_full_text() -> list[Brief]:
    cited = [w.planned.reason for w in cited_works() if w.planned.reason]
    made = []
    for reason, count in REASON_COUNTS.items():
        domain, designs = _FULL_TEXT_DOMAINS[reason]
        people = sections("peer")["core.populations"] if domain != "youth" else ()
        kind = (
            WorkKind.THESIS if reason is ExclusionReason.LANGUAGE else WorkKind.ARTICLE
        )
        brief = Brief(
            Wish(domain, designs, people),
            PlannedStatus(passes=True, reason=reason, near=True),
            kind,
        )
        made += [brief] * (count - cited.count(reason))
    return made


def _excluded_at_title(count: int) -> list[Brief]:
    made: list[Brief] = []
    chance = SeededRandom.named("excluded")
    domains, weights = tuple(_FIELDS), tuple(_FIELDS.values())
    for _ in range(count):
        domain = chance.weighted(domains, weights)
        near = domain in {"other", "coproduction"}
        kind = chance.weighted(tuple(WorkKind), (955, 12, 13, 20))
        wish = Wish(domain, _ANY_DESIGN if kind is WorkKind.ARTICLE else ("qualitative", "commentary"))  # fmt: skip
        made.append(Brief(wish, PlannedStatus(passes=False, near=near), kind))
    return made
