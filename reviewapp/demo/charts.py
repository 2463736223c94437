"""Charts of the 172 included studies, close to the published findings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from reviewapp.demo.generator import all_works
from reviewapp.demo.seeded_random import SeededRandom, share_of
from reviewapp.demo.work import Work

# Counts of the published findings that the demo reproduces exactly.
ENVIRONMENT, TEAM = 70, 72
BOUNDARY_SPANNERS = 132
GROUPS = 40

CO_PRODUCTION_NAME, CO_CREATION_NAME = "co-production", "co-creation"
PHASES = ("co-commissioning", "co-design", "co-delivery", "co-assessment")
# "One study reported that peer workers participated in the delivery and assessment
# of services (Almeida et al., 2020)". The paper does not count it as co-creation.
_DELIVERY_AND_ASSESSMENT = "doi:10.2196/17053"
_PARTNERS = ("mental health nurses", "psychiatrists", "social workers", "case managers", "psychologists", "service managers", "general practitioners", "police and courts", "families and carers")  # fmt: skip
_SPANNING = ("bridge", "link", "navigator", "advocate", "connector")
_ROLES = {
    "pre-determined": "provider of pre-determined services",
    "peer support": "provider of peer support",
    "co-creation": "partner in co-creation",
}
_FOCUSES = {
    "outcomes": "outcomes",
    "qualities": "core peer worker characteristics",
    "implementation": "implementation",
}
_CONTEXT_WORDS = (
    ("veterans' health care", ("veteran", "ptsd", "peet", "program structure")),
    ("forensic", ("criminal", "incarcer", "secure", "jail", "civil commitment")),
    ("perinatal substance use", ("perinatal",)),
    ("substance use", ("substance", "addict", "opioid", "drug", "hepatitis c")),
    ("crisis and emergency", ("emergency", "parachute", "suicide")),
    ("inpatient", ("hospital",)),
    ("primary care", ("primary care", "integrated health care", "physical health")),
    ("housing", ("chez soi", "homeless")),
)
_DESIGN_WORDS = (
    ("randomised controlled trial", ("randomi", "pilot study comparing")),
    ("mixed methods", ("mixed method",)),
    ("quantitative", ("survey", "predict", "correlational", "effectiveness", "relationship of", "outcomes of", "longitudinal impact", "quality of life", "pilot", "measure")),
    ("qualitative", ()),
)  # fmt: skip
_DESIGNS = {
    "trial": "randomised controlled trial",
    "mixed": "mixed methods",
    "quantitative": "quantitative",
    "qualitative": "qualitative",
}


@dataclass(frozen=True, slots=True)
class PlannedChart:
    """One study's chart; the fields of `charting_fields` in numbers.json."""

    authors: str
    year: int
    country: str
    design: str
    context: str
    focus: str
    involvement: tuple[str, ...]
    approach: str
    role: str
    collaborates_with: tuple[str, ...]
    multidisciplinary: str
    boundary_spanner: bool
    quotation: str
    groups: bool


@cache
def planned_charts() -> dict[str, PlannedChart]:
    """Return the charts of the 172 included studies by key."""
    included = [w for w in all_works() if w.planned.included]
    settings = _quota("multidisciplinary", included, {"environment": ENVIRONMENT, "team": TEAM}, "not described")  # fmt: skip
    spanning = _quota("boundary", included, {"yes": BOUNDARY_SPANNERS}, "no")
    groups = _quota("groups", included, {"yes": GROUPS}, "no")
    return {
        w.key: _chart(w, settings[w.key], spanning[w.key] == "yes", groups[w.key])
        for w in included
    }


def _quota(
    name: str, included: list[Work], wanted: dict[str, int], rest: str
) -> dict[str, str]:
    """Return a value per study with exactly the given count of each value."""
    order = SeededRandom.named("chart", name).shuffled(included)
    values = [v for v, count in wanted.items() for _ in range(count)]
    values += [rest] * (len(order) - len(values))
    return {w.key: value for w, value in zip(order, values, strict=True)}


def _chart(work: Work, setting: str, spans: bool, groups: str) -> PlannedChart:
    traits = work.traits
    if traits is None:
        raise ValueError(f"{work.key} is included but has nothing charted")
    chance = SeededRandom.named("chart", work.key)
    creates = traits.role == "co-creation"
    return PlannedChart(
        authors=_short_authors(work),
        year=work.year,
        country=traits.country,
        design=_DESIGNS.get(traits.design) or _by_words(work, _DESIGN_WORDS, "qualitative"),
        context=traits.context or _by_words(work, _CONTEXT_WORDS, "community mental health"),
        focus=_FOCUSES[traits.focus],
        involvement=_involvement(work, creates, chance),
        approach=CO_CREATION_NAME if creates else CO_PRODUCTION_NAME,
        role=_ROLES[traits.role],
        collaborates_with=tuple(chance.some(_PARTNERS, chance.randrange(1, 4))),
        multidisciplinary=setting,
        boundary_spanner=spans,
        quotation=_quotation(work, chance) if spans else "",
        groups=groups == "yes",
    )  # fmt: skip


def _short_authors(work: Work) -> str:
    names = [a.split(",")[0] for a in work.authors]
    if len(names) > 2:
        return f"{names[0]} et al."
    return " & ".join(names)


def _by_words(
    work: Work, table: tuple[tuple[str, tuple[str, ...]], ...], default: str
) -> str:
    title = work.title.casefold()
    return next((name for name, ws in table if any(w in title for w in ws)), default)


def _involvement(work: Work, creates: bool, chance: SeededRandom) -> tuple[str, ...]:
    if work.key == _DELIVERY_AND_ASSESSMENT:
        return PHASES[2:]
    if not creates:
        return ("co-delivery",)
    early = PHASES[:2] if chance.hit(0.4) else PHASES[1:2]
    return early + (PHASES[2:] if chance.hit(0.5) else PHASES[2:3])


def _quotation(work: Work, chance: SeededRandom) -> str:
    if not work.invented:
        return ""
    return f"“They are the {chance.choice(_SPANNING)} between us and the service.” (invented)"


def second_chart(key: str) -> PlannedChart:
    """Return the second reviewer's chart: about one field in twelve differs."""
    first = planned_charts()[key]

    def differs(field: str, share: float) -> bool:
        return share_of("second chart", key, field) < share

    if differs("multidisciplinary", 0.15):
        other = "team" if first.multidisciplinary != "team" else "environment"
        first = replace(first, multidisciplinary=other)
    if differs("boundary_spanner", 0.12):
        first = replace(first, boundary_spanner=not first.boundary_spanner, quotation="")  # fmt: skip
    if differs("groups", 0.08):
        first = replace(first, groups=not first.groups)
    if differs("focus", 0.08) and first.focus != "outcomes":
        swapped = ("implementation", "core peer worker characteristics")
        other = swapped[first.focus == swapped[0]]
        first = replace(first, focus=other)
    return first
