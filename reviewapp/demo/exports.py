"""The ten export files, with the work behind each of their records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from reviewapp.demo.dialects_csv import scholar, scopus
from reviewapp.demo.dialects_ris import RIS_WRITERS
from reviewapp.demo.generator import database_works
from reviewapp.demo.seeded_random import Chance
from reviewapp.demo.source_variants import Sighting, latin1, sighting
from reviewapp.demo.sources import (
    FOUND_IN,
    FOUND_IN_NEAR,
    SOURCES,
    Source,
    weights,
)
from reviewapp.demo.work import Work


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One export file as the librarian saved it."""

    source: Source
    filename: str
    content: bytes
    works: tuple[int, ...]


@cache
def exports() -> tuple[ExportFile, ...]:
    """Return all ten files, in the order of the published list of databases."""
    seen = _sightings()
    return tuple(_file(source, seen[source.key]) for source in SOURCES)


def _file(source: Source, seen: list[Sighting]) -> ExportFile:
    content = _content(source, seen)
    numbers = tuple(s.work.number for s in seen)
    return ExportFile(source, source.filename, content, numbers)


def _content(source: Source, seen: list[Sighting]) -> bytes:
    if source.key == "scholar":
        return scholar(seen).encode()
    if source.key == "scopus":
        return scopus(seen).encode()
    write = RIS_WRITERS[source.key]
    text = "".join(write(s, rank) for rank, s in enumerate(seen, start=1))
    # The export dialog of Oria offers ISO-8859-1, which the demo uses.
    return latin1(text).encode("latin-1") if source.key == "oria" else text.encode()


def _sightings() -> dict[str, list[Sighting]]:
    """Return the records per source, each file in its own order."""
    found: dict[str, list[Sighting]] = {source.key: [] for source in SOURCES}
    for work in Chance.named("order").shuffled(database_works()):
        chosen = _sources_of(work, {k: len(v) for k, v in found.items()})
        for source in chosen:
            alone = len(chosen) == 1
            found[source.key].append(sighting(work, source, alone=alone))
            if Chance.named("twice", source.key, work.number).hit(source.twice):
                found[source.key].append(sighting(work, source, copy=2, alone=False))
    return {k: Chance.named("file", k).shuffled(v) for k, v in found.items()}


def _sources_of(work: Work, filled: dict[str, int]) -> list[Source]:
    """Return the one to six databases that contain the work."""
    chance = Chance.named("sources", work.number)
    in_medline = bool(work.pmid) or not work.invented
    chances = list(weights(work.domain, work.kind, in_medline=in_medline))
    for i, source in enumerate(SOURCES):
        if source.limit and filled[source.key] >= source.limit:
            chances[i] = 0
    shares = FOUND_IN_NEAR if work.fate.passes or not work.invented else FOUND_IN
    count = chance.weighted(range(1, 7), shares)
    chosen: list[Source] = []
    while len(chosen) < count and any(chances):
        source = chance.weighted(SOURCES, chances)
        chances[SOURCES.index(source)] = 0
        chosen.append(source)
    return chosen
