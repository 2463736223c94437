"""A work as one database prints it, with the errors that make duplicates hard.

The errors never mislead a careful matcher. If the DOI is missing, pages, volume, year
and authors are present. If pages are missing or the year is that of the first online
version, the DOI is present. A cut title keeps the numbers, or has so few fields that
a person must decide.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.sources import DemoSource
from reviewapp.demo.work import Work

_SMALL = {"a", "an", "and", "the", "of", "in", "for", "from", "on", "with", "to", "by", "at", "or", "as", "is"}  # fmt: skip
_PLAIN = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i", "æ": "ae", "Æ": "Ae", "ß": "ss"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceVariant:
    """One record of one database, not yet in the format of the database.

    `copy` is 1 for the first record of the work in this source, 2 for a second one.
    `accession` is empty for cited works, because no number is invented for them.
    """

    work: Work
    source: DemoSource
    copy: int
    title: str
    authors: tuple[str, ...]
    year: int
    journal: str
    volume: str
    issue: str
    first_page: str
    last_page: str
    doi: str
    abstract: str
    accession: int | None


def make_variant(
    work: Work, source: DemoSource, *, copy: int = 1, alone: bool
) -> SourceVariant:
    """Return the work as the source prints it.

    `alone`: the only record of this work anywhere; its title is not cut.
    """
    chance = SeededRandom.named("sighting", work.number, source.key, copy)
    seen = SourceVariant(
        work=work,
        source=source,
        copy=copy,
        title=work.title,
        authors=work.authors,
        year=work.year,
        journal=work.journal,
        volume=work.volume,
        issue=work.issue,
        first_page=work.first_page,
        last_page=work.last_page,
        doi="" if chance.hit(source.without_doi) else work.doi,
        abstract="" if chance.hit(source.without_abstract) else work.abstract,
        accession=work.number * 10 + copy if work.invented else None,
    )
    seen = _numbers(seen, chance)
    return _wording(seen, chance, alone=alone)


def _numbers(seen: SourceVariant, chance: SeededRandom) -> SourceVariant:
    """Remove issues, use first-online years and shorten pages in some records."""
    if chance.hit(0.08):
        seen = replace(seen, issue="")
    if seen.doi and chance.hit(0.02):
        seen = replace(seen, year=seen.year - 1 if seen.year > 2010 else seen.year)
    if seen.doi and chance.hit(0.04):
        seen = replace(seen, first_page="", last_page="")
    short = {"medline": 0.3, "ase": 0.1, "scholar": 0.05}.get(seen.source.key, 0)
    if seen.last_page and chance.hit(short):
        seen = replace(seen, last_page=_shortened(seen.first_page, seen.last_page))
    return seen


def _shortened(first: str, last: str) -> str:
    """Return the last page shortened, as in 475-80 for 475-480."""
    if len(first) != len(last):
        return last
    same = 0
    while same < len(last) - 1 and first[same] == last[same]:
        same += 1
    return last[same:]


def _wording(
    seen: SourceVariant, chance: SeededRandom, *, alone: bool
) -> SourceVariant:
    key = seen.source.key
    title, journal, authors = seen.title, seen.journal, seen.authors
    if key in {"oria", "worldcat"}:
        title = title.replace(": ", " : ", 1)
    if chance.hit({"wos": 0.3, "scholar": 0.1, "worldcat": 0.1}.get(key, 0)):
        title = title_case(title)
    if key == "psycinfo" and chance.hit(0.3):
        title = title.replace("andomised", "andomized")
    if key == "scholar" and not alone and len(title) > 90 and chance.hit(0.14):
        title = title[:82].rsplit(" ", 1)[0] + " …"
        if chance.hit(0.5):
            # Not enough for an automatic merge, but enough for a person to decide.
            seen = replace(seen, volume="", issue="", first_page="", last_page="")
            authors, journal = authors[:1], ""
    if chance.hit({"wos": 0.5, "cinahl": 0.3, "ase": 0.2}.get(key, 0)):
        authors = tuple(without_accents(a) for a in authors)
    if key == "worldcat" and len(authors) > 3 and chance.hit(0.3):
        authors = authors[:3]
    if chance.hit(0.3):
        journal = journal.replace(" and ", " & ")
    return replace(seen, title=title, journal=journal, authors=authors)


def title_case(title: str) -> str:
    """Return the title with capitals, except for small words."""
    words = title.split(" ")
    return " ".join(
        w if w in _SMALL and i else w[:1].upper() + w[1:] for i, w in enumerate(words)
    )


def without_accents(text: str) -> str:
    """Return the text without accents and typographic signs, as older systems do."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def as_latin1(text: str) -> str:
    """Return the text in ISO-8859-1; other characters lose their accents."""
    kept = []
    for char in text.replace("…", "..."):
        try:
            char.encode("latin-1")
            kept.append(char)
        except UnicodeEncodeError:
            kept.append(without_accents(char).encode("ascii", "replace").decode())
    return "".join(kept)


def family_and_given(author: str) -> tuple[str, str]:
    """Split "Family, Given"."""
    family, _, given = author.partition(", ")
    return family, given


def initials(given: str, dot: str = ".") -> str:
    """Return initials: "Ji-woo M." as J.W.M., or JWM without the dot."""
    return "".join(p[0].upper() + dot for p in re.split(r"[\s.-]+", given) if p)
