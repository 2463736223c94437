"""Groups of the labelled set with similar records of different works."""

from __future__ import annotations

from dataclasses import replace

from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.work import Work
from tests.sample_data.labelled_rows import Group, Row, printed, some, with_pages
from tests.sample_data.translations import translated


def meeting_abstract(work: Work, chance: SeededRandom) -> Group:
    """Return a congress abstract and its article."""
    work = with_pages(work)
    page = chance.randrange(20, 400)
    # Half of them in the journal of a society, two years before.
    elsewhere = chance.hit(0.5)
    society = f"Proceedings of the {work.journal.split()[-1]} Society (invented)"
    spoken = replace(
        work,
        volume=str(int(work.volume) - 1),
        first_page=f"S{page}",
        last_page="",
        doi="",
        pmid="",
        abstract=work.abstract[60:],
        year=work.year - 1 - elsewhere,
        journal=society if elsewhere else work.journal,
        abbreviation=f"Proc {society.split()[3]} Soc"
        if elsewhere
        else work.abbreviation,
    )
    first = printed(spoken, chance, 1, issue=f"Suppl {chance.randrange(1, 4)}")
    return [first, *(replace(row, one=0) for row in some(work, chance, 3))]


def parts(work: Work, chance: SeededRandom) -> Group:
    """Return two records of part I, and one of part II in the same journal."""
    work = with_pages(work)
    base = work.title.split(":")[0]
    numerals = chance.choice((("I", "II"), ("1", "2"), ("one", "two")))
    last = int(work.last_page)
    second = replace(
        work,
        first_page=str(last + 1),
        last_page=str(last + 11),
        doi=f"{work.doi}.2" if work.doi else "",
        pmid=str(int(work.pmid) + 1) if work.pmid else "",
        abstract=work.abstract[90:],
    )
    one = replace(work, title=f"{base}. Part {numerals[0]}")
    two = replace(second, title=f"{base}. Part {numerals[1]}")
    return [printed(one, chance, 0), printed(one, chance, 0), printed(two, chance, 1)]


def yearly(work: Work, chance: SeededRandom) -> Group:
    """Return reports of two or three years with one title and the same authors."""
    work = with_pages(work)
    title = f"{work.title.split(':')[0]}: annual report"
    group = []
    # A half of such reports has no volume and no pages.
    is_report = chance.hit(0.5)
    for place in range(chance.randrange(2, 4)):
        year = place * (1 + is_report)
        first = int(work.first_page) + 40 * year
        report = replace(
            work,
            title=title,
            year=work.year + year,
            volume=str(int(work.volume) + year),
            first_page=str(first),
            last_page=str(first + 12),
            doi=f"{work.doi}.y{year}" if work.doi else "",
            pmid=str(int(work.pmid) + year) if work.pmid else "",
            abstract="" if year else work.abstract,
        )
        if is_report:
            report = replace(report, volume="", issue="", first_page="", last_page="")
            report = replace(report, doi="", pmid="")
        group.append(printed(report, chance, place, title=title))
    return group


def erratum(work: Work, chance: SeededRandom) -> Group:
    """Return an article with its erratum, comment or reply."""
    work = with_pages(work)
    head = chance.choice(
        (
            "Erratum to: ",
            "Correction to: ",
            "Corrigendum: ",
            "Comment on: ",
            "Reply to: ",
        )
    )
    first = int(work.first_page) + 300
    about = replace(
        work,
        title=f"{head}{work.title}",
        first_page=str(first),
        last_page="",
        issue=str(int(work.issue or 1) + 1),
        doi=f"{work.doi}.e" if work.doi else "",
        pmid=str(int(work.pmid) + 3) if work.pmid else "",
        abstract="",
    )
    article = [replace(row, one=0) for row in some(work, chance, 3)]
    return [*article, printed(about, chance, 1, title=about.title)]


def sister_papers(work: Work, chance: SeededRandom) -> Group:
    """Return two papers of one study; their titles differ in one word."""
    work = with_pages(work)
    one, other = chance.choice(
        (
            ("women", "men"),
            ("parents", "children"),
            ("rural", "urban"),
            ("six", "twelve"),
        )
    )
    head = work.title.split(":")[0]
    found = []
    for place, word in enumerate((one, other)):
        what = "months" if word in {"six", "twelve"} else "services"
        paper = replace(
            work,
            title=f"{head} in {word} {what}",
            issue=str(int(work.issue or 1) + place),
            first_page=str(int(work.first_page) + place * 30),
            last_page=str(int(work.last_page) + place * 30),
            doi=f"{work.doi}.s{place}" if work.doi else "",
            pmid=str(int(work.pmid) + place * 7) if work.pmid else "",
            abstract=work.abstract[place * 120 :],
        )
        found += [printed(paper, chance, place) for _ in range(2 - place)]
    return found


