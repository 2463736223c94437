"""Labelled set of duplicates: one work in several forms, and similar works.

The column ``kind`` names what was done to the records of a group. Records with the same
``gold_cluster_id`` describe one work, by the rule of ``docs/methods/deduplication.md``.
Numbers, names and titles are invented; real exports have damage of these kinds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from reviewapp.demo.generator import write_work
from reviewapp.demo.planned_counts import Brief
from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.titles import TitleMaker, Wish
from reviewapp.demo.work import PlannedStatus, Work
from tests.sample_data import labelled_copies as copies
from tests.sample_data import labelled_lookalikes as lookalikes
from tests.sample_data.labelled_rows import Group, Row

FIRST_NUMBER = 300_000
DOMAINS = (
    "psychiatry", "addiction", "nursing", "socialwork", "education", "digital",
    "medicine", "coproduction", "other",
)  # fmt: skip
DESIGNS = ("qualitative", "quantitative", "trial", "mixed", "review", "commentary")
COLUMNS = (
    "record_id", "gold_cluster_id", "kind", "title", "authors", "year", "journal",
    "volume", "issue", "pages", "doi", "abstract", "pmid", "issn",
)  # fmt: skip
Maker = Callable[[Work, SeededRandom], Group]


def table() -> str:
    """Return the set as CSV."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for place, (cluster, kind, row) in enumerate(_shuffled(), start=1):
        rows.writerow(
            (
                *(
                    f"d{place:04d}",
                    cluster,
                    kind,
                    row.title,
                    row.authors,
                    row.year or "",
                ),
                *(row.journal, row.volume, row.issue, row.pages, row.doi),
                *(row.abstract, row.pmid, row.issn),
            )
        )
    return out.getvalue()


def _shuffled() -> list[tuple[str, str, Row]]:
    """Return all rows with cluster and kind, in random order."""
    found: list[tuple[str, str, Row]] = []
    works = _works()
    for kind, (number, make) in KINDS.items():
        for n in range(number):
            chance = SeededRandom.named("labelled", kind, n)
            group = thinned(make(next(works), chance), chance, kind not in PLACED)
            found += [(f"c{len(found) + row.one:05d}", kind, row) for row in group]
    return SeededRandom.named("labelled", "order").shuffled(found)


def thinned(group: Group, chance: SeededRandom, places_too: bool) -> Group:
    """Remove fields, as databases do: from all records of a group, or from one.

    Without ``places_too`` the records keep volume, issue and pages.
    """
    if chance.hit(0.35):
        group = [replace(row, doi="", pmid="") for row in group]
    if chance.hit(0.25):
        group = [replace(row, abstract="") for row in group]
    if places_too and chance.hit(0.3):
        at = chance.randrange(len(group))
        lost = chance.choice(
            (
                {"pages": ""},
                {"pages": "", "issue": ""},
                {"volume": "", "issue": ""},
                {"journal": "", "issn": ""},
                {"volume": "", "issue": "", "pages": ""},
            )
        )
        group[at] = replace(group[at], **lost)
    return group


def _works() -> Iterator[Work]:
    maker = TitleMaker()
    for n in range(sum(number for number, _ in KINDS.values())):
        wish = Wish(DOMAINS[n % len(DOMAINS)], (DESIGNS[n % len(DESIGNS)],))
        brief = Brief(wish, PlannedStatus(passes=False), since=2010)
        yield write_work(FIRST_NUMBER + n, brief, maker)


# Records by kind; the numbers are of groups.
KINDS: dict[str, tuple[int, Maker]] = {
    "alone": (1000, copies.alone),
    "copies": (500, copies.copies),
    "retyped title": (120, copies.retyped),
    "poor reference": (100, copies.poor),
    "authors lost": (100, copies.authors_lost),
    "two DOIs": (60, copies.two_dois),
    "translated title": (60, copies.title_translated),
    "supplement and issue": (60, copies.supplement),
    "subtitle lost": (60, copies.subtitle_lost),
    "ahead of print": (60, copies.ahead_of_print),
    "pages as dates": (30, copies.spreadsheet),
    "wrong encoding": (30, copies.mojibake),
    "living review": (30, copies.living_review),
    "meeting abstract": (80, lookalikes.meeting_abstract),
    "part I and II": (60, lookalikes.parts),
    "same title yearly": (60, lookalikes.yearly),
    "erratum": (80, lookalikes.erratum),
    "sister papers": (60, lookalikes.sister_papers),
    "generic title": (50, lookalikes.generic),
    "reprint": (40, lookalikes.reprint),
    "preprint": (40, lookalikes.preprint),
    "two Cochrane reviews": (20, lookalikes.two_reviews),
    "two trial numbers": (20, lookalikes.two_trials),
    "two items on one page": (30, lookalikes.one_page),
    "short titles": (20, lookalikes.short_titles),
    "title alone": (20, lookalikes.title_alone),
}
# Kinds that a reader can only judge by volume, issue and pages.
PLACED = frozenset(
    [
        "translated title",
        "meeting abstract",
        "same title yearly",
        "erratum",
        "reprint",
        "two items on one page",
        "title alone",
        "two Cochrane reviews",
        "two trial numbers",
        "poor reference",
    ]
)


@cache
def content() -> bytes:
    """Return the file."""
    return table().encode()
