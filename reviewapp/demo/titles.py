"""Titles of invented records, each about something different."""

from __future__ import annotations

from dataclasses import dataclass, field

from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.words import (
    populations,
    sections,
    settings,
    things,
    vocabulary_rows,
)

_TEMPLATES: dict[str, tuple[str, ...]] = {
    "placed": (
        "{Head} {thing} among {population} in {place}: {design}",
        "{Head} {thing} in {setting}: {design} from {place}",
        "{Thing} for {population} in {setting}: {design}",
        "{Quote}: {design} on {head} {thing} in {place}",
        "{Population} and {thing} in {place}: {design}",
        "{Head} {thing}: {design} in {setting}, {place}",
        "{Thing} in {place}: {design} with {population}",
        "How {setting} approach {thing} for {population}: {design}",
        "“{Quote}”: {population} on {thing} in {place}",
        "{Design_start} of {thing} in {setting} of {place}",
        "{Head} {thing} and {head2} care: {population} in {place}",
        "From policy to practice with {thing}: {setting} in {place} ({design})",
        "{Thing} and {setting}: {head} a changing service in {place}",
        "What do {population} expect of {thing}? {Design_start} from {place}",
        "{Thing}, {place}: {design} in {setting} serving {population}",
    ),
    "unplaced": (
        "{Head} {thing} among {population}: {design}",
        "{Head} {thing} in {setting}: {design}",
        "{Head} {thing} for {population} in {setting}: {design}",
        "{Thing} and {population}, with a note on {head} {setting}: {design}",
        "{Quote}: {head} {thing} for {population}",
        "Is there a case for {thing} in {setting}? {Design_start} on {head} change",
    ),
}
SLOTS = ("head", "population", "setting", "place")
TRIES = 400


@dataclass(frozen=True, slots=True)
class Wish:
    """The required topic of a title; empty tuples leave the choice open."""

    domain: str
    designs: tuple[str, ...]
    populations: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    text: str
    design_kind: str
    design: str
    number: int
    sites: int
    head: str
    thing: str
    population: str
    setting: str
    place: str
    country: str


@dataclass(slots=True)
class TitleMaker:
    """Makes titles and remembers the pairs of phrases that are used."""

    spent: set[tuple[str, str, str]] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)

    def title(self, chance: SeededRandom, wish: Wish) -> Title:
        """Return a new title. Raises LookupError if the phrases are used up."""
        for _ in range(TRIES):
            template, made = _draw(chance, wish)
            used = {s for s in SLOTS if _mentions(template, s)}
            pairs = {(s, made.thing, getattr(made, s)) for s in used}
            if not pairs & self.spent and made.text.casefold() not in self.texts:
                self.spent |= pairs
                self.texts.add(made.text.casefold())
                return made
        raise LookupError(f"no fresh title left in {wish.domain}")


def capital(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _mentions(template: str, slot: str) -> bool:
    return "{" + slot in template or "{" + capital(slot) in template


def _draw(chance: SeededRandom, wish: Wish) -> tuple[str, Title]:
    kind = chance.choice(wish.designs)
    shared = sections("shared")
    number, sites = chance.randrange(9, 64), chance.randrange(3, 19)
    if kind in {"quantitative", "trial"}:
        number = chance.randrange(48, 4200)
    design = chance.choice(shared[f"designs_{kind}"]).format(n=number, k=sites)
    country = chance.choice(wish.countries or _countries())
    heads = chance.some(shared["heads"], 2)
    slots = {
        "head": heads[0],
        "thing": chance.choice(things(wish.domain)),
        "population": chance.choice(wish.populations or populations(wish.domain)),
        "setting": chance.choice(wish.settings or settings(wish.domain)),
        "place": chance.choice(vocabulary_rows("places")[country]),
    }
    template = _template(chance, kind, wish)
    text = _filled(template, slots, design, heads[1], chance.choice(shared["quotes"]))
    return template, Title(text, kind, design, number, sites, country=country, **slots)


def _countries() -> tuple[str, ...]:
    return tuple(c for c, places in vocabulary_rows("places").items() for _ in places)


def _template(chance: SeededRandom, kind: str, wish: Wish) -> str:
    unplaced = kind in {"review", "commentary"}
    options = _TEMPLATES["unplaced" if unplaced else "placed"]
    if wish.populations:
        options = tuple(t for t in options if _mentions(t, "population"))
    if wish.settings:
        options = tuple(t for t in options if _mentions(t, "setting"))
    return chance.choice(options)


def _filled(
    template: str, slots: dict[str, str], design: str, head2: str, quote: str
) -> str:
    words = {**slots, **{capital(k): capital(v) for k, v in slots.items()}}
    return template.format(
        design=design,
        Design_start=capital(design),
        head2=head2,
        Quote=quote,
        **words,
    )
