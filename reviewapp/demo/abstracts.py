"""Structured abstracts of invented records, 120 to 220 words."""

from __future__ import annotations

from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.titles import Title, capital
from reviewapp.demo.words import sentences

SHORTEST = 122
LABELS = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")


def write_abstract(chance: SeededRandom, title: Title, year: int) -> str:
    """Return four labelled sections about the title's own people and places."""
    bank = _bank(title.design_kind)
    parts = [[s] for s in (chance.choice(b) for b in bank)]
    while _words(parts, title) < SHORTEST:
        # Only one sentence on methods, because two could describe two studies.
        at = chance.choice((0, 0, 2, 2, 3))
        fresh = [s for s in bank[at] if s not in parts[at]]
        if fresh:
            parts[at].append(chance.choice(fresh))
    slots = _slots(chance, title, year)
    return _written(parts, slots)


def _bank(kind: str) -> tuple[tuple[str, ...], ...]:
    found = sentences("abstracts")
    return (
        found["background"],
        found[f"methods_{kind}"],
        found[f"results_{kind}"],
        found["conclusions"],
    )


def _words(parts: list[list[str]], title: Title) -> int:
    """Return the number of words, with slots counted at average length."""
    longer = len(title.thing.split()) - 1, len(title.population.split()) - 1
    text = " ".join(sentence for part in parts for sentence in part)
    things = text.count("{thing}") + text.count("{Thing}")
    people = text.count("{population}")
    return len(text.split()) + things * longer[0] + people * longer[1]


def _slots(chance: SeededRandom, title: Title, year: int) -> dict[str, str]:
    bank = sentences("abstracts")
    themes = chance.some(_split(bank["themes"]), 4)
    measures = chance.some(_split(bank["measures"]), 2)
    low = chance.randrange(1, 30)
    numbers = {
        "n": title.number,
        "m": max(5, title.number * chance.randrange(35, 90) // 100),
        "k": title.sites,
        "q": chance.randrange(19, 58),
        "r": chance.randrange(59, 94),
        "y": year - chance.randrange(1, 5),
    }
    words = {
        "thing": title.thing,
        "population": title.population,
        "setting": title.setting,
        "place": title.place,
        "measure": measures[0],
        "measure2": measures[1],
        "p": f"{low / 10 + 0.6:.1f}",
        "interval": f"{low / 10:.1f} to {low / 10 + chance.randrange(9, 40) / 10:.1f}",
        **{f"t{i}": theme for i, theme in enumerate(themes, 1)},
        **{key: str(value) for key, value in numbers.items()},
    }
    return words | {capital(key): capital(value) for key, value in words.items()}


def _split(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(e.strip() for line in lines for e in line.split(";") if e.strip())


def _written(parts: list[list[str]], slots: dict[str, str]) -> str:
    sections = []
    for label, part in zip(LABELS, parts, strict=True):
        text = " ".join(sentence.format(**slots) for sentence in part)
        sections.append(f"{label}: {text}")
    return " ".join(sections)
