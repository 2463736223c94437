"""Invented authors, with names that fit the country of the study."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.words import VOCABULARY

AUTHOR_COUNTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11)
AUTHOR_WEIGHTS = (6, 14, 20, 20, 15, 10, 6, 4, 3, 2)
MIDDLE = "ABCDEFGHJKLMNPRSTW"


@dataclass(frozen=True, slots=True)
class Region:
    countries: frozenset[str]
    family: tuple[str, ...]
    given: tuple[str, ...]


@cache
def regions() -> tuple[Region, ...]:
    """Return the regions with their names, from the vocabulary."""
    found: list[Region] = []
    countries: frozenset[str] = frozenset()
    family: tuple[str, ...] = ()
    for line in (VOCABULARY / "names.txt").read_text(encoding="utf-8").splitlines():
        head, _, rest = line.partition("] " if line.startswith("[") else " = ")
        entries = tuple(entry.strip() for entry in rest.split(";"))
        if head.startswith("["):
            countries = frozenset(entries)
        elif head == "family":
            family = entries
        elif head == "given":
            found.append(Region(countries, family, entries))
    return tuple(found)


def invent_authors(chance: SeededRandom, country: str) -> tuple[str, ...]:
    """Return one to eleven "Family, Given M.", most of them from the country."""
    home = next(r for r in regions() if country in r.countries)
    count = chance.weighted(AUTHOR_COUNTS, AUTHOR_WEIGHTS)
    people: list[str] = []
    while len(people) < count:
        region = home if chance.hit(0.8) else chance.choice(regions())
        person = f"{chance.choice(region.family)}, {chance.choice(region.given)}"
        if chance.hit(0.45):
            person += f" {chance.choice(MIDDLE)}."
        if person not in people:
            people.append(person)
    return tuple(people)