def generic(work: Work, chance: SeededRandom) -> Group:
    """Return editorials or similar items of several issues of a journal."""
    work = with_pages(work)
    title = chance.choice(
        (
            "Editorial",
            "Book reviews",
            "Letters to the editor",
            "News and notes",
            "In this issue",
        )
    )
    group = []
    for issue in range(chance.randrange(2, 5)):
        item = replace(
            work,
            title=title,
            issue=str(issue + 1),
            first_page=str(1 + 90 * issue),
            last_page=str(2 + 90 * issue),
            doi=f"{work.doi}.g{issue}" if work.doi else "",
            pmid="",
            abstract="",
        )
        group.append(printed(item, chance, issue, title=title, issue=item.issue))
    return group


def reprint(work: Work, chance: SeededRandom) -> Group:
    """Return a paper and its reprint in another journal, four years later."""
    work = with_pages(work)
    again = replace(
        work,
        journal=f"Selected Readings in {work.journal.split()[-1]} (invented)",
        abbreviation=f"Sel Read {work.journal.split()[-1]}",
        volume=str(chance.randrange(1, 9)),
        first_page=str(int(work.first_page) + 55),
        last_page=str(int(work.last_page) + 57),
        doi="",
        pmid="",
        issn="0000-0094",
    )
    first = printed(work, chance, 0)
    return [first, replace(printed(again, chance, 1), year=work.year + 4)]


def preprint(work: Work, chance: SeededRandom) -> Group:
    """Return a preprint and its article, which are separate by default."""
    work = with_pages(work)
    early = replace(
        work,
        journal="medRxiv",
        abbreviation="medRxiv",
        volume="",
        issue="",
        first_page=f"{work.year}.03.04.99{work.number % 10_000:06d}",
        last_page="",
        doi=f"10.5555/{work.year}.03.04.99{work.number % 10_000:06d}",
        pmid="",
        issn="",
    )
    doi = early.doi
    first = printed(early, chance, 1, doi=doi, journal="medRxiv")
    return [first, printed(replace(work, year=work.year + 1), chance, 0)]


def two_reviews(work: Work, chance: SeededRandom) -> Group:
    """Return two Cochrane reviews with one title and two numbers."""
    group = []
    for place in range(2):
        number = f"CD98{work.number % 5_000 + 5_000 * place:04d}"
        review = replace(work, volume="", issue="4", first_page=number, last_page="")
        review = replace(
            review,
            journal="Cochrane Database of Systematic Reviews",
            abbreviation="Cochrane Database Syst Rev",
            doi=f"10.5555/14651858.{number}",
            pmid="",
            abstract="",
        )
        group.append(printed(review, chance, place, pages=number))
    return group


def two_trials(work: Work, chance: SeededRandom) -> Group:
    """Return two trials of a register with one title and two numbers."""
    group = []
    for place in range(2):
        number = f"NCT099{work.number % 50_000 + 50_000 * place:05d}"
        entry = replace(
            work, journal="ClinicalTrials.gov", abbreviation="ClinicalTrials.gov"
        )
        entry = replace(entry, volume="", issue="", first_page="", last_page="")
        entry = replace(entry, doi="", pmid="", issn="", abstract="")
        title = f"{work.title} ({number})"
        group.append(printed(entry, chance, place, title=title))
    return group


def one_page(work: Work, chance: SeededRandom) -> Group:
    """Return two short items of one author on one page with different titles."""
    work = with_pages(work)
    other = replace(work, doi="", pmid="", abstract="")
    page = work.first_page
    title = translated(work, chance)
    return [
        printed(replace(work, doi="", pmid=""), chance, 0, pages=page),
        printed(other, chance, 1, pages=page, title=title.split(":")[0]),
    ]


def short_titles(work: Work, chance: SeededRandom) -> Group:
    """Return two papers with one title of two words and few other values."""
    title = chance.choice(("Peer support", "Shared care", "Home visits", "Night work"))
    group = []
    for place in range(2):
        item = replace(work, title=title, first_page="", last_page="", doi="", pmid="")
        row = printed(item, chance, place, title=title, abstract="", issue="")
        group.append(replace(row, authors="" if place else row.authors, volume=""))
    return group


def title_alone(work: Work, chance: SeededRandom) -> Group:
    """Return two yearly reports, and a title alone that fits both."""
    first, second, *_ = yearly(work, chance)
    typed = Row(2, first.title, "", 0, *[""] * 8)
    return [first, second, typed]
