"""All works of the demo: cited and invented ones."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from reviewapp.demo.abstracts import write_abstract
from reviewapp.demo.cited import cited_works
from reviewapp.demo.journals import InventedJournal, journals_of_domain
from reviewapp.demo.names import invent_authors
from reviewapp.demo.planned_counts import Brief, all_briefs
from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.titles import Title, TitleMaker, capital
from reviewapp.demo.work import MARK, PUBLISHER, Traits, Work, WorkKind

# The prefix is for tests and never resolves; PMIDs of this size do not exist.
DOI_PREFIX = "10.5555"
FIRST_PMID = 90_000_000
# Prime numbers: the product with one modulo the other gives each work a unique number
# in an order that looks random.
_STEP, _RING = 7919, 99_991
_YEARS = tuple(range(2010, 2022))
_YEAR_WEIGHTS = (5, 5, 6, 7, 8, 9, 10, 11, 13, 14, 16, 15)


@cache
def all_works() -> tuple[Work, ...]:
    """Return the 13 178 works from databases and the 11 from other methods."""
    cited = cited_works()
    maker = TitleMaker()
    made = [write_work(len(cited) + i, b, maker) for i, b in enumerate(all_briefs())]
    return (*cited, *made)


def database_works() -> tuple[Work, ...]:
    """Return the works that are in at least one database export."""
    return tuple(w for w in all_works() if w.planned.way is None)


def other_works() -> tuple[Work, ...]:
    """Return the works found in reference lists, by experts or by scanning."""
    return tuple(w for w in all_works() if w.planned.way is not None)


def write_work(number: int, brief: Brief, maker: TitleMaker) -> Work:
    """Return an invented work for a brief; the number names its random stream."""
    chance = SeededRandom.named("work", number)
    title = maker.title(chance, brief.wish)
    year = _year(chance, brief)
    serial = number * _STEP % _RING
    journal = chance.choice(journals_of_domain(brief.wish.domain))
    work = Work(
        number=number,
        title=title.text,
        authors=invent_authors(chance, title.country),
        year=year,
        journal=journal.name,
        abbreviation=journal.abbreviation,
        issn=journal.issn,
        **_where(chance, journal, year, serial),
        doi=_doi(chance, journal, year, serial),
        pmid=str(FIRST_PMID + serial) if chance.hit(0.8) else "",
        abstract=write_abstract(chance, title, year),
        keywords=_keywords(title),
        kind=brief.kind,
        publisher=PUBLISHER,
        domain=brief.wish.domain,
        invented=True,
        planned=brief.planned,
        traits=_traits(brief, title),
    )
    return work if brief.kind is WorkKind.ARTICLE else _unserial(work, title)


def _year(chance: SeededRandom, brief: Brief) -> int:
    span = [i for i, y in enumerate(_YEARS) if brief.since <= y <= brief.until]
    return chance.weighted([_YEARS[i] for i in span], [_YEAR_WEIGHTS[i] for i in span])


def _where(
    chance: SeededRandom, journal: InventedJournal, year: int, serial: int
) -> dict[str, str]:
    """Return volume, issue and pages; a quarter of journals has article numbers."""
    issue = str(chance.randrange(1, 9))
    first = chance.randrange(1, 1900)
    last = str(first + chance.randrange(5, 19))
    pages = (f"e{serial:05d}", "") if journal.article_numbers else (str(first), last)
    return {
        "volume": str(year - journal.since),
        "issue": "" if journal.article_numbers and serial % 2 else issue,
        "first_page": pages[0],
        "last_page": pages[1],
    }


def _doi(chance: SeededRandom, journal: InventedJournal, year: int, serial: int) -> str:
    if chance.hit(0.12):
        return ""
    return f"{DOI_PREFIX}/{journal.code}.{year}.{serial:05d}"


def _keywords(title: Title) -> tuple[str, ...]:
    return (title.thing, title.population, title.setting, MARK)


def _traits(brief: Brief, title: Title) -> Traits | None:
    return brief.traits and replace(brief.traits, design=title.design_kind)


def _unserial(work: Work, title: Title) -> Work:
    """Return a book, chapter or thesis, without journal and numbers."""
    place = capital(title.place.split()[-1])
    held = "" if work.kind is WorkKind.BOOK else f"Readings from {place} (invented)"
    return replace(
        work,
        journal=held if work.kind is WorkKind.CHAPTER else "",
        abbreviation="",
        issn="",
        volume="",
        issue="",
        doi="" if work.kind is WorkKind.THESIS else work.doi,
        pmid="",
        first_page=work.first_page if work.kind is WorkKind.CHAPTER else "",
        last_page=work.last_page if work.kind is WorkKind.CHAPTER else "",
    )
