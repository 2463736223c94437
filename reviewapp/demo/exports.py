"""The ten export files, with the work behind each of their records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from reviewapp.demo.dialects_csv import scholar_table, scopus_table
from reviewapp.demo.dialects_ris import RIS_WRITERS
from reviewapp.demo.generator import database_works
from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.source_variants import SourceVariant, as_latin1, make_variant
from reviewapp.demo.sources import (
    FOUND_IN,
    FOUND_IN_NEAR,
    SOURCES,
    DemoSource,
    source_weights,
)
from reviewapp.demo.work import Work


@dataclass(frozen=True, slots=True)
class DemoExport:
    """One export file as the librarian saved it."""

    source: DemoSource
    filename: str
    content: bytes
    works: tuple[int, ...]


@cache
def all_exports() -> tuple[DemoExport, ...]:
    """Return all ten files, in the order of the published list of databases."""
    seen = _sightings()
    return tuple(_file(source, seen[source.key]) for source in SOURCES)


def _file(source: DemoSource, seen: list[SourceVariant]) -> DemoExport:
    content = _content(source, seen)
    numbers = tuple(s.work.number for s in seen)
    return DemoExport(source, source.filename, content, numbers)


def _content(source: DemoSource, seen: list[SourceVariant]) -> bytes:
    if source.key == "scholar":
        return scholar_table(seen).encode()
    if source.key == "scopus":
        return scopus_table(seen).encode()
    write = RIS_WRITERS[source.key]
    text = "".join(write(s, rank) for rank, s in enumerate(seen, start=1))
    # The export dialog of Oria offers ISO-8859-1, which the demo uses.
    return as_latin1(text).encode("latin-1") if source.key == "oria" else text.encode()


def _sightings() -> dict[str, list[SourceVariant]]:
    """Return the records per source, each file in its own order."""
    found: dict[str, list[SourceVariant]] = {source.key: [] for source in SOURCES}
    for work in SeededRandom.named("order").shuffled(database_works()):
        chosen = _sources_of(work, {k: len(v) for k, v in found.items()})
        for source in chosen:
            alone = len(chosen) == 1
            found[source.key].append(make_variant(work, source, alone=alone))
            if SeededRandom.named("twice", source.key, work.number).hit(source.twice):
                found[source.key].append(
                    make_variant(work, source, copy=2, alone=False)
                )
    return {k: SeededRandom.named("file", k).shuffled(v) for k, v in found.items()}


def _sources_of(work: Work, filled: dict[str, int]) -> list[DemoSource]:
    """Return the one to six databases that contain the work."""
    chance = SeededRandom.named("sources", work.number)
    in_medline = bool(work.pmid) or not work.invented
    chances = list(source_weights(work.domain, work.kind, in_medline=in_medline))
    for i, source in enumerate(SOURCES):
        if source.limit and filled[source.key] >= source.limit:
            chances[i] = 0
    shares = FOUND_IN_NEAR if work.planned.passes or not work.invented else FOUND_IN
    count = chance.weighted(range(1, 7), shares)
    chosen: list[DemoSource] = []
    while len(chosen) < count and any(chances):
        source = chance.weighted(SOURCES, chances)
        chances[SOURCES.index(source)] = 0
        chosen.append(source)
    return chosen
