"""Samples of CSV of databases and registers; the demo has writers for two of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from reviewapp.demo.dialects_csv import scholar_table, scopus_table
from reviewapp.demo.source_variants import family_and_given, initials
from reviewapp.demo.work import Work
from tests.sample_data.ris_databases import NOTICE
from tests.sample_data.works import (
    Entry,
    Sample,
    articles,
    bare,
    columns,
    erratum,
    glued,
    pages,
    seen,
    wanted,
)

BOM = "\ufeff"
EMPTY = object()
"""An empty cell with quotes."""


def samples() -> Iterator[Sample]:
    yield google_scholar()
    yield scopus_csv()
    yield pubmed_summary()
    yield cochrane()
    yield ebsco_ase()
    yield embase()
    yield clinical_trials()


def quoted(rows: Iterable[Sequence[object]]) -> str:
    """Return CSV with quotes around every text; None is an empty cell without them."""
    text = ""
    for row in rows:
        cells = (
            '""' if c is EMPTY
            else "" if c is None
            else c.raw if isinstance(c, Raw)
            else '"' + str(c).replace('"', '""') + '"'
            for c in row
        )  # fmt: skip
        text += ",".join(cells) + "\n"
    return text


class Raw:
    """A cell that is printed without quotes, such as ``="19326203"``."""

    def __init__(self, raw: str) -> None:
        self.raw = raw


def plain(rows: Iterable[Sequence[object]], end: str = "\n") -> str:
    """Return CSV with quotes only where they are needed."""
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows(rows)
    return out.getvalue()


def google_scholar() -> Sample:
    works = articles(11, 19)
    text = scholar_table([seen(work, "scholar", doi="", abstract="") for work in works])
    return Sample(
        "google-scholar.csv",
        text.encode(),
        "csv",
        [
            wanted(
                work,
                authors=[name.replace(".", "") for name in work.authors],
                doi=None,
                abstract_prefix=None,
            )
            for work in works
        ],
        "Google Scholar",
        "utf-8-bom",
        difficulties='"; " after the last author; neither DOI nor abstract',
    )


def scopus_csv() -> Sample:
    works = articles(4, 12)
    text = scopus_table([seen(work, "scopus") for work in works])
    # Longer than the limit that Python's csv module sets for a cell.
    cited = "; ".join(f"Reader R., Work {n} on care, (2015)" for n in range(4_000))
    text = text.replace('"",""', f'"","{cited}"', 1)
    return Sample(
        "scopus.csv",
        text.encode(),
        "csv",
        [
            wanted(
                work,
                pmid=work.pmid,
                accession=f"2-s2.0-999{work.number * 10 + 1:08d}",
                keywords_equals=list(work.keywords),
            )
            for work in works
        ],
        "Scopus",
        "utf-8-bom",
        difficulties="46 columns; two columns of authors; a cell of more letters than "
        "Python's csv module allows",
    )


def pubmed_summary() -> Sample:
    works = articles(14, 28)
    header = (
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,"
        "Create Date,PMCID,NIHMS ID,DOI\n"
    )
    rows: list[Sequence[object]] = []
    records: list[Entry] = []
    for work in works:
        people = [glued(name) for name in work.authors]
        place = f"{work.volume}({work.issue}):{pages(work)}"
        rows.append(
            (
                *(work.pmid, work.title, ", ".join(people) + "."),
                f"{work.abbreviation}. {work.year} Feb;{place}. doi: {work.doi}. "
                f"Epub {work.year} Jan 25.",
                *(people[0], work.abbreviation, work.year, f"{work.year}/03/30"),
                *(f"PMC9{work.number}", EMPTY, work.doi),
            )
        )
        records.append(
            wanted(
                work,
                authors=people,
                journal=work.abbreviation,
                pmid=work.pmid,
                abstract_prefix=None,
                volume=...,
                issue=...,
                pages=...,
            )
        )
    return Sample(
        "pubmed-summary.csv",
        (BOM + header + quoted(rows)).encode(),
        "csv",
        records,
        "PubMed",
        "utf-8-bom",
        difficulties="no abstracts; a full stop after the authors; the journal's "
        "abbreviation; the header without quotes",
    )


def cochrane() -> Sample:
    works = articles(0, 3)
    header = (
        "CENTRAL ID,Author(s),Title,Source,Year,Abstract,Volume,Issue,Pages,"
        "Database Name,PubMed ID,Embase ID,CTgov ID,CINAHL ID,ICTRP ID,"
        "Publication Type,Keywords,DOI,URL,Cochrane Review Group Code\n"
    )
    rows: list[Sequence[object]] = []
    records: list[Entry] = []
    for rank, work in enumerate(works, start=3):
        number = f"CN-{work.number * 10:08d}"
        spread = pages(work).replace("-", "‐")
        people = [bare(name) for name in work.authors]
        rows.append(
            (
                *(number, "; ".join(people), work.title, work.journal, work.year),
                *(work.abstract.replace("-", "‐"), work.volume, work.issue, spread),
                "Cochrane Central Register of Controlled Trials (CENTRAL)",
                f"PUBMED {work.pmid}",
                f"EMBASE 64{rank:07d}" if rank > 3 else None,
                *(EMPTY, EMPTY, EMPTY, "Journal article"),
                "; ".join(("*Care [methods]", *work.keywords)),
                work.doi,
                f"https://www.example.org/central/doi/10.1002/central/{number}/full",
                "Common Mental Disorders" if rank == 3 else None,
            )
        )
        records.append(
            wanted(
                work,
                authors=people,
                pages=spread,
                pmid=work.pmid,
                accession=number,
                abstract_prefix=work.abstract.replace("-", "‐")[:80],
            )
        )
    return Sample(
        "cochrane-central.csv",
        (header + quoted(rows)).encode(),
        "csv",
        records,
        "CENTRAL / Cochrane Library",
        difficulties="PubMed, Embase and register numbers in columns of their own, with "
        "a word before them; the header without quotes",
    )


def ebsco_ase() -> Sample:
    works = articles(10, 18)
    header = (
        "Article Title,Author,Journal Title,ISSN,ISBN,Publication Date,Volume,Issue,"
        "First Page,Page Count,Accession Number,DOI,Publisher,Doctype,Subjects,"
        "Keywords,Abstract,PLink\n"
    )
    rows: list[Sequence[object]] = []
    records: list[Entry] = []
    for rank, work in enumerate(works):
        number = f"99{work.number * 10 + 1:07d}"
        date = f"{work.year}" if rank == 5 else f"4/3/{work.year}"
        link = f"https://search.example.org/login.aspx?direct=true&db=aph&AN={number}"
        rows.append(
            (
                *(f"{work.title}.", "; ".join(work.authors), work.journal),
                Raw(f'="{work.issn.replace("-", "")}"'),
                *(None, Raw(f'="{date}"'), work.volume, work.issue, work.first_page),
                *("14", number, work.doi, work.publisher, "Article"),
                "; ".join(word.upper() for word in work.keywords[:3]),
                "; ".join(work.keywords),
                f"{work.abstract} [ABSTRACT FROM AUTHOR] "
                + NOTICE.format(journal=work.journal),
                link,
            )
        )
        records.append(
            wanted(
                work,
                accession=number,
                abstract_end=f"{work.abstract[-40:]} [ABSTRACT FROM AUTHOR]",
                pages=...,
            )
        )
    return Sample(
        "ebsco-ase.csv",
        (header + quoted(rows)).encode(),
        "csv",
        records,
        "EBSCOhost",
        difficulties='ISSN and date are formulas (="19326203"); the date is '
        "month/day/year or a year alone; a notice after the abstract",
    )


def embase() -> Sample:
    works = articles(6, 18)
    works[7] = replace(erratum(works[1]), number=works[7].number)
    header = columns(
        "Title,Original Title,Author Names,Author Addresses,Correspondence Address,"
        "Editors,AiP/IP Entry Date,Full Record Entry Date,Source,Source title,"
        "Publication Year,Volume,Issue,First Page,Last Page,Date of Publication,"
        "Publication Type,Conference Name,Conference Location,Conference Date,"
        "Conference Editors,ISSN,ISBN,Book Publisher,Abstract,Original Abstract,"
        "Author Keywords,Emtree Drug Index Terms (Major Focus),Emtree Drug Index Terms,"
        "Emtree Medical Index Terms (Major Focus),Emtree Medical Index Terms,"
        "Drug Tradenames,Drug Manufacturer,Device Tradenames,Device Manufacturer,"
        "CAS Registry Numbers,Molecular Sequence Numbers,Embase Classification,"
        "Clinical Trial Numbers,Article Language,Summary Language,Embase Accession ID,"
        "Medline PMID,PUI,DOI,Full Text Link,Embase Link,Open URL Link,Copyright"
    )
    rows: list[Sequence[object]] = []
    records: list[Entry] = []
    for work in works:
        number = f"L29{work.number * 10 + 1:08d}"
        people = [f"{f} {initials(g)}" for f, g in map(family_and_given, work.authors)]
        spread = f"({pages(work)})" if work.first_page else ""
        cells: dict[str, object] = {
            "Title": work.title,
            "Author Names": ", ".join(people),
            "Author Addresses": f"({people[0]}, r@example.org) Example University. , ",
            "Editors": EMPTY,
            "Full Record Entry Date": f"{work.year}-07-01",
            "Source": f"{work.journal} ({work.year}) {work.volume}:{work.issue} {spread}",
            "Source title": work.journal,
            "Publication Year": work.year,
            "Volume": work.volume,
            "Issue": work.issue or None,
            "First Page": work.first_page,
            "Last Page": work.last_page or None,
            "Date of Publication": f"21 Jun {work.year}",
            "Publication Type": "Article" if work.abstract else "Erratum",
            "ISSN": f"{work.issn} (electronic)",
            "Abstract": work.abstract,
            "Original Abstract": EMPTY,
            "Author Keywords": ", ".join(work.keywords[:2]),
            "Emtree Medical Index Terms": "adult, article, human",
            "Clinical Trial Numbers": EMPTY,
            "Article Language": "English",
            "Medline PMID": Raw(work.pmid),
            "PUI": Raw(number),
            "DOI": Raw(work.doi),
            "Full Text Link": f"http://dx.doi.org/{work.doi}",
            "Embase Link": f"https://www.example.org/search/results?id={number}",
        }
        rows.append([cells.get(name) for name in header])
        records.append(wanted(work, authors=people, pmid=work.pmid, accession=number))
    preamble = f'"SEARCH QUERY","peer NEAR/3 support"\n{"-" * 37}\n\n'
    return Sample(
        "embase-com.csv",
        (preamble + quoted([header, *rows])).encode(),
        "csv",
        records,
        "Embase / embase.com",
        warnings=("preamble-skipped",),
        difficulties='three lines before the header; authors as "Yang Z., Jiang B.": a '
        "comma between people, none inside a name",
    )


def clinical_trials() -> Sample:
    header = columns(
        "NCT Number,Study Title,Study Status,Conditions,Interventions,Sponsor,"
        "Collaborators,Study Type,Start Date,Primary Completion Date,Completion Date"
    )
    rows: list[Sequence[object]] = [header]
    records: list[Entry] = []
    for rank, work in enumerate(articles(36, 42)):
        number = f"NCT99{work.number}"
        start = f"January {work.year}" if rank % 2 else f"September 20, {work.year}"
        start = "" if rank == 5 else start
        rows.append(
            (
                *(number, _trial_title(work), "RECRUITING", "Depression"),
                "BEHAVIORAL: peer support|OTHER: usual care",
                *("Example University Hospital, Oslo", "", "INTERVENTIONAL", start),
                *(f"June 1, {work.year + 2}", f"September {work.year + 2}"),
            )
        )
        records.append(
            {
                "title": _trial_title(work),
                "authors": [],
                "year": work.year if start else None,
                "doi": None,
                "abstract_prefix": None,
                "accession": number,
            }
        )
    return Sample(
        "clinicaltrials-gov.csv",
        plain(rows).encode(),
        "csv",
        records,
        "ClinicalTrials.gov",
        difficulties="no authors, abstract or DOI; the year is that of the start, in "
        "two forms; the NCT number; one trial without a start",
    )


def _trial_title(work: Work) -> str:
    return f"A Trial of Peer Support: {work.title}"
