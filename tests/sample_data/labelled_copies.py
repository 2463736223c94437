"""Groups of the labelled set whose records describe one work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.source_variants import family_and_given, initials
from reviewapp.demo.work import Work
from tests.sample_data.labelled_rows import Group, printed, some, with_pages
from tests.sample_data.translations import translated
from tests.sample_data.works import pages


def copies(work: Work, chance: SeededRandom) -> Group:
    return some(work, chance)


def alone(work: Work, chance: SeededRandom) -> Group:
    return [printed(work, chance)]


def retyped(work: Work, chance: SeededRandom) -> Group:
    """Return a pair in which one title was typed by hand, with slips and American spelling."""
    whole, other = printed(work, chance), printed(work, chance)
    title = work.title
    for _ in range(chance.randrange(1, 6)):
        title = _slip(title, chance)
    return [whole, replace(other, title=_other_spelling(title))]


def _slip(title: str, chance: SeededRandom) -> str:
    at = chance.randrange(4, len(title) - 2)
    if not title[at : at + 2].isalpha():
        return title
    forms = (
        title[:at] + title[at + 1] + title[at] + title[at + 2 :],
        title[:at] + title[at + 1 :],
        title[:at] + title[at] + title[at:],
    )
    return chance.choice(forms)


def _other_spelling(title: str) -> str:
    for british, american in (
        ("andomised", "andomized"), ("ehaviour", "ehavior"), ("rogramme", "rogram"),
        ("entre", "enter"), ("rganisation", "rganization"), ("abour", "abor"),
    ):  # fmt: skip
        title = title.replace(british, american)
    return title


def poor(work: Work, chance: SeededRandom) -> Group:
    """Return a record, and the reference to it as a reference list has it, with slips."""
    title = work.title
    for _ in range(chance.randrange(2, 6)):
        title = _slip(title, chance)
    family, given = family_and_given(work.authors[0])
    authors = f"{family} {initials(given, '')} et al."
    typed = printed(
        work,
        chance,
        title=title,
        authors=authors,
        doi="",
        abstract="",
        pmid="",
        issn="",
    )
    typed = replace(typed, year=work.year + chance.randrange(0, 2), issue="")
    forms: tuple[dict[str, Any], ...] = (
        {"journal": ""},
        {"pages": ""},
        {"volume": "", "pages": ""},
        {"journal": "", "volume": "", "pages": ""},
    )
    return [printed(work, chance), replace(typed, **chance.choice(forms))]


def authors_lost(work: Work, chance: SeededRandom) -> Group:
    """Return a pair in which one record has the first author only, or no author."""
    group = [printed(work, chance), printed(work, chance)]
    family, given = family_and_given(work.authors[0])
    left = (
        f"{family}, {initials(given)}",
        f"{family} {initials(given, '')} et al.",
        "",
    )
    return [group[0], replace(group[1], authors=chance.choice(left))]


def two_dois(work: Work, chance: SeededRandom) -> Group:
    """Return a pair with the DOI of the publisher and that of an archive."""
    doi = work.doi or f"10.5555/x.{work.number}"
    first = printed(work, chance, doi=doi, pages=pages(work), title=work.title)
    other = doi.replace("10.5555/", "10.55555/arch.")
    return [
        first,
        printed(work, chance, doi=other, pages=pages(work), title=work.title),
    ]


def title_translated(work: Work, chance: SeededRandom) -> Group:
    """Return a pair with the title in English and in another language."""
    work = with_pages(work)
    title = translated(work, chance)
    first = printed(work, chance, pages=pages(work), doi="")
    second = printed(work, chance, pages=pages(work), title=title, doi="", abstract="")
    return [first, replace(second, issue=first.issue)]


def supplement(work: Work, chance: SeededRandom) -> Group:
    """Return a pair with the number of the supplement in volume or issue."""
    work = with_pages(work)
    first, last = f"S{work.first_page}", f"S{work.last_page}"
    number = chance.randrange(1, 4)
    forms = (
        {"volume": work.volume, "issue": f"Suppl {number}"},
        {"volume": f"{work.volume} Suppl {number}", "issue": ""},
        {"volume": f"{work.volume} (SUPPL. {number})", "issue": ""},
        {"volume": work.volume, "issue": f"SUPPL. {number}"},
    )
    return [
        printed(work, chance, pages=f"{first}-{last}", **form)
        for form in chance.some(forms, 2)
    ]


def subtitle_lost(work: Work, chance: SeededRandom) -> Group:
    """Return a pair in which one title ends at the colon, or with an ellipsis."""
    work = with_pages(work)
    whole = printed(work, chance, title=work.title, pages=pages(work))
    head = work.title.split(":")[0]
    cut = work.title[: len(work.title) * 2 // 3].rsplit(" ", 1)[0] + " …"
    short = head if ":" in work.title and len(head) > 40 else cut
    return [whole, printed(work, chance, title=short, pages=pages(work))]


def ahead_of_print(work: Work, chance: SeededRandom) -> Group:
    """Return a pair in which one record is of the year before print, without pages."""
    doi = work.doi or f"10.5555/y.{work.number}"
    early = printed(work, chance, volume="", issue="", pages="", doi=doi)
    late = printed(work, chance, doi=doi)
    return [replace(early, year=work.year - 1), late]


def spreadsheet(work: Work, chance: SeededRandom) -> Group:
    """Return a pair in which a spreadsheet changed the pages 6-10 to 06-Oct."""
    first = chance.randrange(1, 7)
    last = first + chance.randrange(2, 6)
    months = (
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    )
    work = replace(work, first_page=str(first), last_page=str(last))
    dated = f"{first:02d}-{months[last - 1]}"
    return [
        printed(work, chance, pages=f"{first}-{last}"),
        printed(work, chance, pages=dated),
    ]


def mojibake(work: Work, chance: SeededRandom) -> Group:
    """Return a pair in which one list of authors was read in a wrong encoding."""
    name = f"Bjørnåsen, {chance.choice('ABK')}."
    work = replace(work, authors=(name, *work.authors))
    row = printed(work, chance, authors=" and ".join(work.authors))
    spoilt = row.authors.encode().decode("cp1252", errors="ignore")
    other = printed(work, chance, pages=pages(work), authors=spoilt)
    return [replace(row, pages=pages(work)), other]


def living_review(work: Work, chance: SeededRandom) -> Group:
    """Return versions of one Cochrane review."""
    number = f"CD99{work.number % 10_000:04d}"
    base = replace(work, journal="Cochrane Database of Systematic Reviews", volume="")
    group = []
    for version in range(1, chance.randrange(3, 5)):
        doi = f"10.5555/14651858.{number}" + (f".pub{version}" if version > 1 else "")
        row = printed(
            base, chance, pages=number, doi=doi, issue=str(version), title=work.title,
            journal=chance.choice(("Cochrane Database of Systematic Reviews", "Cochrane Database Syst Rev")),
            abstract="", pmid="",
        )  # fmt: skip
        group.append(replace(row, year=work.year + 2 * version))
    return group
